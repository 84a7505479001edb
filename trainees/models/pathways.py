"""The pathway (parcours) of a trainee in a school: trial, phases, contract, suspensions, exit and follow-ups."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.identifiers import SiretValid, validate_siret
from e2c_portal.kernel.models import StateMove
from e2c_portal.kernel.nir import NIR_PATTERN, REFUSAL
from e2c_portal.kernel.workflow import State
from schools.models import School, Site
from trainees.life import pathways as life
from trainees.models.attendance_guards import HOLDS_ITS_HALF_DAYS, NO_HALF_DAY_INSIDE
from trainees.models.parameters import DateRange, LegalParameter, limit_on
from trainees.models.people import SCHOOL_OF_TRAINEE, Trainee, refuse_nir_in

if TYPE_CHECKING:
    from trainees.models.internships import Internship

# Checked at commit: the derogation may be written after the pathway, in the same transaction.
AGE_AT_ENTRY = pgtrigger.Trigger(
    name="age_at_entry",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("entered_on"),
    timing=pgtrigger.Deferred,
    declare=[("born", "date"), ("age", "numeric"), ("derogation", "boolean"), ("highest", "numeric")],
    func="SELECT birth_date INTO born FROM trainees_trainee WHERE id = NEW.trainee_id; "
    "age := date_part('year', age(NEW.entered_on, born)); "
    "SELECT EXISTS (SELECT 1 FROM trainees_agederogation d WHERE d.pathway_id = NEW.id) INTO derogation; "
    "highest := trainees_limit(CASE WHEN derogation THEN 'age_max_with_derogation' ELSE 'age_max' END, NEW.entered_on); "
    "IF age > highest OR (age < trainees_limit('age_min', NEW.entered_on) AND NOT derogation) THEN "
    "RAISE EXCEPTION 'L’âge à l’entrée (% ans) est hors des bornes légales.', age USING ERRCODE = 'check_violation'; "
    "END IF; RETURN NULL;",
)


class Pathway(ChecksAtOnce, models.Model):
    """One stay of a trainee in a school, from entry to exit. Retention: two years after its last day, then archived in figures."""

    trainee = models.ForeignKey(Trainee, verbose_name="stagiaire", on_delete=models.PROTECT, related_name="pathways")
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="pathways")
    site = models.ForeignKey(Site, verbose_name="site", on_delete=models.PROTECT, related_name="pathways")
    entered_on = models.DateField("entrée le")
    trial_ends_on = models.DateField("fin de la période d’essai")
    planned_ends_on = models.DateField("fin prévue")
    ended_on = models.DateField("dernier jour", null=True, blank=True)
    referent = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="formateur référent", null=True, blank=True, on_delete=models.PROTECT,
        related_name="pathways",
    )  # fmt: skip
    funding = models.CharField("financement", max_length=100, blank=True)
    summoned_on = models.DateField("convoqué par écrit le", null=True, blank=True)
    interviewed_on = models.DateField("entretien le", null=True, blank=True)
    decided_on = models.DateField("décision écrite le", null=True, blank=True)
    status = models.CharField(
        "état", max_length=20, default=life.PLANNED, editable=False,
        choices=[(name, state.label) for name, state in life.STATES.items()],
    )  # fmt: skip
    moves_made = models.PositiveIntegerField("étapes franchies", default=0, db_default=0, editable=False)
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="créé par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créé le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "parcours"
        verbose_name_plural = "parcours"
        ordering = ["-entered_on", "-pk"]
        indexes = [
            models.Index(fields=["school", "status", "entered_on"], name="pathway_by_status"),
            models.Index(fields=["school", "ended_on"], name="pathway_by_end"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(life.STATES)), name="pathway_status_known"),
            models.CheckConstraint(
                condition=Q(planned_ends_on__gte=F("entered_on")), name="pathway_planned_end_after_entry",
                violation_error_message="La fin prévue ne peut pas précéder l’entrée.",
            ),
            models.CheckConstraint(
                condition=Q(trial_ends_on__range=(F("entered_on"), F("planned_ends_on"))), name="pathway_trial_inside",
                violation_error_message="La période d’essai se termine entre l’entrée et la fin prévue.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("entered_on")), name="pathway_ends_after_entry",
                violation_error_message="Le parcours ne peut pas finir avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=life.ENDED, ended_on__isnull=False) | ~Q(status__in=life.ENDED) & Q(ended_on=None),
                name="pathway_ended_has_a_date",
                violation_error_message="Un parcours terminé, et lui seul, a un dernier jour.",
            ),
            models.CheckConstraint(
                condition=~Q(status=life.EXCLUDED)
                | Q(summoned_on__isnull=False, interviewed_on__gte=F("summoned_on"), decided_on__gt=F("interviewed_on")),
                name="pathway_exclusion_is_argued",
                violation_error_message="Une exclusion suit une convocation, un entretien, puis une décision.",
            ),
            models.UniqueConstraint(
                fields=["trainee"], condition=Q(status__in=life.OPEN), name="pathway_one_open",
                violation_error_message="Cette personne a déjà un parcours ouvert.",
            ),
            ExclusionConstraint(
                name="pathway_never_overlaps",
                expressions=[
                    ("trainee", RangeOperators.EQUAL),
                    (DateRange("entered_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(status=life.NO_SHOW),
                violation_error_message="Cette personne a déjà un parcours à ces dates.",
            ),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.PLANNED),
            triggers.follows(life.PATHWAY_LIFE.pairs()),
            triggers.counts_its_moves(),
            triggers.leaves_a_move("trainees_pathwaymove", "pathway_id"),
            triggers.frozen_columns("trainee_id", "school_id", name="place_settled"),
            SCHOOL_OF_TRAINEE,
            AGE_AT_ENTRY,
            HOLDS_ITS_HALF_DAYS,
        ]

    def __str__(self) -> str:
        return f"Parcours de {self.trainee} depuis le {self.entered_on:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return f"{reverse('trainees:trainee', args=[self.trainee.public_id])}#parcours-{self.pk}"

    @property
    def state(self) -> State:
        return life.STATES[self.status]

    @property
    def is_open(self) -> bool:
        return self.status in life.OPEN

    @property
    def last_day(self) -> date:
        """The last day of the pathway as known today."""
        return self.ended_on or self.planned_ends_on

    def limit(self, key: str, day: date) -> Decimal:
        """Return a legal limit on a day."""
        return limit_on(key, day)

    def has_contract(self) -> bool:
        """Say whether the training contract is recorded."""
        return TrainingContract.objects.filter(pathway=self.pk).exists()

    def internship_running_after(self, day: date) -> "Internship | None":
        """Return an internship that holds days after this one: it is ended or cancelled first."""
        found: Internship | None = self.internships.taking_days().filter(last_day__gt=day).first()  # type: ignore[attr-defined]
        return found

    def has_later_pathway(self) -> bool:
        """Say whether the same person entered again after this pathway."""
        later = Pathway.objects.filter(trainee=self.trainee_id, entered_on__gt=self.entered_on)
        return later.exclude(status=life.NO_SHOW).exists()


class PathwayMove(StateMove):
    """One step in the life of a pathway. Retention: with its pathway."""

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        verbose_name = "étape d’un parcours"
        verbose_name_plural = "étapes des parcours"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["pathway", "rank"], name="pathway_move_once")]
        triggers = [
            triggers.follows_a_change("trainees_pathwaymove", "trainees_pathway", "pathway_id"),
            triggers.immutable(),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.target}"


class PathwayPart(models.Model):
    """What all the parts of a pathway share: they belong to its school."""

    class Meta:
        abstract = True

    @property
    def school_id(self) -> int:
        return self.pathway.school_id  # type: ignore[attr-defined]


class EntryProfile(PathwayPart):
    """The situation at entry, for the figures the network publishes (domain dossier 1.7). Retention: with its pathway."""

    class Level(models.TextChoices):
        BELOW_3 = "infra_3", "Sans diplôme (inférieur au niveau 3)"
        LEVEL_3_FAILED = "niveau_3_sans", "CAP ou BEP préparé, non obtenu"
        LEVEL_3 = "niveau_3", "Niveau 3 : CAP, BEP"
        LEVEL_4 = "niveau_4", "Niveau 4 : baccalauréat"

    class Situation(models.TextChoices):
        NOTHING = "sans_activite", "Sans activité"
        JOB_SEEKER = "demandeur_emploi", "Demandeur d’emploi"
        SCHOOL = "sortie_ecole", "Sorti de l’école"
        OTHER = "autre", "Autre"

    pathway = models.OneToOneField(Pathway, verbose_name="parcours", on_delete=models.CASCADE, related_name="profile")
    education_level = models.CharField("niveau de formation", max_length=15, choices=Level, blank=True)
    left_school_on = models.DateField("sorti de l’école le", null=True, blank=True)
    worked_before = models.BooleanField("a déjà travaillé", null=True, blank=True)
    driving_licence = models.BooleanField("permis de conduire", null=True, blank=True)
    situation = models.CharField("situation à l’entrée", max_length=20, choices=Situation, blank=True)
    qpv_code = models.CharField(
        "quartier prioritaire (QPV)", max_length=8, blank=True, help_text="QN03401M par exemple."
    )
    qpv_vintage = models.CharField("liste des QPV", max_length=4, blank=True, help_text="2015 ou 2024.")

    class Meta:
        verbose_name = "profil d’entrée"
        verbose_name_plural = "profils d’entrée"
        constraints = [
            models.CheckConstraint(
                condition=Q(qpv_code="") | Q(qpv_code__regex=r"^Q[NP][0-9A-Z]{6}$", qpv_vintage__regex=r"^20[0-9]{2}$"),
                name="profile_qpv_with_its_list",
                violation_error_message="Un code de quartier prioritaire a la forme QN03401M, avec l’année de sa liste.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Profil d’entrée n° {self.pk}"


class AgeDerogation(PathwayPart):
    """Somebody outside the age bounds was admitted: who decided, when, why. Retention: with its pathway."""

    pathway = models.OneToOneField(
        Pathway, verbose_name="parcours", on_delete=models.PROTECT, related_name="age_derogation"
    )
    reason = models.CharField("motif", max_length=250)
    decided_on = models.DateField("décidée le")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="décidée par", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "dérogation d’âge"
        verbose_name_plural = "dérogations d’âge"
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="age_derogation_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(reason__regex=NIR_PATTERN),
                name="age_derogation_without_nir",
                violation_error_message=REFUSAL,
            ),
        ]
        triggers = [triggers.immutable()]

    def __str__(self) -> str:
        return self.reason


class PathwayPhase(PathwayPart):
    """A phase of the pathway (domain dossier 1.3). Retention: with its pathway."""

    class Kind(models.TextChoices):
        INTEGRATION = "integration", "Intégration et positionnement"
        EMERGENCE = "emergence", "Découverte des métiers, émergence du projet"
        CONFIRMATION = "confirmation", "Confirmation du projet"
        PREPARATION = "preparation", "Préparation à l’emploi ou à la formation"

    pathway = models.ForeignKey(Pathway, verbose_name="parcours", on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField("phase", max_length=15, choices=Kind)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "phase"
        verbose_name_plural = "phases"
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="phase_ends_after_it_starts",
                violation_error_message="Une phase ne peut pas finir avant d’avoir commencé.",
            ),
            ExclusionConstraint(
                name="phase_one_at_a_time",
                expressions=[
                    ("pathway", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Une autre phase court à ces dates.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.get_kind_display()


class TrainingContract(PathwayPart):
    """The contract between the trainee and the school, which closes the trial. Retention: with its pathway."""

    pathway = models.OneToOneField(Pathway, verbose_name="parcours", on_delete=models.PROTECT, related_name="contract")
    signed_on = models.DateField("signé le")
    objectives = models.TextField("objectifs du parcours")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="enregistré par",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = "contrat de formation"
        verbose_name_plural = "contrats de formation"
        constraints = [
            models.CheckConstraint(
                condition=~Q(objectives__regex=NIR_PATTERN),
                name="contract_without_nir",
                violation_error_message=REFUSAL,
            )
        ]

    def __str__(self) -> str:
        return f"Contrat de formation du {self.signed_on:%d/%m/%Y}"

    def clean(self) -> None:
        refuse_nir_in(self, "objectives")


class Suspension(PathwayPart):
    """The pathway stops for a while, then goes on. Retention: with its pathway."""

    pathway = models.ForeignKey(Pathway, verbose_name="parcours", on_delete=models.PROTECT, related_name="suspensions")
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    reason = models.CharField("motif", max_length=250)

    class Meta:
        verbose_name = "suspension"
        verbose_name_plural = "suspensions"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="suspension_ends_after_it_starts",
                violation_error_message="Une suspension ne peut pas finir avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                condition=~Q(reason__regex=NIR_PATTERN), name="suspension_without_nir", violation_error_message=REFUSAL
            ),
            ExclusionConstraint(
                name="suspension_one_at_a_time",
                expressions=[
                    ("pathway", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Une autre suspension court à ces dates.",
            ),
        ]  # fmt: skip
        triggers = [NO_HALF_DAY_INSIDE]

    def __str__(self) -> str:
        return f"Suspension depuis le {self.starts_on:%d/%m/%Y}"


class Exit(PathwayPart):
    """What an ended pathway led to, with its evidence. `positive` is computed by the rule of its day, and kept with it.

    Retention: with its pathway; the figures survive it.
    """

    class Category(models.TextChoices):
        QUALIFYING = "qualifying_training", "Formation qualifiante"
        APPRENTICESHIP = "work_study", "Alternance (apprentissage, professionnalisation)"
        JOB = "job", "Contrat de travail"
        INITIAL = "initial_training", "Retour en formation initiale"
        OTHER_ACTIVE = "other_active", "Service civique ou autre activité"
        NONE = "none", "Sans solution"

    class Contract(models.TextChoices):
        CDI = "cdi", "CDI"
        CDD = "cdd", "CDD"
        INTERIM = "interim", "Intérim"
        SUBSIDISED = "subsidised", "Contrat aidé ou d’insertion"

    class Evidence(models.TextChoices):
        CONTRACT = "contract", "Contrat"
        CERTIFICATE = "certificate", "Attestation de l’employeur ou de l’organisme"
        PAYSLIP = "payslip", "Bulletin de paie"
        DECLARED = "declared", "Déclaration de la personne"

    pathway = models.OneToOneField(Pathway, verbose_name="parcours", on_delete=models.PROTECT, related_name="exit")
    category = models.CharField("sortie", max_length=20, choices=Category)
    starts_on = models.DateField("à partir du", null=True, blank=True)
    contract = models.CharField("contrat", max_length=12, choices=Contract, blank=True)
    contract_days = models.PositiveIntegerField("durée du contrat, en jours", null=True, blank=True)
    employer = models.CharField("employeur ou organisme", max_length=200, blank=True)
    employer_siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    training = models.CharField("formation", max_length=200, blank=True)
    rncp_code = models.CharField("code RNCP", max_length=12, blank=True)
    evidence = models.CharField("preuve", max_length=12, choices=Evidence)
    evidence_note = models.CharField("référence de la preuve", max_length=250, blank=True)
    positive = models.BooleanField("sortie positive", editable=False)
    rule = models.ForeignKey(
        LegalParameter, verbose_name="seuil appliqué", on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="enregistrée par",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    recorded_at = models.DateTimeField("enregistrée le", db_default=Now(), editable=False)
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = "sortie"
        verbose_name_plural = "sorties"
        constraints = [
            models.CheckConstraint(
                condition=~Q(contract__in=["cdd", "interim"]) | Q(contract_days__gt=0), name="exit_fixed_term_has_a_length",
                violation_error_message="Un CDD ou une mission d’intérim a une durée : indiquez-la en jours.",
            ),
            models.CheckConstraint(
                condition=~Q(category="job") | ~Q(contract=""), name="exit_job_has_a_contract",
                violation_error_message="Indiquez le type de contrat de travail.",
            ),
            models.CheckConstraint(
                condition=Q(category="job") | Q(contract="", contract_days=None), name="exit_contract_is_of_a_job",
                violation_error_message="Un type de contrat ne se donne que pour un contrat de travail.",
            ),
            models.CheckConstraint(
                condition=Q(employer_siret="") | Q(SiretValid("employer_siret")), name="exit_siret_valid",
                violation_error_message="Ce SIRET n’est pas valable : vérifiez ses 14 chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(rncp_code="") | Q(rncp_code__regex=r"^(RNCP|RS)[0-9]{1,6}$"), name="exit_rncp_code",
                violation_error_message="Un code a la forme RNCP39848 ou RS5737.",
            ),
            models.CheckConstraint(
                condition=~Q(evidence_note__regex=NIR_PATTERN), name="exit_without_nir", violation_error_message=REFUSAL
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.get_category_display()


class FollowUp(PathwayPart):
    """A call after the exit, at 3, 6, 9 and 12 months. Retention: with its pathway."""

    MONTHS = (3, 6, 9, 12)

    class Situation(models.TextChoices):
        JOB = "job", "En emploi"
        WORK_STUDY = "work_study", "En alternance"
        TRAINING = "training", "En formation"
        OTHER = "other", "Autre activité"
        NONE = "none", "Sans solution"
        UNREACHABLE = "unreachable", "Injoignable"

    pathway = models.ForeignKey(Pathway, verbose_name="parcours", on_delete=models.CASCADE, related_name="follow_ups")
    months = models.PositiveSmallIntegerField("mois après la sortie")
    due_on = models.DateField("prévu le")
    done_on = models.DateField("fait le", null=True, blank=True)
    situation = models.CharField("situation", max_length=12, choices=Situation, blank=True)
    note = models.CharField("remarque", max_length=250, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="fait par",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "suivi après la sortie"
        verbose_name_plural = "suivis après la sortie"
        ordering = ["months"]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on=None), name="follow_up_to_do")]
        constraints = [
            models.UniqueConstraint(fields=["pathway", "months"], name="follow_up_once"),
            models.CheckConstraint(condition=Q(months__in=[3, 6, 9, 12]), name="follow_up_months"),
            models.CheckConstraint(
                condition=Q(done_on=None, situation="") | Q(done_on__isnull=False) & ~Q(situation=""),
                name="follow_up_done_says_what",
                violation_error_message="Dites la situation de la personne et le jour de l’échange.",
            ),
            models.CheckConstraint(
                condition=~Q(note__regex=NIR_PATTERN), name="follow_up_without_nir", violation_error_message=REFUSAL
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Suivi à {self.months} mois"
