"""One assessment as the school reads it: its versions, what was planned, said, answered and decided, and its messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from e2c_portal.audit.models import Entry
from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import current_document
from e2c_portal.kernel.workflow import State
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.queries import state_of as link_state
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.queries import mails_of, next_step
from e2c_portal.mailing.queries import state_of as message_state
from schools.scope import Scope
from trainees.life import assessments as life
from trainees.models import (
    AssessedSkill,
    AttendanceHalfDay,
    CompanyAssessment,
    Internship,
    SkillValidation,
    TraineeAnswer,
)
from trainees.models.assessments import ASSESSMENT_KIND
from trainees.models.attendance import THERE
from trainees.reads.assessment_link import ASK_MAIL, HANDED_MAIL, REMIND_MAIL, link_of

NO_LINK = State("Pas de lien", "Aucun lien n’a encore été envoyé à cette personne.", "neutral")
HISTORY_SHOWN = 100


def reached(rows: QuerySet, scope: Scope, to_school: str, to_trainee: str) -> QuerySet:  # type: ignore[type-arg]
    """Keep the rows of the schools in scope, and those of the people who are in them today."""
    if scope.whole_network:
        return rows
    schools = sorted(scope.school_ids)
    return rows.filter(Q(**{f"{to_school}__in": schools}) | Q(**{f"{to_trainee}__in": schools}))


def assessment_known_to(scope: Scope, pk: int) -> CompanyAssessment | None:
    """Return one version of an assessment, of the school or of a person who is in it today; None outside the scope."""
    rows = CompanyAssessment.objects.select_related(
        "school", "respondent", "told_by", "decided_by", "answer__recorded_by", "internship__trainee", "internship__tutor",
        "internship__pathway", "internship__establishment__company",
    ).filter(pk=pk)  # fmt: skip
    return reached(rows, scope, "school", "internship__trainee__school").first()


def validation_known_to(scope: Scope, pk: int) -> SkillValidation | None:
    """Return one validation, of the school or of a person who is in it today; None outside the scope."""
    rows = SkillValidation.objects.select_related(
        "school", "trainee", "pathway", "skill", "level", "validated_by", "withdrawn_by", "assessed_skill"
    )
    return reached(rows.filter(pk=pk), scope, "school", "trainee__school").first()


def answer_of(assessment: CompanyAssessment) -> TraineeAnswer | None:
    """Return what the trainee answered to this version, None while they did not."""
    return getattr(assessment, "answer", None)


def versions_of(internship: Internship) -> list[CompanyAssessment]:
    """Return every version of the assessment of an internship, the first one first, with all its skills. Three queries."""
    skills = AssessedSkill.objects.select_related("level", "skill__domain", "skill__framework", "disagreement")
    rows = internship.assessments.select_related("respondent", "told_by", "decided_by", "answer__recorded_by")
    return list(rows.prefetch_related(Prefetch("skills", skills)).order_by("version"))


def latest_of(versions: Iterable[CompanyAssessment], shown: CompanyAssessment) -> CompanyAssessment:
    """Return the last version that somebody may still fill, read or decide: one without object waits for nobody."""
    living = [row for row in versions if row.status != life.CANCELLED]
    return max(living, key=lambda row: row.version) if living else shown


def mark_of(assessment: CompanyAssessment, latest: CompanyAssessment) -> str:
    """Return what a page remembers of an assessment as it shows it: its state, the answer, the last version."""
    answer = answer_of(assessment)
    return f"{assessment.status}.{answer.pk if answer else 0}.{latest.version}.{latest.status}"


def open_version(internship_id: int) -> CompanyAssessment | None:
    """Return the version that waits for the company, None when none does."""
    return CompanyAssessment.objects.filter(internship=internship_id, status=life.OPEN).first()


def current_version(internship: Internship) -> CompanyAssessment | None:
    """Return the version to look at first: the last one that is not without object. One query."""
    rows = internship.assessments.order_by(
        Case(When(status=life.CANCELLED, then=1), default=0, output_field=IntegerField()), "-version"
    )
    return rows.select_related("answer", "respondent").first()


def validations_of(assessment: CompanyAssessment) -> list[SkillValidation]:
    """Return what the school validated from an assessment, those in force first."""
    rows = SkillValidation.objects.filter(assessed_skill__assessment=assessment)
    return list(
        rows.select_related("level", "validated_by", "withdrawn_by").order_by(
            F("withdrawn_at").desc(nulls_first=True), "-pk"
        )
    )


def skill_left_aside(assessment: CompanyAssessment, assessed_skill_id: int) -> AssessedSkill | None:
    """Return a skill that the company saw acquired and that is not validated today, None for any other."""
    rows = assessment.skills.select_related("skill__framework", "level").filter(level__is_acquired=True)
    return rows.exclude(validations__withdrawn_at=None, validations__isnull=False).filter(pk=assessed_skill_id).first()


def last_day_seen(assessment: CompanyAssessment) -> date:
    """Return the day on which the company last saw the trainee at work: the last day said, never after the sending."""
    last = assessment.last_day or assessment.internship.last_day
    return min(last, timezone.localdate(assessment.submitted_at)) if assessment.submitted_at else last


@dataclass(frozen=True)
class Missed:
    """What the presences noted in a company say was missed, in minutes; `noted` half-days were noted in all."""

    minutes: int
    half_days: int
    noted: int


def missed_in_company(internship: Internship) -> Missed:
    """Return what was missed of an internship as the school noted it: absences, leaves and lateness. One query."""
    away = ~Q(state__in=THERE)
    told = AttendanceHalfDay.objects.filter(internship=internship).aggregate(
        away=Coalesce(Sum("minutes", filter=away), 0),
        late=Coalesce(Sum("late_minutes"), 0),
        half_days=Count("pk", filter=away),
        noted=Count("pk"),
    )
    return Missed(told["away"] + told["late"], told["half_days"], told["noted"])


def sealed_assessment(assessment: CompanyAssessment) -> Document | None:
    """Return the sealed paper of what the company sent, None while there is none."""
    return current_document(ASSESSMENT_KIND, subject_of(assessment))


def trail_of_assessment(assessment: CompanyAssessment, validations: list[SkillValidation]) -> list[Entry]:
    """Return the acts on an assessment and on what was validated from it, latest first. One query.

    What is asked of the company is written on the internship, with the number of the version.
    """
    own = [subject_of(row) for row in (assessment, *validations)]
    asked = Q(subject=subject_of(assessment.internship), detail__assessment=assessment.pk)
    rows = Entry.objects.filter(Q(subject__in=own) | asked).select_related("actor")
    return list(rows.order_by("-at", "-pk")[:HISTORY_SHOWN])


@dataclass(frozen=True)
class RespondentAccess:
    """Where the link of whoever is asked stands: the link itself, the last message that carried it."""

    link: PersonalLink | None = None
    message: Mail | None = None

    @property
    def state(self) -> State:
        return link_state(self.link) if self.link else NO_LINK

    @property
    def message_state(self) -> State | None:
        return message_state(self.message) if self.message else None

    @property
    def message_next(self) -> str:
        return next_step(self.message) if self.message else ""


def respondent_access(assessment: CompanyAssessment) -> RespondentAccess:
    """Return where the link of whoever is asked stands: one link a person, whatever they are asked. Two queries."""
    contact = assessment.respondent
    if contact is None:
        return RespondentAccess()
    mails = mails_of(contact).filter(kind__in=[ASK_MAIL, REMIND_MAIL, HANDED_MAIL]).defer("context")
    return RespondentAccess(link_of(contact), mails.order_by("-requested_at", "-pk").first())
