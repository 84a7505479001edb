"""The tripartite agreement of an internship (convention de stage), its versions and its amendments.

Never to be confused with a partnership convention (partnerships.models).
"""

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel import triggers
from e2c_portal.kernel.models import StateMove
from e2c_portal.kernel.nir import NIR_PATTERN, REFUSAL
from e2c_portal.kernel.workflow import State
from e2c_portal.signing.lookups import completed_envelope
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.rules import signed_by_all
from trainees.life import agreements as life
from trainees.models.internships import Internship
from trainees.models.nir import without_nir

AGREEMENT_KIND, AMENDMENT_KIND = "internship_agreement", "internship_amendment"

OF_A_SIGNED_AGREEMENT = pgtrigger.Trigger(
    name="of_a_signed_agreement",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("reached", "text")],
    func="SELECT status INTO reached FROM trainees_internshipagreement WHERE id = NEW.agreement_id FOR SHARE; "
    "IF reached <> 'signed' THEN RAISE EXCEPTION 'Seule une convention de stage signée se modifie par avenant.' "
    "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
)


class InternshipAgreement(models.Model):
    """One version of the agreement. What it prints is frozen in its document when it is put to signature.

    Retention: five years after its signature.
    """

    internship = models.ForeignKey(
        Internship, verbose_name="stage", on_delete=models.PROTECT, related_name="agreements"
    )
    version = models.PositiveSmallIntegerField("version")
    # Copied when put to signature, so that the database can say by itself whether the last signature came late.
    starts_on = models.DateField("premier jour du stage", null=True, blank=True, editable=False)
    signed_on = models.DateField("signée le", null=True, blank=True, editable=False)
    late_reason = models.CharField("motif de la signature tardive", max_length=250, blank=True)
    host_reply = models.TextField("corrections proposées par l’entreprise", blank=True, editable=False)
    host_replied_at = models.DateTimeField("relue par l’entreprise le", null=True, blank=True, editable=False)
    status = models.CharField(
        "état", max_length=20, default=life.DRAFT, editable=False,
        choices=[(name, state.label) for name, state in life.STATES.items()],
    )  # fmt: skip
    moves_made = models.PositiveIntegerField("étapes franchies", default=0, db_default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="créée par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créée le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "convention de stage"
        verbose_name_plural = "conventions de stage"
        ordering = ["-version"]
        indexes = [
            # The list of the agreements signed late: few among all those signed.
            models.Index(
                fields=["internship"],
                condition=Q(status=life.SIGNED, signed_on__gt=F("starts_on")),
                name="agreement_signed_late",
            ),
            # What waits for signatures, counted every day: few among all those signed.
            models.Index(fields=["internship"], condition=Q(status=life.TO_SIGN), name="agreement_to_sign"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(life.STATES)), name="agreement_status_known"),
            models.UniqueConstraint(fields=["internship", "version"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["internship"], condition=~Q(status=life.LAPSED), name="agreement_one_living",
                violation_error_message="Ce stage a déjà une convention en cours.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[life.TO_SIGN, life.SIGNED]) | Q(starts_on__isnull=False),
                name="agreement_knows_its_first_day",
                violation_error_message="Une convention à signer a un premier jour : indiquez les dates du stage.",
            ),
            models.CheckConstraint(
                condition=~Q(status=life.SIGNED) | Q(signed_on__isnull=False), name="agreement_signed_has_a_date",
                violation_error_message="Une convention signée a une date de signature : indiquez-la.",
            ),
            models.CheckConstraint(
                condition=~Q(status=life.SIGNED) | Q(signed_on__lte=F("starts_on")) | ~Q(late_reason=""),
                name="agreement_late_says_why",
                violation_error_message="La dernière signature vient après le premier jour du stage : dites pourquoi.",
            ),
            models.CheckConstraint(
                condition=~Q(host_reply__regex=NIR_PATTERN) & ~Q(late_reason__regex=NIR_PATTERN),
                name="agreement_without_nir", violation_error_message=REFUSAL,
            ),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.DRAFT),
            triggers.follows(life.AGREEMENT_LIFE.pairs()),
            triggers.counts_its_moves(),
            triggers.leaves_a_move("trainees_agreementmove", "agreement_id"),
            triggers.frozen_columns("internship_id", "version", name="place_settled"),
            triggers.frozen_columns(
                "signed_on", "starts_on", when_sql="OLD.status = 'signed'", name="signature_settled"
            ),
            triggers.never_deleted(),
            signed_by_all(AGREEMENT_KIND, "trainees.internshipagreement"),
        ]

    def __str__(self) -> str:
        return f"Convention de stage {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:internship", args=[self.internship_id])

    @property
    def school_id(self) -> int:
        return self.internship.school_id

    @property
    def reference(self) -> str:
        """The internship's reference and the version: ST-2026-000123/1."""
        return f"{self.internship.reference}/{self.version}"

    @property
    def state(self) -> State:
        return life.STATES[self.status]

    @property
    def is_late(self) -> bool:
        """Say whether the last signature came after the first day of the internship."""
        return bool(self.signed_on and self.starts_on and self.signed_on > self.starts_on)

    def signed_envelope(self) -> Envelope | None:
        """Return the envelope that everybody signed, None before."""
        return completed_envelope(AGREEMENT_KIND, subject_of(self))


