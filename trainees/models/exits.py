"""What an ended pathway led to, and the calls that follow at 3, 6, 9 and 12 months."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from e2c_portal.kernel.identifiers import SiretValid, validate_siret
from schools.models import School
from trainees.models.nir import refuse_nir_in, without_nir
from trainees.models.parameters import LegalParameter
from trainees.models.pathway_parts import PathwayPart
from trainees.models.pathways import Pathway

# The calls are made by the school where the person is today: written here too, so that its list reads its own rows alone.
IN_CHARGE = pgtrigger.Trigger(
    name="followed_by_their_school",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("followed_by_id", "pathway_id"),
    func="SELECT t.school_id INTO NEW.followed_by_id FROM trainees_trainee t JOIN trainees_pathway p ON p.trainee_id = t.id "
    "WHERE p.id = NEW.pathway_id; RETURN NEW;",
)
TYPED_OF_EXIT = ("employer", "training", "evidence_note")
# Strictly longer than the limit that the row keeps: the word of the law, checked against the number on which it was judged.
POSITIVE_BY_ITS_RULE = pgtrigger.Trigger(
    name="positive_by_its_rule",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("threshold", "numeric"), ("judged", "boolean"), ("state", "text")],
    func="SELECT status INTO state FROM trainees_pathway WHERE id = NEW.pathway_id; "
    "IF state NOT IN ('completed', 'left_in_trial', 'interrupted', 'abandoned', 'excluded') THEN "
    "RAISE EXCEPTION 'La sortie s’enregistre quand le parcours est terminé.' USING ERRCODE = 'check_violation'; END IF; "
    "SELECT value INTO threshold FROM trainees_legalparameter WHERE id = NEW.rule_id AND key = 'positive_contract_days'; "
    "judged := NEW.category IN ('qualifying_training', 'work_study', 'initial_training') OR (NEW.category = 'job' "
    "AND (NEW.contract = 'cdi' OR COALESCE(NEW.contract_days, 0) > threshold)); "
    "IF judged IS DISTINCT FROM NEW.positive THEN "
    "RAISE EXCEPTION 'Cette sortie n’est pas jugée selon le seuil qu’elle garde.' USING ERRCODE = 'check_violation'; "
    "END IF; RETURN NEW;",
)


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
            without_nir("exit_without_nir", *TYPED_OF_EXIT),
        ]  # fmt: skip
        triggers = [POSITIVE_BY_ITS_RULE]

    def __str__(self) -> str:
        return self.get_category_display()

    def clean(self) -> None:
        refuse_nir_in(self, *TYPED_OF_EXIT)


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
    followed_by = models.ForeignKey(
        School,
        verbose_name="école qui appelle",
        on_delete=models.PROTECT,
        related_name="follow_ups",
        blank=True,
        editable=False,
    )
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
        indexes = [
            models.Index(fields=["due_on"], condition=Q(done_on=None), name="follow_up_to_do"),
            models.Index(fields=["followed_by", "due_on", "id"], condition=Q(done_on=None), name="follow_up_by_school"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["pathway", "months"], name="follow_up_once"),
            models.CheckConstraint(
                condition=Q(months__in=[3, 6, 9, 12]), name="follow_up_months",
                violation_error_message="Un suivi se fait à 3, 6, 9 ou 12 mois : choisissez un de ces moments.",
            ),
            models.CheckConstraint(
                condition=Q(done_on=None, situation="") | Q(done_on__isnull=False) & ~Q(situation=""),
                name="follow_up_done_says_what",
                violation_error_message="Dites la situation de la personne et le jour de l’échange.",
            ),
            without_nir("follow_up_without_nir", "note"),
        ]  # fmt: skip
        triggers = [IN_CHARGE]

    def clean(self) -> None:
        refuse_nir_in(self, "note")

    def __str__(self) -> str:
        return f"Suivi à {self.months} mois"
