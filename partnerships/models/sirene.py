"""The imports of Sirene extracts: what a file would change here, line by line, then what was done of it."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from partnerships.models.companies import Company, Establishment

# The lines hold data of companies that are perhaps no partners: they go, the head of the import stays as a trace.
LINES_KEPT_FOR = timedelta(days=90)
LIFE = [
    ("reading", "ready"), ("reading", "failed"), ("ready", "applying"), ("ready", "expired"), ("applying", "applied"),
]  # fmt: skip


class SireneImport(ChecksAtOnce, models.Model):
    """One file and what becomes of it. The file itself goes as soon as it is read.

    Retention: the head is kept (who changed the records, from which file); its lines go after LINES_KEPT_FOR.
    """

    class Status(models.TextChoices):
        READING = "reading", "En lecture"
        READY = "ready", "À vérifier"
        APPLYING = "applying", "En application"
        APPLIED = "applied", "Appliqué"
        FAILED = "failed", "Illisible"
        EXPIRED = "expired", "Périmé"

    class Scope(models.TextChoices):
        KNOWN = "known", "Mettre à jour les entreprises et établissements connus, seulement"
        PLACES = "places", "Ajouter aussi les établissements ouverts des entreprises connues"
        ALL = "all", "Créer aussi les entreprises que le portail ne connaît pas"

    UNDER_WAY = (Status.READING, Status.APPLYING)

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField("fichier", max_length=200)
    file = models.CharField("clé de stockage", max_length=200, blank=True)
    scope = models.CharField("étendue", max_length=10, choices=Scope, default=Scope.KNOWN)
    replaces_names = models.BooleanField("remplacer les noms déjà saisis", default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="déposé par", on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("déposé le", db_default=Now())
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="appliqué par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField("terminé le", null=True)

    status = models.CharField("état", max_length=10, choices=Status, default=Status.READING)
    failure = models.TextField("raison de l’échec", blank=True)
    queued_at = models.DateTimeField("mis en file le", db_default=Now())
    claim = models.UUIDField("prise en charge", null=True)
    claimed_at = models.DateTimeField("pris en charge le", null=True)
    attempts = models.PositiveSmallIntegerField("essais sans progrès", default=0)
    lines_read = models.PositiveIntegerField("lignes lues", default=0)
    percent_read = models.PositiveSmallIntegerField("part lue, en pour cent", default=0)
    left_aside = models.PositiveIntegerField("lignes laissées de côté", default=0)
    figures = models.JSONField("bilan", default=dict)

    class Meta:
        verbose_name = "import Sirene"
        verbose_name_plural = "imports Sirene"
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(
                fields=["queued_at"], condition=Q(status__in=["reading", "applying"]), name="sirene_import_to_watch"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["reading", "ready", "applying", "applied", "failed", "expired"]),
                name="sirene_import_status_known",
            ),
            models.CheckConstraint(condition=Q(scope__in=["known", "places", "all"]), name="sirene_import_scope_known"),
            models.CheckConstraint(
                condition=~Q(file="") & Q(status="reading") | Q(file="") & ~Q(status="reading"),
                name="sirene_file_only_while_read",
            ),
            models.CheckConstraint(
                condition=Q(claim=None, claimed_at=None)
                | Q(claim__isnull=False, claimed_at__isnull=False, status__in=["reading", "applying"]),
                name="sirene_claim_under_way",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["applying", "applied"], applied_by__isnull=False)
                | Q(applied_by=None) & ~Q(status__in=["applying", "applied"]),
                name="sirene_applied_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(status="failed") | ~Q(failure=""), name="sirene_failure_says_why"),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in("reading"),
            triggers.follows(LIFE),
            triggers.frozen_columns(
                "public_id",
                "file_name",
                "scope",
                "replaces_names",
                "requested_by_id",
                "requested_at",
                name="asked_once",
            ),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.requested_at:%d/%m/%Y})"

    def get_absolute_url(self) -> str:
        return reverse("companies:sirene_import", args=[self.public_id])

    @property
    def is_under_way(self) -> bool:
        return self.status in self.UNDER_WAY


class SireneImportLine(ChecksAtOnce, models.Model):
    """What one line of the file would change. `changes` is {"place.address": [before, after]}, all as text.

    Nothing that partial diffusion hides is kept here. Retention: LINES_KEPT_FOR after its import was asked for.
    """

    class Action(models.TextChoices):
        CREATE = "create", "Création"
        UPDATE = "update", "Mise à jour"
        CLOSE = "close", "Fermeture"
        UNCHANGED = "unchanged", "Sans changement"
        REFUSED = "refused", "Refusée"

    class Outcome(models.TextChoices):
        DONE = "done", "Appliquée"
        REFUSED = "refused", "Non appliquée"

    TO_APPLY = (Action.CREATE, Action.UPDATE, Action.CLOSE)

    owner = models.ForeignKey(SireneImport, verbose_name="import", on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField("ligne")
    siren = models.CharField("SIREN", max_length=20, blank=True)
    siret = models.CharField("SIRET", max_length=20, blank=True)
    company = models.ForeignKey(
        Company, verbose_name="entreprise", null=True, on_delete=models.PROTECT, related_name="+"
    )
    place = models.ForeignKey(
        Establishment, verbose_name="établissement", null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField("action", max_length=10, choices=Action)
    reason = models.CharField("remarque", max_length=300, blank=True)
    changes = models.JSONField("changements", default=dict)
    outcome = models.CharField("résultat", max_length=10, choices=Outcome, blank=True)
    told = models.CharField("raison", max_length=300, blank=True)

    class Meta:
        verbose_name = "ligne d’un import Sirene"
        verbose_name_plural = "lignes d’un import Sirene"
        ordering = ["number"]
        indexes = [
            models.Index(
                fields=["owner", "number"],
                condition=Q(outcome="", action__in=["create", "update", "close"]),
                name="sirene_line_to_apply",
            ),
            models.Index(fields=["owner", "siren"], name="sirene_line_by_siren"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="sirene_line_once"),
            models.CheckConstraint(
                condition=Q(action__in=["create", "update", "close", "unchanged", "refused"]), name="sirene_action_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=["done", "refused"], action__in=["create", "update", "close"]),
                name="sirene_outcome_of_what_is_applied",
            ),
            models.CheckConstraint(
                condition=Q(action="refused") & ~Q(reason="") | ~Q(action="refused"), name="sirene_refusal_says_why"
            ),
            models.CheckConstraint(condition=~Q(outcome="refused") | ~Q(told=""), name="sirene_not_done_says_why"),
        ]  # fmt: skip
        triggers = [
            triggers.frozen_columns("owner_id", "number", "siren", "siret", "action", "reason", "changes"),
            triggers.frozen_columns("outcome", "told", when_sql="OLD.outcome <> ''", name="outcome_once"),
        ]

    def __str__(self) -> str:
        return f"Ligne {self.number}"
