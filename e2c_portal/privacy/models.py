"""What the data officer decides and asks for: legal holds, notices before an erasure, access files."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from e2c_portal.kernel import triggers


class LegalHold(models.Model):
    """Nothing of a record goes while it is held: a person, or one record such as a sealed document.

    `subject` names the record as "app.model:id". It says who put it, why, until when. Retention: kept, it names nobody.
    """

    subject = models.CharField("objet", max_length=120)
    reason = models.CharField("motif", max_length=250)
    until = models.DateField("jusqu’au", null=True, blank=True, help_text="Vide : jusqu’à ce que le gel soit levé.")
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="posé par", on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField("posé le", db_default=Now())
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="levé par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField("levé le", null=True)
    lift_reason = models.CharField("motif de la levée", max_length=250, blank=True)

    class Meta:
        verbose_name = "gel"
        verbose_name_plural = "gels"
        ordering = ["-placed_at", "-pk"]
        # Those in force first, then the last lifted: the order of the list.
        indexes = [models.Index(fields=["-lifted_at", "-placed_at", "-id"], name="hold_by_moment")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="hold_says_why"),
            models.CheckConstraint(condition=Q(subject__regex=r"^[a-z_]+\.[a-z_]+:[0-9a-f-]+$"), name="hold_names_a_record"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason=""),
                name="hold_lifted_says_why",
            ),
            models.UniqueConstraint(fields=["subject"], condition=Q(lifted_at=None), name="hold_once_at_a_time"),
        ]  # fmt: skip
        triggers = [
            triggers.frozen_columns("subject", "reason", "until", "placed_by_id", "placed_at"),
            triggers.frozen_columns(
                "lifted_by_id", "lifted_at", "lift_reason", when_sql="OLD.lifted_at IS NOT NULL", name="lifted_for_good"
            ),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.subject} : {self.reason}"


class ErasureNotice(models.Model):
    """Those concerned were told that a file will be erased, and from which day. Retention: with the file, then as the removal says.

    One notice a file: it lapses when the file is used again meanwhile.
    """

    subject = models.CharField("objet", max_length=120, unique=True)
    given_at = models.DateTimeField("donné le", db_default=Now())
    due_on = models.DateField("effacement à partir du")
    told = models.PositiveSmallIntegerField("personnes prévenues")

    class Meta:
        verbose_name = "préavis d’effacement"
        verbose_name_plural = "préavis d’effacement"
        indexes = [models.Index(fields=["due_on"], name="erasure_notice_by_day")]

    def __str__(self) -> str:
        return f"{self.subject} {self.due_on:%d/%m/%Y}"


class AccessFile(models.Model):
    """Everything the portal holds about one person, as one ZIP. Made by a job; it expires and is deleted with its file.

    Retention: the file seven days; the row a year, without any name (who produced it stays in the trail).
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "En attente"
        BUILDING = "building", "En fabrication"
        READY = "ready", "Prêt"
        FAILED = "failed", "En échec"
        EXPIRED = "expired", "Expiré"

    UNDER_WAY = (Status.QUEUED, Status.BUILDING)

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField("objet", max_length=120)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="demandé par", on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField("demandé le", db_default=Now())
    status = models.CharField("état", max_length=10, choices=Status, default=Status.QUEUED)
    queued_at = models.DateTimeField("mis en file le", db_default=Now())
    claim = models.UUIDField("prise en charge", null=True)
    claimed_at = models.DateTimeField("pris en charge le", null=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    done = models.PositiveIntegerField("fait", default=0)
    total = models.PositiveIntegerField("à faire", default=0)
    file = models.CharField("fichier", max_length=200, blank=True)
    size = models.PositiveBigIntegerField("taille en octets", default=0)
    sha256 = models.CharField("empreinte", max_length=64, blank=True)
    expires_at = models.DateTimeField("remis jusqu’au", null=True)
    failure = models.TextField("difficulté", blank=True)

    class Meta:
        verbose_name = "dossier d’accès"
        verbose_name_plural = "dossiers d’accès"
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["subject", "-asked_at"], name="access_file_by_subject"),
            models.Index(
                fields=["queued_at"], condition=Q(status__in=["queued", "building"]), name="access_file_to_make"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["queued", "building", "ready", "failed", "expired"]), name="access_file_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="ready", expires_at__isnull=False) & ~Q(file="") | ~Q(status="ready") & Q(file=""),
                name="access_file_ready_has_a_file",
            ),
            models.CheckConstraint(condition=~Q(status="failed") | ~Q(failure=""), name="access_file_failure_says_why"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="access_file_progress"),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(status__in=["queued", "building"]), name="access_file_one_under_way",
                violation_error_message="Un dossier d’accès de cette personne est déjà en cours.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Dossier d’accès du {self.asked_at:%d/%m/%Y}"

    @property
    def is_under_way(self) -> bool:
        return self.status in self.UNDER_WAY
