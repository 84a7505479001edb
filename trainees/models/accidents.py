"""Accidents of trainees, at school, in company or on the way: the file, its legal clock, its declaration.

In training the school declares (code de la sécurité sociale, R412-5; code du travail, R6342-3), within 48 hours, Sundays and
public holidays not counted (R441-3). In PMSMP the host tells the school, which passes it on (code du travail, D5135-5).
"""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.nir import NIR_PATTERN, REFUSAL
from e2c_portal.kernel.workflow import State
from partnerships.models import CompanyContact
from schools.models import School
from trainees.models.internships import Internship
from trainees.models.pathways import Pathway
from trainees.models.people import Trainee, refuse_nir_in

TO_DECLARE, DECLARED, SET_ASIDE = "to_declare", "declared", "set_aside"
STATES = {
    TO_DECLARE: State("À déclarer", "L’accident est connu ; sa déclaration n’est pas encore partie.", "danger"),
    DECLARED: State("Déclaré", "La déclaration est partie ; sa référence est notée.", "success"),
    SET_ASIDE: State("Sans suite", "Ce n’était pas un accident à déclarer ; le motif est noté.", "neutral"),
}
TEXTS = (
    "place_words",
    "activity",
    "circumstances",
    "witnesses",
    "injuries",
    "declaration_reference",
    "reason",
    "passed_on_to",
)
SAME_PERSON = pgtrigger.Trigger(
    name="accident_of_this_person",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("school_id", "trainee_id", "pathway_id", "internship_id"),
    declare=[("p", "trainees_pathway%ROWTYPE")],
    func="SELECT * INTO p FROM trainees_pathway WHERE id = NEW.pathway_id; "
    "IF (p.trainee_id, p.school_id) IS DISTINCT FROM (NEW.trainee_id, NEW.school_id) OR (NEW.internship_id IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM trainees_internship i WHERE i.id = NEW.internship_id AND i.pathway_id = NEW.pathway_id)) THEN "
    "RAISE EXCEPTION 'Ce parcours ou ce stage n’est pas celui de cette personne.' USING ERRCODE = 'check_violation'; END IF; "
    "RETURN NEW;",
)
DECLARED_COLUMNS = (
    "school_id", "trainee_id", "pathway_id", "internship_id", "occurred_at", "known_at", "deadline_at", "place", "regime",
    "place_words", "activity", "circumstances", "witnesses", "injuries", "status", "declared_at", "declaration_reference",
    "declared_by_id",
)  # fmt: skip


