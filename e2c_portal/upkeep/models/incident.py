"""What stopped, since when and until when; and the last time that somebody looked."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Incident(models.Model):
    """Something that stops work, from the moment it was noticed to the last one at which it was seen.

    `kind` names its words (upkeep.incidents_words); `reason` is what the thing itself said, in French. It names nobody.
    Retention: deleted a year after its end.
    """

    kind = models.CharField("panne", max_length=40)
    opened_at = models.DateTimeField("depuis le", db_default=Now())
    seen_at = models.DateTimeField("vue pour la dernière fois le", db_default=Now())
    closed_at = models.DateTimeField("terminée le", null=True, blank=True)
    count = models.PositiveIntegerField("choses arrêtées, au plus", default=0)
    reason = models.TextField("raison", blank=True)

    class Meta:
        verbose_name = "panne"
        verbose_name_plural = "pannes"
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["-opened_at"], name="incident_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(closed_at=None), name="incident_open_once"),
        ]

    def __str__(self) -> str:
        return self.kind


class Pulse(models.Model):
    """The last moment at which a watcher looked: a long silence means that it was stopped, or its machine was.

    Retention: one row for each watcher, kept; that of a process of the pages goes with it, or a week after its last sign.
    """

    watcher = models.CharField("veilleur", max_length=40, primary_key=True)
    at = models.DateTimeField("a regardé le", db_default=Now())

    class Meta:
        verbose_name = "veille"
        verbose_name_plural = "veilles"

    def __str__(self) -> str:
        return self.watcher
