"""What companies say of the skills of a trainee (évaluations en entreprise)."""

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
from trainees.life import assessments as life
from trainees.models.frameworks import Skill, SkillLevel
from trainees.models.internships import Internship
from trainees.models.nir import refuse_nir_in, without_nir
from trainees.models.skill_tally_triggers import TALLIED_WHEN_PLANNED, TALLIED_WHEN_SENT

ASSESSMENT_KIND = "trainees.company_assessment"
# More would not be answered in five minutes on a phone.
MOST_PLANNED = 30
PARIS_TODAY = "(now() AT TIME ZONE 'Europe/Paris')::date"
# What the company said. Written while the version is open, in the transaction that sends it; then never again.
TOLD = (
    "outcome", "last_day", "missed_hours", "would_host_again", "job_offered", "job_starts_on", "words",
    "told_by_id", "submitted_at", "content", "sha256",
)  # fmt: skip

SKILL_IN_FORCE = (
    "IF NOT EXISTS (SELECT 1 FROM trainees_skill s JOIN trainees_skillframework f ON f.id = s.framework_id "
    "WHERE s.id = NEW.skill_id AND f.status = 'published') THEN "
    "RAISE EXCEPTION 'Cette compétence est d’un référentiel qui n’est pas en vigueur.' USING ERRCODE = 'check_violation'; "
    "END IF; "
)
NEXT_VERSION = pgtrigger.Trigger(
    name="next_version",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("i", "trainees_internship%ROWTYPE"), ("last", "integer")],
    func="SELECT * INTO i FROM trainees_internship WHERE id = NEW.internship_id FOR UPDATE; "
    "IF i.school_id <> NEW.school_id THEN "
    "RAISE EXCEPTION 'Ce stage est celui d’une autre école.' USING ERRCODE = 'check_violation'; END IF; "
    "SELECT max(version) INTO last FROM trainees_companyassessment WHERE internship_id = NEW.internship_id; "
    "IF NEW.version <> COALESCE(last, 0) + 1 THEN "
    "RAISE EXCEPTION 'Une autre version de cette évaluation existe déjà : rechargez la page.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
