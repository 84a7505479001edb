"""Internships (stages): who goes where, when, for what, day by day."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from e2c_portal.kernel import triggers
from e2c_portal.kernel.addresses import address_of
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.french import of_name
from e2c_portal.kernel.models import StateMove
from e2c_portal.kernel.nir import NIR_PATTERN, REFUSAL
from e2c_portal.kernel.workflow import State
from partnerships.models import CompanyContact, Establishment, PartnershipConvention
from schools.models import School
from trainees.life import agreements as agreement_life
from trainees.life import internships as life
from trainees.models.nir import refuse_nir_in, without_nir
from trainees.models.parameters import DateRange
from trainees.models.pathways import Pathway
from trainees.models.people import SCHOOL_OF_TRAINEE, Trainee
from trainees.models.references import Trade

FREE_TEXTS = ("activities", "objectives", "skills", "equipment", "safety", "benefits", "insurance", "access")
# What the agreement prints. Once it is put to signature, only a signed amendment, in its own transaction, changes it.
PRINTED = (
    "pathway_id", "trainee_id", "school_id", "establishment_id", "tutor_id", "host_signatory_id", "school_signatory_id",
    "referent_id", "regime", "kind", "trade_id", "starts_on", "ends_on", *FREE_TEXTS, "on_site", "delegation_reference",
    "prescribing_structure", "dangerous_work_id",
)  # fmt: skip
HELD = (
    "EXISTS (SELECT 1 FROM trainees_internshipagreement a WHERE a.internship_id = OLD.id AND a.status IN ('to_sign', 'signed')) "
    "AND NOT EXISTS (SELECT 1 FROM trainees_agreementamendment m JOIN trainees_internshipagreement a ON a.id = m.agreement_id "
    "WHERE a.internship_id = OLD.id AND m.applied_in = txid_current())"
)
SAME_PATHWAY = pgtrigger.Trigger(
    name="days_of_its_pathway",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("starts_on", "ends_on", "ended_early_on", "pathway_id", "status"),
    condition=pgtrigger.Q(new__status__in=life.TAKING_DAYS),
    declare=[("p", "trainees_pathway%ROWTYPE")],
    func="SELECT * INTO p FROM trainees_pathway WHERE id = NEW.pathway_id; "
    "IF p.trainee_id <> NEW.trainee_id OR p.school_id <> NEW.school_id THEN "
    "RAISE EXCEPTION 'Ce parcours n’est pas celui de cette personne dans cette école.' USING ERRCODE = 'check_violation'; "
    "END IF; "
    "IF NEW.starts_on < p.entered_on OR COALESCE(NEW.ended_early_on, NEW.ends_on) > COALESCE(p.ended_on, p.planned_ends_on) "
    "THEN RAISE EXCEPTION 'Les dates du stage sortent du parcours.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
PEOPLE_OF_HOST = pgtrigger.Trigger(
    name="people_of_its_host",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("tutor_id", "host_signatory_id", "establishment_id"),
    declare=[("host", "bigint")],
    func="SELECT company_id INTO host FROM partnerships_establishment WHERE id = NEW.establishment_id; "
    "IF EXISTS (SELECT 1 FROM partnerships_companycontact c WHERE c.id IN (NEW.tutor_id, NEW.host_signatory_id) "
    "AND (c.company_id <> host OR c.establishment_id <> NEW.establishment_id)) THEN "
    "RAISE EXCEPTION 'Le tuteur ou le signataire n’appartient pas à l’établissement d’accueil.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)

# An offer is one of a place: an internship that goes elsewhere gives its place back.
OFFER_OF_HOST = pgtrigger.Trigger(
    name="gives_back_an_offer_of_elsewhere",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("establishment_id"),
    func="DELETE FROM trainees_offeruse u USING trainees_internshipoffer o WHERE u.internship_id = NEW.id AND o.id = u.offer_id "
    "AND o.establishment_id <> NEW.establishment_id; RETURN NULL;",
)

# An offer is one of a period too: an internship that leaves it gives its place back.
OFFER_OF_PERIOD = pgtrigger.Trigger(
    name="gives_back_an_offer_of_another_time",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("starts_on", "ends_on", "ended_early_on"),
    condition=pgtrigger.Q(old__starts_on__df=pgtrigger.F("new__starts_on"))
    | pgtrigger.Q(old__last_day__df=pgtrigger.F("new__last_day")),
    func="DELETE FROM trainees_offeruse u USING trainees_internshipoffer o WHERE u.internship_id = NEW.id AND o.id = u.offer_id "
    "AND (NEW.starts_on > o.ends_on OR NEW.last_day < o.starts_on); RETURN NULL;",
)

# An internship is never « signed » without an agreement that is: the two move in one transaction.
INTERNSHIP_SIGNED = pgtrigger.Trigger(
    name="signed_with_its_agreement",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("status"),
    condition=pgtrigger.Q(new__status="signed", old__status="accepted"),
    func="IF NOT EXISTS (SELECT 1 FROM trainees_internshipagreement a WHERE a.internship_id = NEW.id AND a.status = 'signed') "
    "THEN RAISE EXCEPTION 'La convention de stage n’est pas signée.' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
)

# The three limits of a PMSMP beside the others of the same person (migration 0003, trainees_check_pmsmp).
PMSMP_LIMITS = pgtrigger.Trigger(
    name="pmsmp_limits",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("starts_on", "ends_on", "regime", "establishment_id", "status"),
    condition=pgtrigger.Q(new__regime="pmsmp", new__status__in=life.TAKING_DAYS),
    func="PERFORM trainees_check_pmsmp(NEW.id); RETURN NULL;",
)


class DangerousWorkDerogation(models.Model):
    """What a host declared to the labour inspection so that minors may do regulated work (code du travail, R4153-40, R4153-41).

    Tied to a place, valid three years. Retention: five years after it expired.
    """

    establishment = models.ForeignKey(
        Establishment, verbose_name="établissement", on_delete=models.PROTECT, related_name="dangerous_work_derogations"
    )
    declared_on = models.DateField("déclarée le")
    expires_on = models.DateField("valable jusqu’au")
    works = models.TextField("travaux autorisés")
    reference = models.CharField("référence de l’envoi", max_length=100)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="enregistrée par",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    class Meta:
        verbose_name = "dérogation pour travaux dangereux"
        verbose_name_plural = "dérogations pour travaux dangereux"
        ordering = ["-declared_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("declared_on")), name="dangerous_work_expires_later",
                violation_error_message="La dérogation expire après sa déclaration.",
            ),
            without_nir("dangerous_work_without_nir", "works", "reference"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.reference}, valable jusqu’au {self.expires_on:%d/%m/%Y}"


class InternshipQuerySet(models.QuerySet["Internship"]):
    """The questions asked of many internships at once."""

    def taking_days(self) -> "InternshipQuerySet":
        """Keep those that hold the days of their trainee."""
        return self.filter(status__in=life.TAKING_DAYS)


class Internship(ChecksAtOnce, models.Model):
    """A stay in a company during a pathway. Its dates, place and people are those in force, amendments included.

    Retention: five years after the signature of its agreement.
    """

    class Regime(models.TextChoices):
        TRAINING = "training", "Stage de la formation professionnelle"
        PMSMP = "pmsmp", "PMSMP (période de mise en situation en milieu professionnel)"

    class Kind(models.TextChoices):
        DISCOVERY = "discovery", "Découvrir un métier ou un secteur"
        CONFIRMATION = "confirmation", "Confirmer un projet"
        VALIDATION = "validation", "Valider des compétences"
        RECRUITMENT = "recruitment", "Préparer un recrutement"

    class Side(models.TextChoices):
        SCHOOL = "school", "l’école"
        HOST = "host", "l’entreprise"
        TRAINEE = "trainee", "le stagiaire"

    trainee = models.ForeignKey(Trainee, verbose_name="stagiaire", on_delete=models.PROTECT, related_name="internships")
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="internships")
    pathway = models.ForeignKey(Pathway, verbose_name="parcours", on_delete=models.PROTECT, related_name="internships")
    establishment = models.ForeignKey(
        Establishment, verbose_name="lieu du stage", on_delete=models.PROTECT, related_name="internships"
    )
    tutor = models.ForeignKey(
        CompanyContact, verbose_name="tuteur", null=True, blank=True, on_delete=models.PROTECT, related_name="tutored"
    )
    host_signatory = models.ForeignKey(
        CompanyContact, verbose_name="signataire pour l’entreprise", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    school_signatory = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="signataire pour l’école", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    referent = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="formateur référent", null=True, blank=True, on_delete=models.PROTECT,
        related_name="internships",
    )  # fmt: skip
    partnership_convention = models.ForeignKey(
        PartnershipConvention, verbose_name="convention de partenariat", null=True, blank=True, on_delete=models.PROTECT,
        related_name="internships",
    )  # fmt: skip
    regime = models.CharField("régime", max_length=10, choices=Regime, default=Regime.TRAINING)
    kind = models.CharField("objet", max_length=15, choices=Kind)
    trade = models.ForeignKey(
        Trade, verbose_name="métier", null=True, blank=True, on_delete=models.PROTECT, related_name="internships"
    )
    starts_on = models.DateField("premier jour")
    ends_on = models.DateField("dernier jour")
    activities = models.TextField("activités confiées", blank=True)
    objectives = models.TextField("objectifs", blank=True)
    skills = models.TextField("compétences à développer", blank=True, help_text="Une par ligne.")
    equipment = models.TextField("équipements de protection", blank=True, help_text="Vide si aucun n’est nécessaire.")
    safety = models.TextField("hygiène et sécurité", blank=True)
    benefits = models.TextField("avantages", blank=True, help_text="Repas, transport…")
    insurance = models.TextField("assurance de l’entreprise", blank=True, help_text="Assureur et numéro de contrat.")
    access = models.TextField("comment s’y rendre", blank=True)
    on_site = models.BooleanField("sur place", default=True)
    delegation_reference = models.CharField("délégation de prescription (PMSMP)", max_length=150, blank=True)
    prescribing_structure = models.CharField("structure prescriptrice (PMSMP)", max_length=200, blank=True)
    dangerous_works = models.BooleanField("travaux réglementés pour les mineurs", default=False)
    dangerous_work = models.ForeignKey(
        DangerousWorkDerogation, verbose_name="dérogation", null=True, blank=True, on_delete=models.PROTECT,
        related_name="internships",
    )  # fmt: skip
    # Sums of the schedule, in minutes, kept by the operation that writes it: lists show them without reading the days.
    company_minutes = models.PositiveIntegerField("minutes en entreprise", default=0, editable=False)
    school_minutes = models.PositiveIntegerField("minutes à l’école", default=0, editable=False)
    ended_early_on = models.DateField("arrêté le", null=True, blank=True)
    broken_by = models.CharField("rompu par", max_length=10, choices=Side, blank=True)
    last_day = models.GeneratedField(
        expression=Coalesce("ended_early_on", "ends_on"), output_field=models.DateField(), db_persist=True
    )
    status = models.CharField(
        "état", max_length=20, default=life.PROSPECTED, editable=False,
        choices=[(name, state.label) for name, state in life.STATES.items()],
    )  # fmt: skip
    moves_made = models.PositiveIntegerField("étapes franchies", default=0, db_default=0, editable=False)
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="créé par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créé le", db_default=Now(), editable=False)

    objects = InternshipQuerySet.as_manager()

    class Meta:
        verbose_name = "stage"
        verbose_name_plural = "stages"
        ordering = ["-starts_on", "-pk"]
        indexes = [
            models.Index(fields=["school", "status", "starts_on"], name="internship_by_status"),
            models.Index(fields=["school", "last_day", "starts_on"], name="internship_by_days"),
            models.Index(fields=["establishment", "-starts_on"], name="internship_by_host"),
            # The list of agreements to sign, for whoever reads the whole network.
            models.Index(fields=["starts_on", "id"], condition=Q(status=life.ACCEPTED), name="internship_to_be_signed"),
            models.Index(fields=["school", "-starts_on", "-id"], name="internship_latest"),
            # Walked to find those of somebody by name: it holds who, and the rows themselves are read for a page alone.
            models.Index(fields=["-starts_on", "-id"], include=["trainee"], name="internship_latest_anywhere"),
            # The present ones of the whole network, among all those that are over.
            models.Index(fields=["status", "last_day"], name="internship_by_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(life.STATES)), name="internship_status_known"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="internship_ends_after_it_starts",
                violation_error_message="Le dernier jour du stage ne peut pas précéder le premier.",
            ),
            models.CheckConstraint(
                condition=Q(status=life.BROKEN, ended_early_on__isnull=False) & ~Q(broken_by="")
                | ~Q(status=life.BROKEN) & Q(ended_early_on=None, broken_by=""),
                name="internship_broken_says_when",
                violation_error_message="Une rupture dit son dernier jour et qui y met fin.",
            ),
            models.CheckConstraint(
                condition=Q(ended_early_on=None) | Q(ended_early_on__range=(F("starts_on"), F("ends_on"))),
                name="internship_broken_inside",
                violation_error_message="Le dernier jour de présence se situe pendant le stage.",
            ),
            models.CheckConstraint(
                condition=~Q(regime="pmsmp") | ~Q(delegation_reference="") & ~Q(prescribing_structure=""),
                name="internship_pmsmp_has_a_delegation",
                violation_error_message="Une PMSMP suppose une délégation : indiquez sa référence et la structure prescriptrice "
                "(code du travail, art. L5135-2).",
            ),
            *[
                models.CheckConstraint(
                    condition=~Q(**{f"{name}__regex": NIR_PATTERN}), name=f"internship_{name}_without_nir",
                    violation_error_message=REFUSAL,
                )
                for name in FREE_TEXTS
            ],
            without_nir("internship_delegation_without_nir", "delegation_reference", "prescribing_structure"),
            ExclusionConstraint(
                name="internship_never_overlaps",
                expressions=[
                    ("trainee", RangeOperators.EQUAL),
                    (DateRange("starts_on", Coalesce("ended_early_on", "ends_on")), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=life.TAKING_DAYS),
                violation_error_message="Cette personne a déjà un stage à ces dates.",
            ),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.PROSPECTED),
            triggers.follows(life.INTERNSHIP_LIFE.pairs()),
            triggers.counts_its_moves(),
            triggers.leaves_a_move("trainees_internshipmove", "internship_id"),
            triggers.frozen_columns(*PRINTED, when_sql=HELD, name="printed_once_to_sign"),
            triggers.frozen_columns("trainee_id", "school_id", name="place_settled"),
            triggers.never_deleted(),
            SCHOOL_OF_TRAINEE,
            SAME_PATHWAY,
            PEOPLE_OF_HOST,
            OFFER_OF_HOST,
            OFFER_OF_PERIOD,
            INTERNSHIP_SIGNED,
            PMSMP_LIMITS,
        ]

    def __str__(self) -> str:
        return f"Stage {of_name(str(self.trainee))} chez {self.establishment}"

    def get_absolute_url(self) -> str:
        return address_of("trainees:internship", self.pk)

    @property
    def reference(self) -> str:
        """The lasting name of the internship, printed on its papers: ST-2026-000123."""
        return f"ST-{self.created_at.year}-{self.pk:06d}"

    @property
    def state(self) -> State:
        return life.STATES[self.status]

    @property
    def is_settled(self) -> bool:
        """Say whether what the agreement prints may no longer change by hand."""
        return self.agreements.filter(status__in=[agreement_life.TO_SIGN, agreement_life.SIGNED]).exists()

    def has_signed_agreement(self) -> bool:
        """Say whether everybody signed the agreement."""
        return self.agreements.filter(status=agreement_life.SIGNED).exists()

    def was_attended(self) -> bool:
        """Say whether a presence in the company is recorded."""
        attended: bool = self.half_days.filter(state__in=["present", "late"]).exists()  # type: ignore[attr-defined]
        return attended

    def began_by(self, day: date | None = None) -> bool:
        """Say whether its first day has come, today unless said."""
        return self.starts_on <= (day or timezone.localdate())

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, *FREE_TEXTS)
        for name in ("tutor", "host_signatory"):
            person = getattr(self, name)
            if person and self.establishment_id and not _belongs(person, self.establishment):
                raise ValidationError({name: "Cette personne n’appartient pas à l’établissement d’accueil."})


def _belongs(person: CompanyContact, host: Establishment) -> bool:
    return person.company_id == host.company_id and person.establishment_id in (None, host.pk)


class InternshipMove(StateMove):
    """One step in the life of an internship. Retention: with its internship."""

    internship = models.ForeignKey(Internship, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        verbose_name = "étape d’un stage"
        verbose_name_plural = "étapes des stages"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["internship", "rank"], name="internship_move_once"),
            without_nir("internship_move_without_nir", "reason"),
        ]
        triggers = [
            triggers.follows_a_change("trainees_internshipmove", "trainees_internship", "internship_id"),
            triggers.immutable(),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.target}"
