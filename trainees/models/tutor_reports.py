"""What the tutors of internships report of presences, by their personal link."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.nir import NIR_PATTERN, REFUSAL
from e2c_portal.kernel.workflow import State
from partnerships.models import CompanyContact
from schools.models import School
from trainees.models.attendance import Half
from trainees.models.internships import Internship
from trainees.models.people import refuse_nir_in

REPORTED, CONFIRMED, SET_ASIDE = "reported", "confirmed", "set_aside"
REPORT_STATES = {
    REPORTED: State("À confirmer", "Le tuteur l’a signalé ; l’école ne l’a pas encore noté.", "warning"),
    CONFIRMED: State("Noté", "L’école l’a noté dans les présences.", "success"),
    SET_ASIDE: State("Écarté", "L’école ne l’a pas retenu.", "neutral"),
}
TOLD_ONCE = (
    "public_id",
    "internship_id",
    "school_id",
    "contact_id",
    "kind",
    "day",
    "halves",
    "late_minutes",
    "note",
    "reported_at",
)
REPORT_OF_INTERNSHIP = pgtrigger.Trigger(
    name="report_of_its_internship",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("i", "trainees_internship%ROWTYPE")],
    func="SELECT * INTO i FROM trainees_internship WHERE id = NEW.internship_id; "
    "IF i.school_id <> NEW.school_id OR NEW.day < i.starts_on OR NEW.day > i.last_day THEN "
    "RAISE EXCEPTION 'Ce jour n’est pas un jour de ce stage.' USING ERRCODE = 'check_violation'; END IF; "
    "IF NEW.day > (now() AT TIME ZONE 'Europe/Paris')::date THEN RAISE EXCEPTION 'Ce jour est à venir.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)  # fmt: skip


class TutorReport(ChecksAtOnce, models.Model):
    """What a tutor says of a trainee's presence by their link: it waits for the school, which notes it or sets it aside.

    Retention: with the half-days of its internship.
    """

    class Kind(models.TextChoices):
        ABSENCE = "absence", "Absence"
        LATENESS = "lateness", "Retard"

    class Halves(models.TextChoices):
        MORNING = "am", "Matin"
        AFTERNOON = "pm", "Après-midi"
        DAY = "day", "Toute la journée"

    # Given by the page that reports: sent twice, it is written once.
    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="tutor_reports")
    internship = models.ForeignKey(Internship, verbose_name="stage", on_delete=models.PROTECT, related_name="reports")
    contact = models.ForeignKey(
        CompanyContact, verbose_name="signalé par", on_delete=models.PROTECT, related_name="attendance_reports"
    )
    kind = models.CharField("signalement", max_length=8, choices=Kind)
    day = models.DateField("jour")
    halves = models.CharField("moment", max_length=3, choices=Halves)
    late_minutes = models.PositiveSmallIntegerField("retard, en minutes", null=True, blank=True)
    note = models.CharField("ce que dit le tuteur", max_length=500, blank=True)
    reported_at = models.DateTimeField("signalé le", db_default=Now(), editable=False)
    status = models.CharField(
        "état", max_length=10, default=REPORTED, editable=False,
        choices=[(name, state.label) for name, state in REPORT_STATES.items()],
    )  # fmt: skip
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="décidé par", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        editable=False,
    )  # fmt: skip
    decided_at = models.DateTimeField("décidé le", null=True, blank=True, editable=False)
    reason = models.CharField("motif", max_length=250, blank=True, editable=False)

    class Meta:
        verbose_name = "signalement d’un tuteur"
        verbose_name_plural = "signalements des tuteurs"
        ordering = ["-reported_at", "-pk"]
        indexes = [
            models.Index(fields=["school", "-reported_at"], name="report_by_school"),
            models.Index(fields=["school", "day"], condition=Q(status="reported"), name="report_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(REPORT_STATES)), name="report_status_known"),
            models.CheckConstraint(
                condition=Q(kind="lateness", halves__in=["am", "pm"]) | Q(kind="absence", late_minutes=None),
                name="report_lateness_of_a_half_day",
                violation_error_message="Un retard est celui d’un matin ou d’un après-midi.",
            ),
            models.CheckConstraint(
                condition=Q(late_minutes=None) | Q(late_minutes__range=(1, 600)), name="report_lateness_possible",
                violation_error_message="Indiquez le retard en minutes, 600 au plus.",
            ),
            models.CheckConstraint(
                condition=Q(status="reported", decided_by=None, decided_at=None)
                | ~Q(status="reported") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="report_decided_by_somebody",
                violation_error_message="La suite donnée à ce signalement dit qui l’a donnée et quand : rechargez la "
                "page, puis recommencez.",
            ),
            models.CheckConstraint(
                condition=~Q(status="set_aside") | ~Q(reason=""), name="report_set_aside_says_why",
                violation_error_message="Écrivez pourquoi ce signalement n’est pas retenu.",
            ),
            models.CheckConstraint(
                condition=~Q(note__regex=NIR_PATTERN) & ~Q(reason__regex=NIR_PATTERN), name="report_without_nir",
                violation_error_message=REFUSAL,
            ),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(REPORTED),
            triggers.follows([(REPORTED, CONFIRMED), (REPORTED, SET_ASIDE)]),
            triggers.frozen_columns(*TOLD_ONCE, name="told_once"),
            triggers.never_deleted(),
            REPORT_OF_INTERNSHIP,
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.day:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:report", args=[self.pk])

    @property
    def state(self) -> State:
        return REPORT_STATES[self.status]

    @property
    def half_days_told(self) -> list[str]:
        """The half-days it speaks of: one, or both of the day."""
        return list(Half.values) if self.halves == self.Halves.DAY else [self.halves]

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "note", "reason")
