"""The parts of a pathway: entry profile, age derogation, phases, training contract, suspensions."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from e2c_portal.kernel import triggers
from trainees.models.attendance_guards import NO_HALF_DAY_INSIDE
from trainees.models.nir import refuse_nir_in, without_nir
from trainees.models.parameters import DateRange
from trainees.models.pathways import Pathway


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
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="age_derogation_has_a_reason",
                violation_error_message="Écrivez le motif de la dérogation.",
            ),
            without_nir("age_derogation_without_nir", "reason"),
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
        constraints = [without_nir("contract_without_nir", "objectives")]

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
            without_nir("suspension_without_nir", "reason"),
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