class AccidentReport(ChecksAtOnce, models.Model):
    """The file of one accident. Injuries in plain words, never a diagnosis; read by the team of the school alone, each time traced.

    Retention: the time the law keeps the declaration, with the pathway's file; the durations are to be fixed by the Région.
    """

    class Place(models.TextChoices):
        SCHOOL = "school", "À l’école"
        COMPANY = "company", "En entreprise"
        WAY = "way", "Sur le trajet"

    # Given by the page that reports: sent twice, it is written once.
    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="accidents")
    trainee = models.ForeignKey(Trainee, verbose_name="stagiaire", on_delete=models.PROTECT, related_name="accidents")
    pathway = models.ForeignKey(Pathway, verbose_name="parcours", on_delete=models.PROTECT, related_name="accidents")
    internship = models.ForeignKey(
        Internship, verbose_name="stage", null=True, blank=True, on_delete=models.PROTECT, related_name="accidents"
    )
    regime = models.CharField("régime", max_length=10, choices=Internship.Regime, editable=False)
    place = models.CharField("lieu", max_length=7, choices=Place)
    occurred_at = models.DateTimeField("survenu le")
    victim_told_at = models.DateTimeField("signalé par la victime le", null=True, blank=True)
    host_knew_at = models.DateTimeField("connu de l’entreprise le", null=True, blank=True)
    known_at = models.DateTimeField("connu de l’école le")
    deadline_at = models.DateTimeField("à déclarer au plus tard le", editable=False)
    place_words = models.CharField("endroit précis", max_length=250)
    activity = models.CharField("activité au moment de l’accident", max_length=250, blank=True)
    circumstances = models.TextField("ce qui s’est passé")
    witnesses = models.CharField("témoins", max_length=250, blank=True)
    injuries = models.CharField(
        "blessures apparentes", max_length=250, blank=True, help_text="Avec des mots simples, jamais un diagnostic."
    )
    passed_on_to = models.CharField("transmis à", max_length=200, blank=True)
    passed_on_at = models.DateTimeField("transmis le", null=True, blank=True)
    status = models.CharField(
        "état", max_length=10, default=TO_DECLARE, editable=False,
        choices=[(name, state.label) for name, state in STATES.items()],
    )  # fmt: skip
    declared_at = models.DateTimeField("déclaré le", null=True, blank=True)
    declaration_reference = models.CharField("référence de la déclaration", max_length=100, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="déclaré par", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        editable=False,
    )  # fmt: skip
    proof = models.CharField("accusé de réception", max_length=200, blank=True, editable=False)
    proof_mime = models.CharField("format", max_length=40, blank=True, editable=False)
    proof_sha256 = models.CharField("empreinte", max_length=64, blank=True, editable=False)
    proof_size = models.PositiveIntegerField("taille en octets", null=True, blank=True, editable=False)
    reason = models.CharField("motif du classement", max_length=250, blank=True, editable=False)
    reported_by_contact = models.ForeignKey(
        CompanyContact, verbose_name="signalé par", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        editable=False,
    )  # fmt: skip
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="noté par", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        editable=False,
    )  # fmt: skip
    recorded_at = models.DateTimeField("noté le", db_default=Now(), editable=False)
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = "accident"
        verbose_name_plural = "accidents"
        ordering = ["-occurred_at", "-pk"]
        indexes = [
            models.Index(fields=["school", "-occurred_at"], name="accident_by_school"),
            models.Index(fields=["deadline_at"], condition=Q(status="to_declare"), name="accident_to_declare"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(STATES)), name="accident_status_known"),
            models.CheckConstraint(
                condition=Q(known_at__gte=F("occurred_at")), name="accident_known_after_it_happened",
                violation_error_message="L’école ne peut pas avoir connu l’accident avant qu’il survienne.",
            ),
            models.CheckConstraint(
                condition=(Q(victim_told_at=None) | Q(victim_told_at__gte=F("occurred_at")))
                & (Q(host_knew_at=None) | Q(host_knew_at__gte=F("occurred_at"))),
                name="accident_told_after_it_happened",
                violation_error_message="Un accident se signale après être survenu : vérifiez les heures.",
            ),
            models.CheckConstraint(
                condition=Q(deadline_at__gt=F("known_at")), name="accident_deadline_after_known",
                violation_error_message="L’heure limite vient après celle où l’accident est connu : vérifiez la date "
                "et l’heure.",
            ),
            models.CheckConstraint(
                condition=Q(place="company", internship__isnull=False) | ~Q(place="company"),
                name="accident_in_company_is_of_an_internship",
                violation_error_message="Un accident en entreprise est celui d’un stage : choisissez lequel.",
            ),
            models.CheckConstraint(
                condition=Q(status="declared", declared_at__gte=F("occurred_at"), declared_by__isnull=False)
                & ~Q(declaration_reference="")
                | ~Q(status="declared") & Q(declared_at=None, declared_by=None, declaration_reference=""),
                name="accident_declared_says_when",
                violation_error_message="Une déclaration a une date, après l’accident, et une référence.",
            ),
            models.CheckConstraint(
                condition=Q(status="set_aside") & ~Q(reason="") | ~Q(status="set_aside") & Q(reason=""),
                name="accident_set_aside_says_why",
                violation_error_message="Écrivez pourquoi il n’y a pas lieu de déclarer.",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=False, reported_by_contact=None)
                | Q(recorded_by=None, reported_by_contact__isnull=False),
                name="accident_told_by_one_person",
                violation_error_message="Un accident est noté par une personne de l’école ou signalé par "
                "l’entreprise, pas par les deux : rechargez la page, puis recommencez.",
            ),
            models.CheckConstraint(
                condition=Q(passed_on_at=None, passed_on_to="") | Q(passed_on_at__isnull=False) & ~Q(passed_on_to=""),
                name="accident_passed_on_to_somebody",
                violation_error_message="Dites à qui l’accident a été transmis, et quand.",
            ),
            *[
                models.CheckConstraint(
                    condition=~Q(**{f"{name}__regex": NIR_PATTERN}), name=f"accident_{name}_without_nir"[:60],
                    violation_error_message=REFUSAL,
                )
                for name in TEXTS
            ],
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(TO_DECLARE),
            triggers.follows([(TO_DECLARE, DECLARED), (TO_DECLARE, SET_ASIDE), (SET_ASIDE, TO_DECLARE)]),
            triggers.frozen_columns(
                *DECLARED_COLUMNS,
                when_sql="OLD.status = 'declared'", name="declared_for_good",
            ),
            triggers.frozen_columns("public_id", "reported_by_contact_id", "recorded_by_id", "recorded_at", name="told_once"),
            triggers.never_deleted(),
            SAME_PERSON,
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Accident {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:accident", args=[self.pk])

    @property
    def reference(self) -> str:
        """The lasting name of the file: AC-2026-000012."""
        return f"AC-{self.occurred_at.year}-{self.pk:06d}"

    @property
    def state(self) -> State:
        return STATES[self.status]

    @property
    def is_open(self) -> bool:
        return self.status == TO_DECLARE

    @property
    def is_pmsmp(self) -> bool:
        return self.regime == Internship.Regime.PMSMP

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, *TEXTS)