# The firm speaks of a stay that began, through somebody who works there.
OF_A_STAY_BEGUN = pgtrigger.Trigger(
    name="of_a_stay_begun",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("status"),
    condition=pgtrigger.Q(old__status="open", new__status="submitted"),
    declare=[("i", "trainees_internship%ROWTYPE")],
    func="SELECT * INTO i FROM trainees_internship WHERE id = NEW.internship_id; "  # noqa: S608  our own constants
    f"IF i.starts_on > {PARIS_TODAY} OR i.status NOT IN ('accepted', 'signed', 'broken', 'not_started') THEN "
    "RAISE EXCEPTION 'Ce stage n’a pas commencé : il ne s’évalue pas encore.' USING ERRCODE = 'check_violation'; END IF; "
    "IF NEW.outcome <> 'no_show' AND NOT EXISTS (SELECT 1 FROM trainees_assessedskill a WHERE a.assessment_id = NEW.id) THEN "
    "RAISE EXCEPTION 'Une évaluation dit au moins une compétence, ou que la personne n’est pas venue.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
RESPONDENT_OF_HOST = pgtrigger.Trigger(
    name="respondent_of_its_host",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("respondent_id", "told_by_id"),
    func="IF EXISTS (SELECT 1 FROM partnerships_companycontact c WHERE c.id IN (NEW.respondent_id, NEW.told_by_id) "
    "AND c.company_id IS DISTINCT FROM (SELECT e.company_id FROM trainees_internship i "
    "JOIN partnerships_establishment e ON e.id = i.establishment_id WHERE i.id = NEW.internship_id)) THEN "
    "RAISE EXCEPTION 'Cette personne est d’une autre entreprise.' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
# A draft is a bundle of texts: none of them holds a social security number either.
DRAFT_WITHOUT_NIR = pgtrigger.Trigger(
    name="draft_without_nir",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("draft"),
    func=f"IF NEW.draft::text ~ '{NIR_PATTERN}' THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF; "
    "RETURN NEW;",
)


# What was foreseen is what the company answered: it cannot be rewritten after its answer. The open version is locked first,
# so that a plan and a sending wait for each other.
PLANNED_BEFORE_IT_IS_TOLD = pgtrigger.Trigger(
    name="planned_before_it_is_told",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    declare=[("of_stay", "bigint")],
    func="of_stay := COALESCE(NEW.internship_id, OLD.internship_id); "  # noqa: S608  our own constants
    "IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'Une compétence prévue s’ajoute ou se retire, elle ne se réécrit pas.' "
    "USING ERRCODE = 'restrict_violation'; END IF; "
    "PERFORM 1 FROM trainees_companyassessment WHERE internship_id = of_stay AND status = 'open' FOR SHARE; "
    "IF EXISTS (SELECT 1 FROM trainees_companyassessment WHERE internship_id = of_stay AND submitted_at IS NOT NULL) THEN "
    "RAISE EXCEPTION 'L’entreprise a envoyé son évaluation : les compétences prévues ne changent plus.' "
    "USING ERRCODE = 'restrict_violation'; END IF; "
    f"IF TG_OP = 'INSERT' AND (SELECT count(*) FROM trainees_plannedskill WHERE internship_id = of_stay) >= {MOST_PLANNED} "
    f"THEN RAISE EXCEPTION 'Un stage prévoit {MOST_PLANNED} compétences au plus.' USING ERRCODE = 'check_violation'; END IF; "
    "RETURN COALESCE(NEW, OLD);",
)
# A version closed meanwhile still serves the stays it was planned in, and the corrections of what was said with it.
SKILL_USABLE_HERE = (
    "IF NOT EXISTS (SELECT 1 FROM trainees_skill s JOIN trainees_skillframework f ON f.id = s.framework_id "
    "WHERE s.id = NEW.skill_id AND (f.status = 'published' OR f.status = 'retired' AND ("
    "EXISTS (SELECT 1 FROM trainees_plannedskill p WHERE p.internship_id = e.internship_id AND p.skill_id = s.id) "
    "OR EXISTS (SELECT 1 FROM trainees_assessedskill b JOIN trainees_companyassessment o ON o.id = b.assessment_id "
    "WHERE o.internship_id = e.internship_id AND b.skill_id = s.id)))) THEN "
    "RAISE EXCEPTION 'Cette compétence est d’un référentiel qui n’est pas en vigueur.' USING ERRCODE = 'check_violation'; "
    "END IF; "
)


class PlannedSkill(models.Model):
    """A skill that an internship is meant to train, chosen before or during it. Retention: with its internship."""

    internship = models.ForeignKey(
        Internship, verbose_name="stage", on_delete=models.PROTECT, related_name="planned_skills"
    )
    skill = models.ForeignKey(Skill, verbose_name="compétence", on_delete=models.PROTECT, related_name="+")
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="choisie par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    planned_at = models.DateTimeField("choisie le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "compétence prévue"
        verbose_name_plural = "compétences prévues"
        ordering = ["skill__framework", "skill__domain__position", "skill__position"]
        constraints = [models.UniqueConstraint(fields=["internship", "skill"], name="planned_skill_once")]
        indexes = [models.Index(fields=["skill", "-id"], name="planned_by_skill")]
        triggers = [
            pgtrigger.Trigger(
                name="skill_in_force",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"{SKILL_IN_FORCE}RETURN NEW;",
            ),
            PLANNED_BEFORE_IT_IS_TOLD,
            TALLIED_WHEN_PLANNED,
        ]

    def __str__(self) -> str:
        return str(self.skill)


class CompanyAssessment(ChecksAtOnce, models.Model):
    """One version of what a company says of an internship. `draft` is what was typed and not yet sent; `content` what was sent.

    Retention: with its internship; the draft is emptied when it is sent.
    """

    class Outcome(models.TextChoices):
        COMPLETED = "completed", "Le stage est allé jusqu’au bout"
        PARTIAL = "partial", "Le stage s’est arrêté avant la fin"
        NO_SHOW = "no_show", "La personne n’est pas venue"

    class Again(models.TextChoices):
        YES = "yes", "Oui"
        MAYBE = "maybe", "Peut-être"
        NO = "no", "Non"

    class Job(models.TextChoices):
        NONE = "none", "Non"
        CDI = "cdi", "Oui, en CDI"
        LONG = "long_cdd", "Oui, en CDD de 6 mois ou plus"
        SHORT = "short_cdd", "Oui, en CDD de moins de 6 mois"
        APPRENTICE = "apprenticeship", "Oui, en apprentissage ou en contrat de professionnalisation"
        OTHER = "other", "Oui, sous une autre forme"

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="assessments")
    internship = models.ForeignKey(
        Internship, verbose_name="stage", on_delete=models.PROTECT, related_name="assessments"
    )
    version = models.PositiveSmallIntegerField("version", default=1)
    # Who is asked: the tutor first, then the colleague they named.
    respondent = models.ForeignKey(
        CompanyContact,
        verbose_name="personne qui évalue",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    due_on = models.DateField("attendue pour le")
    planned_at = models.DateTimeField("préparée le", db_default=Now(), editable=False)
    asked_at = models.DateTimeField("demandée le", null=True, blank=True, editable=False)
    # How many times the company was reminded: what a run of the clock already did is not done again by the next.
    reminders = models.PositiveSmallIntegerField("rappels", default=0, db_default=0, editable=False)
    # The question of the school that this version answers.
    question = models.TextField("question de l’école", blank=True)

    draft = models.JSONField("saisie en cours", default=dict, blank=True, editable=False)
    draft_revision = models.PositiveIntegerField("rang de la saisie", default=0, editable=False)
    draft_saved_at = models.DateTimeField("saisie gardée le", null=True, blank=True, editable=False)

    outcome = models.CharField("issue du stage", max_length=10, choices=Outcome, blank=True)
    last_day = models.DateField("dernier jour de présence", null=True, blank=True)
    missed_hours = models.DecimalField("heures manquées", max_digits=5, decimal_places=1, null=True, blank=True)
    would_host_again = models.CharField("accueillerait de nouveau", max_length=5, choices=Again, blank=True)
    job_offered = models.CharField("emploi ou apprentissage proposé", max_length=15, choices=Job, blank=True)
    job_starts_on = models.DateField("à partir du", null=True, blank=True)
    words = models.TextField("mots de l’entreprise", blank=True)
    told_by = models.ForeignKey(
        CompanyContact, verbose_name="évalué par", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField("envoyée le", null=True, blank=True, editable=False)
    content = models.JSONField("contenu envoyé", default=dict, blank=True, editable=False)
    sha256 = models.CharField("empreinte du contenu", max_length=64, blank=True, editable=False)

    status = models.CharField(
        "état", max_length=10, default=life.OPEN, editable=False,
        choices=[(name, state.label) for name, state in life.STATES.items()],
    )  # fmt: skip
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="décidée par", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        editable=False,
    )  # fmt: skip
    decided_at = models.DateTimeField("décidée le", null=True, blank=True, editable=False)
    # Why it is without object, or validated though the trainee did not answer or the company left a question unanswered.
    decision_reason = models.TextField("motif de la décision", blank=True, editable=False)

    class Meta:
        verbose_name = "évaluation en entreprise"
        verbose_name_plural = "évaluations en entreprise"
        ordering = ["-due_on", "-pk"]
        indexes = [
            models.Index(fields=["school", "status", "due_on", "id"], name="assessment_campaign"),
            models.Index(fields=["respondent", "status"], name="assessment_by_respondent"),
            models.Index(fields=["due_on"], condition=Q(status="open"), name="assessment_waiting"),
            models.Index(fields=["submitted_at"], condition=Q(status="submitted"), name="assessment_unanswered"),
            # The network reads all schools at once, the most urgent first: what is under way is few among all there was.
            models.Index(
                fields=["due_on", "id"],
                condition=Q(status__in=["open", "submitted", "returned"]),
                name="assessment_in_progress",
            ),
            # What is prepared and not asked yet: counted every day, almost nothing among what is open.
            models.Index(fields=["due_on"], condition=Q(status="open", asked_at=None), name="assessment_to_ask"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["internship", "version"], name="assessment_version_once"),
            models.UniqueConstraint(
                fields=["internship"], condition=Q(status="open"), name="assessment_one_open",
                violation_error_message="Une évaluation de ce stage est déjà à remplir.",
            ),
            models.UniqueConstraint(
                fields=["internship"], condition=Q(status="validated"), name="assessment_one_validated",
                violation_error_message="Une autre évaluation de ce stage vient d’être validée : rechargez la page "
                "pour la lire.",
            ),
            models.CheckConstraint(condition=Q(status__in=list(life.STATES)), name="assessment_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "cancelled"], submitted_at=None, sha256="", told_by=None, outcome="")
                | ~Q(status__in=["open", "cancelled"])
                & Q(submitted_at__isnull=False, told_by__isnull=False)
                & ~Q(sha256="") & ~Q(outcome="") & ~Q(would_host_again=""),
                name="assessment_sent_says_all",
                violation_error_message="Une évaluation envoyée répond à tout : complétez ce qui manque, puis "
                "envoyez-la.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="partial") | Q(last_day__isnull=False), name="assessment_partial_says_when",
                violation_error_message="Indiquez le dernier jour de présence.",
            ),
            models.CheckConstraint(
                condition=Q(missed_hours=None) | Q(missed_hours__gte=0, missed_hours__lte=900), name="assessment_hours_possible",
                violation_error_message="Indiquez les heures manquées, de 0 à 900.",
            ),
            models.CheckConstraint(
                condition=Q(job_starts_on=None) | ~Q(job_offered__in=["", "none"]), name="assessment_job_has_a_start",
                violation_error_message="Un début n’a de sens que si un emploi est proposé.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["validated", "cancelled"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(status="cancelled", decided_at__isnull=False)
                | ~Q(status__in=["validated", "cancelled"]),
                name="assessment_decided_by_somebody",
                violation_error_message="La décision sur cette évaluation dit qui l’a prise et quand : rechargez la "
                "page, puis recommencez.",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(decision_reason=""), name="assessment_cancelled_says_why",
                violation_error_message="Écrivez pourquoi cette évaluation est sans objet.",
            ),
            models.CheckConstraint(
                condition=Q(status="open") | Q(draft={}), name="assessment_draft_ends_with_sending",
                violation_error_message="Cette évaluation est envoyée : son brouillon ne se change plus. Rechargez "
                "la page.",
            ),
            without_nir("assessment_without_nir", "question", "words", "decision_reason"),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.OPEN),
            triggers.follows(life.PAIRS),
            triggers.frozen_columns(*TOLD, when_sql="OLD.status <> 'open'", name="told_once"),
            triggers.frozen_columns(
                "public_id", "school_id", "internship_id", "version", "planned_at", "question", name="place_settled"
            ),
            triggers.frozen_columns(
                "decided_by_id", "decided_at", "decision_reason", when_sql="OLD.status IN ('validated', 'cancelled')",
                name="decided_once",
            ),
            triggers.never_deleted(),
            NEXT_VERSION,
            OF_A_STAY_BEGUN,
            RESPONDENT_OF_HOST,
            TALLIED_WHEN_SENT,
            DRAFT_WITHOUT_NIR,
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Évaluation de {self.internship}, version {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("trainees:assessment", args=[self.pk])

    @property
    def reference(self) -> str:
        """The lasting name of the version: EV-000123-v1 (internship, version)."""
        return f"EV-{self.internship_id:06d}-v{self.version}"

    @property
    def state(self) -> State:
        return life.STATES[self.status]

    @property
    def is_open(self) -> bool:
        return self.status == life.OPEN

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "question", "words", "decision_reason")


class AssessedSkill(models.Model):
    """One skill of an assessment: its level, or « non observé » when it is empty. Immutable. Retention: with its assessment."""

    assessment = models.ForeignKey(CompanyAssessment, on_delete=models.PROTECT, related_name="skills")
    skill = models.ForeignKey(Skill, verbose_name="compétence", on_delete=models.PROTECT, related_name="assessed")
    level = models.ForeignKey(
        SkillLevel, verbose_name="niveau", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    was_planned = models.BooleanField("prévue", default=False)
    situation = models.CharField("situation où elle a été vue", max_length=500, blank=True)

    class Meta:
        verbose_name = "compétence évaluée"
        verbose_name_plural = "compétences évaluées"
        ordering = ["assessment", "skill__framework", "skill__domain__position", "skill__position"]
        indexes = [
            models.Index(fields=["skill", "level"], name="assessed_by_skill"),
            models.Index(fields=["skill", "-id"], name="assessed_latest_of_skill"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "skill"], name="assessed_skill_once"),
            without_nir("assessed_skill_without_nir", "situation"),
        ]
        triggers = [
            triggers.immutable(),
            pgtrigger.Trigger(
                name="told_while_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("e", "trainees_companyassessment%ROWTYPE")],
                func="SELECT * INTO e FROM trainees_companyassessment WHERE id = NEW.assessment_id FOR UPDATE; "  # noqa: S608  our own constants
                "IF e.status <> 'open' THEN RAISE EXCEPTION 'Cette évaluation est déjà envoyée : elle ne change plus.' "
                f"USING ERRCODE = 'restrict_violation'; END IF; {SKILL_USABLE_HERE}"
                "IF NEW.level_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM trainees_skilllevel l "
                "JOIN trainees_skill s ON s.framework_id = l.framework_id WHERE l.id = NEW.level_id AND s.id = NEW.skill_id) THEN "
                "RAISE EXCEPTION 'Ce niveau est celui d’un autre référentiel.' USING ERRCODE = 'check_violation'; END IF; "
                "RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill} : {self.level or 'non observé'}"

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "situation")
