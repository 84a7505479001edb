"""The coordinator’s spreadsheets: what each line would do, what was done of it, and how to take it back.

The file itself is never kept: it is read while it arrives, columns of social security numbers are refused with it, and its
lines alone are stored, for the time said below.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Now
from django.db.models.lookups import Regex
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.nir import NIR_PATTERN, REFUSAL
from schools.models import School
from trainees.models.people import Trainee

# The lines hold what the school typed of people: they go, the head of the import stays as a trace.
LINES_KEPT_FOR = timedelta(days=30)
LIFE = [
    ("mapping", "checking"), ("mapping", "expired"), ("checking", "ready"), ("checking", "failed"), ("ready", "checking"),
    ("ready", "applying"), ("ready", "expired"), ("applying", "applied"), ("applied", "undoing"), ("undoing", "undone"),
]  # fmt: skip


def without_nir(name: str, texts: tuple[str, ...], lists: tuple[str, ...] = ()) -> models.CheckConstraint:
    """Refuse a social security number in these columns; `lists` hold JSON, read as it is written."""
    condition = Q()
    for column in texts:
        condition &= ~Q(**{f"{column}__regex": NIR_PATTERN})
    for column in lists:
        condition &= ~Q(Regex(Cast(column, models.TextField()), NIR_PATTERN))
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=REFUSAL)


class TraineeImport(ChecksAtOnce, models.Model):
    """One spreadsheet of a school and what becomes of it. The file is not kept.

    Retention: the head is kept (who created which records, from which file); its lines go after LINES_KEPT_FOR.
    """

    class Status(models.TextChoices):
        MAPPING = "mapping", "Colonnes à vérifier"
        CHECKING = "checking", "En vérification"
        READY = "ready", "À relire"
        APPLYING = "applying", "En cours d’import"
        APPLIED = "applied", "Importé"
        UNDOING = "undoing", "En cours d’annulation"
        UNDONE = "undone", "Annulé"
        FAILED = "failed", "Interrompu"
        EXPIRED = "expired", "Périmé"

    UNDER_WAY = (Status.CHECKING, Status.APPLYING, Status.UNDOING)

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="trainee_imports")
    file_name = models.CharField("fichier", max_length=200)
    titles = models.JSONField("titres des colonnes", default=list)
    # The number of a column, as text, to the name of what it holds.
    mapping = models.JSONField("colonnes retenues", default=dict)
    trial_weeks = models.PositiveSmallIntegerField("période d’essai, en semaines", default=6)
    records_arrivals = models.BooleanField("enregistrer l’arrivée", default=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="déposé par", on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("déposé le", db_default=Now())
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="importé par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="annulé par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField("terminé le", null=True)

    status = models.CharField("état", max_length=10, choices=Status, default=Status.MAPPING)
    failure = models.TextField("raison de l’échec", blank=True)
    lines_read = models.PositiveIntegerField("lignes du fichier", default=0)
    queued_at = models.DateTimeField("mis en file le", db_default=Now())
    claim = models.UUIDField("prise en charge", null=True)
    claimed_at = models.DateTimeField("pris en charge le", null=True)
    attempts = models.PositiveSmallIntegerField("essais sans progrès", default=0)
    figures = models.JSONField("bilan", default=dict)

    class Meta:
        verbose_name = "import de stagiaires"
        verbose_name_plural = "imports de stagiaires"
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(fields=["school", "-requested_at", "-id"], name="trainee_import_by_school"),
            models.Index(
                fields=["queued_at"], condition=Q(status__in=["checking", "applying", "undoing"]),
                name="trainee_import_to_watch",
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "mapping", "checking", "ready", "applying", "applied", "undoing", "undone", "failed", "expired"
                    ]
                ),
                name="trainee_import_status_known",
            ),
            models.CheckConstraint(
                condition=Q(claim=None, claimed_at=None)
                | Q(claim__isnull=False, claimed_at__isnull=False, status__in=["checking", "applying", "undoing"]),
                name="trainee_import_claim_under_way",
            ),
            models.CheckConstraint(
                condition=Q(applied_by=None) ^ Q(status__in=["applying", "applied", "undoing", "undone"]),
                name="trainee_import_applied_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(undone_by=None) ^ Q(status__in=["undoing", "undone"]), name="trainee_import_undone_by_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(failure=""), name="trainee_import_failure_says_why"
            ),
            models.CheckConstraint(
                condition=Q(trial_weeks__range=(1, 26)), name="trainee_import_trial_weeks",
                violation_error_message="La période d’essai dure de 1 à 26 semaines.",
            ),
            without_nir("trainee_import_without_nir", ("file_name", "failure"), ("titles",)),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in("mapping"),
            triggers.follows(LIFE),
            triggers.frozen_columns(
                "public_id", "school_id", "file_name", "titles", "requested_by_id", "requested_at", name="asked_once"
            ),
            triggers.frozen_columns(
                "mapping", "trial_weeks", "records_arrivals", name="settled_once_applied",
                when_sql="OLD.status NOT IN ('mapping', 'ready')",
            ),
            triggers.never_deleted(),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.file_name} ({self.requested_at:%d/%m/%Y})"

    def get_absolute_url(self) -> str:
        return reverse("trainees:import", args=[self.public_id])

    @property
    def is_under_way(self) -> bool:
        return self.status in self.UNDER_WAY


class TraineeImportLine(models.Model):
    """One line of the file: what it says, what it would do, what was done, what was taken back.

    `cells` are its texts, one per column, without any social security number. `made` names the rows the line wrote, so that
    they alone are taken back. Retention: LINES_KEPT_FOR after its import was asked for.
    """

    class Action(models.TextChoices):
        CREATE = "create", "Création"
        COMPLETE = "complete", "Complétée"
        UNCHANGED = "unchanged", "Laissée telle quelle"
        REFUSED = "refused", "Refusée"

    class Outcome(models.TextChoices):
        DONE = "done", "Importée"
        REFUSED = "refused", "Non importée"
        UNDONE = "undone", "Annulée"
        KEPT = "kept", "Gardée"

    TO_APPLY = (Action.CREATE, Action.COMPLETE)

    owner = models.ForeignKey(TraineeImport, verbose_name="import", on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField("ligne")
    cells = models.JSONField("cellules", default=list)
    # Titles of the columns where a social security number was found, and erased.
    erased = models.JSONField("colonnes effacées", default=list)
    # Empty until the line is checked.
    action = models.CharField("action", max_length=10, choices=Action, blank=True)
    name = models.CharField("personne", max_length=210, blank=True)
    key = models.CharField("rapprochement", max_length=260, blank=True)
    reason = models.TextField("remarque", blank=True)
    changes = models.JSONField("changements", default=list)
    outcome = models.CharField("résultat", max_length=10, choices=Outcome, blank=True)
    told = models.TextField("raison", blank=True)
    trainee = models.ForeignKey(
        Trainee, verbose_name="stagiaire", null=True, on_delete=models.SET_NULL, related_name="import_lines"
    )
    made = models.JSONField("écrit par cette ligne", default=dict)

    class Meta:
        verbose_name = "ligne d’un import de stagiaires"
        verbose_name_plural = "lignes d’un import de stagiaires"
        ordering = ["number"]
        indexes = [
            models.Index(fields=["owner", "number"], condition=Q(action=""), name="trainee_line_to_check"),
            models.Index(
                fields=["owner", "number"], condition=Q(outcome="", action__in=["create", "complete"]),
                name="trainee_line_to_apply",
            ),
            models.Index(fields=["owner", "number"], condition=Q(outcome="done"), name="trainee_line_to_undo"),
            models.Index(fields=["owner", "key"], name="trainee_line_by_key"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="trainee_line_once"),
            models.CheckConstraint(
                condition=Q(action__in=["", "create", "complete", "unchanged", "refused"]), name="trainee_line_action_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="")
                | Q(outcome__in=["done", "refused", "undone", "kept"], action__in=["create", "complete"]),
                name="trainee_line_outcome_of_what_is_applied",
            ),
            models.CheckConstraint(condition=~Q(action="refused") | ~Q(reason=""), name="trainee_line_refusal_says_why"),
            models.CheckConstraint(
                condition=~Q(outcome__in=["refused", "kept"]) | ~Q(told=""), name="trainee_line_not_done_says_why"
            ),
            without_nir(
                "trainee_line_without_nir", ("name", "key", "reason", "told"), ("cells", "erased", "changes")
            ),
        ]  # fmt: skip
        triggers = [
            triggers.frozen_columns("owner_id", "number", "cells", "erased"),
            triggers.frozen_columns("action", "reason", "changes", when_sql="OLD.outcome <> ''", name="plan_once_applied"),
            triggers.frozen_columns("outcome", "told", when_sql="OLD.outcome IN ('refused', 'undone', 'kept')", name="outcome_once"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Ligne {self.number}"


class RememberedColumn(models.Model):
    """What a school said once of a column of its spreadsheets, by its title. Retention: kept; it holds nothing of a person.

    An empty `field` remembers that the column is left aside.
    """

    school = models.ForeignKey(School, verbose_name="école", on_delete=models.CASCADE, related_name="+")
    title = models.CharField("titre, sans accents", max_length=200)
    field = models.CharField("contenu", max_length=30, blank=True)

    class Meta:
        verbose_name = "colonne retenue"
        verbose_name_plural = "colonnes retenues"
        constraints = [
            models.UniqueConstraint(fields=["school", "title"], name="remembered_column_once"),
            without_nir("remembered_column_without_nir", ("title",)),
        ]

    def __str__(self) -> str:
        return self.title
