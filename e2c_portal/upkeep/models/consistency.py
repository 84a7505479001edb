"""The checks of each night: when they ran, how far they went, what they found and when it was mended."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from e2c_portal.kernel import triggers


class Run(models.Model):
    """One passage of all the checks, by night or asked for. Retention: ninety days after it is over.

    `not_finished` names the checks that could not end in their time; what they would have closed stays open.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "En attente"
        RUNNING = "running", "En cours"
        DONE = "done", "Terminé"
        STOPPED = "stopped", "Interrompu"

    UNDER_WAY = (Status.WAITING, Status.RUNNING)

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="demandé par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField("demandé le", db_default=Now())
    status = models.CharField("état", max_length=10, choices=Status, default=Status.WAITING)
    share = models.PositiveSmallIntegerField("part du jour")
    done = models.PositiveSmallIntegerField("contrôles faits", default=0)
    total = models.PositiveSmallIntegerField("contrôles à faire", default=0)
    after = models.CharField("où reprendre", max_length=300, blank=True)
    not_finished = models.JSONField("contrôles interrompus", default=list)
    claim = models.UUIDField("prise en charge", null=True)
    moved_at = models.DateTimeField("dernier signe", db_default=Now())
    attempts = models.PositiveSmallIntegerField("reprises", default=0)
    ended_at = models.DateTimeField("terminé le", null=True)

    class Meta:
        verbose_name = "passage des contrôles"
        verbose_name_plural = "passages des contrôles"
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["ended_at"], name="upkeep_run_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "running", "done", "stopped"]), name="upkeep_run_status_known"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="upkeep_run_progress"),
            models.CheckConstraint(
                condition=Q(status__in=["done", "stopped"], ended_at__isnull=False)
                | Q(status__in=["waiting", "running"], ended_at=None),
                name="upkeep_run_over_has_an_end",
            ),
            # The same answer for every row under way: the database lets one be there.
            models.UniqueConstraint(
                models.Value(1), condition=Q(status__in=["waiting", "running"]), name="upkeep_run_one_under_way"
            ),
        ]
        triggers = [
            triggers.follows(
                [("waiting", "running"), ("running", "done"), ("running", "stopped"), ("waiting", "stopped")]
            ),
        ]

    def __str__(self) -> str:
        return f"Contrôles du {self.asked_at:%d/%m/%Y}"

    @property
    def is_under_way(self) -> bool:
        return self.status in self.UNDER_WAY


class Finding(models.Model):
    """One thing that a check found wrong. Closed by the run that no longer finds it. Retention: a year after it is closed.

    `subject` names the record ("app.model:id") or the stored file; the sentence is French and names nobody.
    """

    check_name = models.CharField("contrôle", max_length=40)
    subject = models.CharField("objet", max_length=250)
    sentence = models.CharField("constat", max_length=400)
    first_seen_at = models.DateTimeField("vu la première fois le", db_default=Now())
    last_seen_at = models.DateTimeField("vu la dernière fois le", db_default=Now())
    # The passage that saw it last: what it no longer sees is closed, whatever the clock does meanwhile.
    passage = models.PositiveBigIntegerField("dernier passage")
    closed_at = models.DateTimeField("réglé le", null=True)

    class Meta:
        verbose_name = "anomalie"
        verbose_name_plural = "anomalies"
        ordering = ["-first_seen_at", "-pk"]
        indexes = [
            models.Index(fields=["check_name", "first_seen_at"], condition=Q(closed_at=None), name="upkeep_finding_open"),
            models.Index(fields=["-closed_at"], condition=Q(closed_at__isnull=False), name="upkeep_finding_closed"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["check_name", "subject"], condition=Q(closed_at=None), name="upkeep_finding_open_once"
            ),
            models.CheckConstraint(
                condition=~Q(check_name="") & ~Q(subject="") & ~Q(sentence=""), name="upkeep_finding_is_said"
            ),
            models.CheckConstraint(condition=Q(last_seen_at__gte=F("first_seen_at")), name="upkeep_finding_in_order"),
        ]
        triggers = [
            triggers.frozen_columns("check_name", "subject", "first_seen_at"),
            triggers.frozen_columns("closed_at", when_sql="OLD.closed_at IS NOT NULL", name="closed_for_good"),
        ]

    def __str__(self) -> str:
        return self.sentence
