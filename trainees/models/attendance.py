"""Presence by half-day: who was where, what excuses an absence, and the days on which the school is closed.

A month once frozen takes no more writes (models.statements): the triggers here ask for its lock, so that a freezing and a
writing never cross each other.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.nir import NIR_PATTERN, REFUSAL
from schools.models import School
from trainees.models.attendance_guards import DAY_OF_PATHWAY, FROZEN_MONTH
from trainees.models.internships import Internship
from trainees.models.parameters import DateRange
from trainees.models.pathways import Pathway
from trainees.models.people import Trainee


class Half(models.TextChoices):
    MORNING = "am", "Matin"
    AFTERNOON = "pm", "Après-midi"


class Place(models.TextChoices):
    SCHOOL = "school", "À l’école"
    COMPANY = "company", "En entreprise"


class Presence(models.TextChoices):
    """What is noted of a half-day. An absence is justified or not; a leave was granted beforehand."""

    PRESENT = "present", "Présent"
    LATE = "late", "En retard"
    ABSENT = "absent", "Absent"
    LEAVE = "leave", "Absence autorisée"


THERE = (Presence.PRESENT, Presence.LATE)


class AbsenceProof(models.Model):
    """A paper that justifies one absence or several half-days of it. It may tell of health: read by the school's team alone.

    Retention: with the half-days it justifies, then erased with the file of the trainee.
    """

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="+")
    trainee = models.ForeignKey(
        Trainee, verbose_name="stagiaire", on_delete=models.PROTECT, related_name="absence_proofs"
    )
    file = models.CharField("fichier", max_length=200, editable=False)
    mime = models.CharField("format", max_length=40, editable=False)
    sha256 = models.CharField("empreinte", max_length=64, editable=False)
    size = models.PositiveIntegerField("taille en octets", editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="reçu par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    received_at = models.DateTimeField("reçu le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "justificatif d’absence"
        verbose_name_plural = "justificatifs d’absence"
        constraints = [
            models.CheckConstraint(
                condition=~Q(file="") & Q(size__gt=0),
                name="absence_proof_has_a_file",
                violation_error_message="Ce justificatif n’a pas été gardé : choisissez de nouveau son fichier.",
            )
        ]
        triggers = [triggers.immutable()]

    def __str__(self) -> str:
        return f"Justificatif n° {self.pk}"


class AttendanceHalfDay(ChecksAtOnce, models.Model):
    """One half-day of one trainee. `minutes` is what was expected of it when it was noted, `late_minutes` what was missed.

    Retention: with its pathway; the sealed monthly statement keeps what the funder needs.
    """

    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="half_days")
    pathway = models.ForeignKey(Pathway, verbose_name="parcours", on_delete=models.PROTECT, related_name="half_days")
    trainee = models.ForeignKey(Trainee, verbose_name="stagiaire", on_delete=models.PROTECT, related_name="half_days")
    internship = models.ForeignKey(
        Internship, verbose_name="stage", null=True, blank=True, on_delete=models.PROTECT, related_name="half_days"
    )
    day = models.DateField("jour")
    half = models.CharField("demi-journée", max_length=2, choices=Half)
    place = models.CharField("lieu", max_length=7, choices=Place)
    state = models.CharField("présence", max_length=7, choices=Presence)
    minutes = models.PositiveSmallIntegerField("durée attendue, en minutes")
    late_minutes = models.PositiveSmallIntegerField("retard, en minutes", null=True, blank=True)
    justified = models.BooleanField("justifiée", null=True, blank=True)
    reason = models.CharField("motif", max_length=250, blank=True)
    proof = models.ForeignKey(
        AbsenceProof,
        verbose_name="justificatif",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="half_days",
    )
    revision = models.PositiveSmallIntegerField("révision", default=1, db_default=1, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="noté par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField("noté le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "demi-journée de présence"
        verbose_name_plural = "demi-journées de présence"
        ordering = ["day", "half", "pk"]
        indexes = [
            models.Index(fields=["school", "day"], name="half_day_by_school"),
            models.Index(fields=["trainee", "-day"], name="half_day_by_trainee"),
            models.Index(
                fields=["school", "-day", "-id"], condition=Q(state="absent"), name="half_day_absent",
            ),
            models.Index(
                fields=["school", "-day", "-id"], condition=Q(state="absent", justified=None), name="half_day_to_justify",
            ),
            # The rows behind a figure of one school, latest first.
            models.Index(fields=["school", "id"], name="half_day_in_order"),
            # The network reads all schools at once, the latest first.
            models.Index(fields=["-day", "-id"], condition=Q(state="absent"), name="half_day_absent_anywhere"),
            models.Index(fields=["internship", "state"], condition=Q(internship__isnull=False), name="half_day_in_company"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "day", "half"], name="half_day_once",
                violation_error_message="Cette demi-journée est déjà notée.",
            ),
            models.CheckConstraint(
                condition=Q(half__in=Half.values, place__in=Place.values, state__in=Presence.values),
                name="half_day_words_known",
                violation_error_message="Choisissez une des réponses proposées pour cette demi-journée.",
            ),
            models.CheckConstraint(
                condition=Q(place="company", internship__isnull=False) | Q(place="school", internship=None),
                name="half_day_in_company_is_of_an_internship",
                violation_error_message="Une demi-journée en entreprise est celle d’un stage, et elle seule.",
            ),
            models.CheckConstraint(
                condition=Q(state="absent") | Q(justified=None), name="half_day_only_an_absence_is_justified",
                violation_error_message="Seule une absence se justifie.",
            ),
            models.CheckConstraint(
                condition=Q(state="late") | Q(late_minutes=None), name="half_day_minutes_of_a_lateness",
                violation_error_message="Une durée de retard suppose un retard.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(1, 720)) & (Q(late_minutes=None) | Q(late_minutes__range=(1, F("minutes")))),
                name="half_day_minutes_possible",
                violation_error_message="Le retard ne peut pas dépasser la demi-journée.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["absent", "leave"]) | Q(proof=None), name="half_day_proof_of_an_absence",
                violation_error_message="Un justificatif se joint à une absence.",
            ),
            models.CheckConstraint(
                condition=~Q(justified=True) | ~Q(reason=""), name="half_day_justified_has_a_reason",
                violation_error_message="Une absence justifiée a un motif.",
            ),
            models.CheckConstraint(
                condition=~Q(reason__regex=NIR_PATTERN), name="half_day_without_nir", violation_error_message=REFUSAL
            ),
        ]  # fmt: skip
        triggers = [FROZEN_MONTH, DAY_OF_PATHWAY]

    def __str__(self) -> str:
        return f"{self.get_half_display()} du {self.day:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:absence", args=[self.pk])

    @property
    def done_minutes(self) -> int:
        """The minutes of presence: nothing for an absence, the half-day less the lateness otherwise."""
        return self.minutes - (self.late_minutes or 0) if self.state in THERE else 0


class SchoolClosure(models.Model):
    """Days when a school is closed: nobody is expected there. Internships go on by their own schedule. Retention: kept."""

    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="closures")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    label = models.CharField("raison", max_length=100, help_text="Par exemple : congés de fin d’année.")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="noté par", on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "fermeture de l’école"
        verbose_name_plural = "fermetures de l’école"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="closure_ends_after_it_starts",
                violation_error_message="La fermeture ne peut pas finir avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                condition=~Q(label="") & ~Q(label__regex=NIR_PATTERN), name="closure_has_a_label",
                violation_error_message="Dites en quelques mots pourquoi l’école est fermée.",
            ),
            ExclusionConstraint(
                name="closure_once",
                expressions=[
                    ("school", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Une autre fermeture est notée à ces dates.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.label}, du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"
