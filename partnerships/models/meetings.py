"""The steering committee of a convention (comité de suivi): its meetings, and who must do what by when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from e2c_portal.kernel import triggers
from partnerships.models.conventions import PartnershipConvention


class SteeringMeeting(models.Model):
    """A meeting, held or to come. Retention: with its convention."""

    convention = models.ForeignKey(
        PartnershipConvention, verbose_name="convention", on_delete=models.PROTECT, related_name="meetings"
    )
    held_on = models.DateField("date")
    place = models.CharField("lieu", max_length=150, blank=True)
    attendees = models.TextField("présents", blank=True, help_text="Une personne par ligne : nom, qualité.")
    minutes = models.TextField("compte rendu", blank=True)
    revision = models.PositiveIntegerField("révision", default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="créée par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créée le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "réunion de suivi"
        verbose_name_plural = "réunions de suivi"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "held_on"], name="meeting_once_a_day",
                violation_error_message="Une réunion de suivi est déjà enregistrée à cette date pour cette convention.",
            ),
        ]  # fmt: skip
        triggers = [triggers.frozen_columns("convention_id", name="place_settled"), triggers.never_deleted()]

    def __str__(self) -> str:
        return f"Comité de suivi du {self.held_on:%d/%m/%Y}"


class MeetingAction(models.Model):
    """What somebody promised at a meeting. Late when its day has passed and nobody said it was done. Retention: with its meeting."""

    meeting = models.ForeignKey(SteeringMeeting, on_delete=models.CASCADE, related_name="actions")
    position = models.PositiveSmallIntegerField("ordre")
    description = models.CharField("action", max_length=300)
    who = models.CharField("qui", max_length=150)
    due_on = models.DateField("pour le")
    done_on = models.DateField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "action décidée"
        verbose_name_plural = "actions décidées"
        ordering = ["position"]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on=None), name="action_to_do")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="action_position_once", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return self.description