class AgreementMove(StateMove):
    """One step in the life of an internship agreement. Retention: with its agreement."""

    agreement = models.ForeignKey(InternshipAgreement, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        verbose_name = "étape d’une convention de stage"
        verbose_name_plural = "étapes des conventions de stage"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "rank"], name="agreement_move_once"),
            without_nir("agreement_move_without_nir", "reason"),
        ]
        triggers = [
            triggers.follows_a_change("trainees_agreementmove", "trainees_internshipagreement", "agreement_id"),
            triggers.immutable(),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.target}"


class AgreementAmendment(models.Model):
    """What a signed agreement becomes (avenant), by type. Applied to the internship when everybody signed.

    A suspension or a rupture protects the trainee: it takes effect when the school records it, and its amendment is signed after.
    Retention: with its agreement.
    """

    class Kind(models.TextChoices):
        DATES = "dates", "Dates"
        SCHEDULE = "schedule", "Horaires"
        PLACE = "place", "Lieu"
        TUTOR = "tutor", "Tuteur"
        ACTIVITIES = "activities", "Activités"
        SUSPENSION = "suspension", "Suspension"
        RUPTURE = "rupture", "Rupture"

    agreement = models.ForeignKey(
        InternshipAgreement, verbose_name="convention de stage", on_delete=models.PROTECT, related_name="amendments"
    )
    number = models.PositiveSmallIntegerField("numéro")
    kind = models.CharField("objet", max_length=12, choices=Kind)
    reason = models.CharField("motif", max_length=250)
    effective_on = models.DateField("prend effet le")
    # What changes, as plain values: {"ends_on": {"before": "2026-12-04", "after": "2026-12-11"}}.
    changes = models.JSONField("changements", default=dict)
    signed_on = models.DateField("signé le", null=True, blank=True, editable=False)
    applied_in = models.BigIntegerField("appliqué dans", null=True, blank=True, editable=False)
    status = models.CharField(
        "état", max_length=20, default=life.DRAFT, editable=False,
        choices=[(name, state.label) for name, state in life.AMENDMENT_STATES.items()],
    )  # fmt: skip
    moves_made = models.PositiveIntegerField("étapes franchies", default=0, db_default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="créé par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créé le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "avenant à une convention de stage"
        verbose_name_plural = "avenants aux conventions de stage"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(life.AMENDMENT_STATES)), name="agreement_amendment_status_known"
            ),
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_amendment_number_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(status__in=[life.DRAFT, life.TO_SIGN]), name="agreement_amendment_one_open",
                violation_error_message="Un avenant est déjà ouvert pour cette convention de stage.",
            ),
            models.CheckConstraint(
                condition=~Q(status=life.SIGNED) | Q(signed_on__isnull=False), name="agreement_amendment_signed_has_a_date",
                violation_error_message="Un avenant signé a une date de signature : indiquez-la.",
            ),
            models.CheckConstraint(
                condition=~Q(reason__regex=NIR_PATTERN), name="agreement_amendment_without_nir", violation_error_message=REFUSAL
            ),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.DRAFT),
            triggers.follows(life.AMENDMENT_LIFE.pairs()),
            triggers.counts_its_moves(),
            triggers.leaves_a_move("trainees_agreementamendmentmove", "amendment_id"),
            triggers.frozen_columns("agreement_id", "number", "kind", name="place_settled"),
            triggers.frozen_columns(
                "changes", "reason", "effective_on", when_sql="OLD.status <> 'draft'", name="text_settled"
            ),
            triggers.frozen_columns(
                "signed_on", "applied_in", when_sql="OLD.status = 'signed'", name="signature_settled"
            ),
            triggers.never_deleted(),
            signed_by_all(AMENDMENT_KIND, "trainees.agreementamendment"),
            OF_A_SIGNED_AGREEMENT,
        ]

    def __str__(self) -> str:
        return f"Avenant n° {self.number} à la convention de stage {self.agreement.reference}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:internship", args=[self.agreement.internship_id])

    @property
    def school_id(self) -> int:
        return self.agreement.internship.school_id

    @property
    def reference(self) -> str:
        return f"{self.agreement.reference}-A{self.number}"

    @property
    def state(self) -> State:
        return life.AMENDMENT_STATES[self.status]

    def signed_envelope(self) -> Envelope | None:
        """Return the envelope that everybody signed, None before."""
        return completed_envelope(AMENDMENT_KIND, subject_of(self))

    def is_late_on(self, day: date) -> bool:
        """Say whether a signature given on a day comes after the amendment took effect."""
        return day > self.effective_on


class AgreementAmendmentMove(StateMove):
    """One step in the life of an amendment. Retention: with its agreement."""

    amendment = models.ForeignKey(AgreementAmendment, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        verbose_name = "étape d’un avenant de stage"
        verbose_name_plural = "étapes des avenants de stage"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "rank"], name="agreement_amendment_move_once"),
            without_nir("agreement_amendment_move_without_nir", "reason"),
        ]
        triggers = [
            triggers.follows_a_change("trainees_agreementamendmentmove", "trainees_agreementamendment", "amendment_id"),
            triggers.immutable(),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.target}"
