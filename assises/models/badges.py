"""The sheets of badges that were asked for: for whom, and how many. The badges themselves are a sealed document."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from assises.models.editions import Edition
from assises.models.registrations import Registration
from e2c_portal.kernel import triggers


class BadgeSheet(models.Model):
    """One set of sheets of badges, or the reprint of one person. It is the subject of the document that prints them.

    The tickets are never kept: they are worked out when the document is made. Retention: with its edition.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="badge_sheets")
    registration = models.ForeignKey(
        Registration, verbose_name="inscription", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    label = models.CharField("pour qui", max_length=200)
    people = models.PositiveSmallIntegerField("badges")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="demandée par", on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("demandée le", db_default=Now())

    class Meta:
        verbose_name = "planche de badges"
        verbose_name_plural = "planches de badges"
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(people__gt=0), name="badge_sheet_of_somebody")]
        triggers = [triggers.immutable()]

    def __str__(self) -> str:
        return self.label
