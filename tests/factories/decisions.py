"""Assessments at the moment when a school decides: sent by a company, answered by the trainee, sent again."""

from datetime import date
from typing import Any

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.internships import somebody_planned
from tests.factories.skills import assessment_of, framework, level, planned_in, said_submitted
from tests.factories.timetables import full_weeks
from trainees.models import AssessedSkill, CompanyAssessment, Internship, SkillFramework, TraineeAnswer
from trainees.operations.skill_decisions import Decision, return_assessment, validate_assessment
from trainees.operations.trainee_answers import answer_assessment
from trainees.reads.assessment_page import latest_of, mark_of, versions_of

FIRST, LAST = date(2026, 11, 16), date(2026, 11, 27)


def stay_begun(school: School, actor: User) -> Internship:
    """Plan the internship of somebody new, which began already."""
    return somebody_planned(school, actor, accepted=True, starts_on=FIRST, ends_on=LAST, stints=full_weeks(FIRST, LAST))


def sent_by_company(school: School, actor: User, frame: SkillFramework) -> CompanyAssessment:
    """Acquired, not acquired, not seen: what a company sent of three skills that were planned."""
    stay = stay_begun(school, actor)
    planned_in(stay, frame, actor)
    first, second, third = frame.skills.all()
    return said_submitted(assessment_of(stay), {first: level(frame, 3), second: level(frame, 1), third: None})


def seen(assessment: CompanyAssessment) -> str:
    """Return what a page that shows the assessment now remembers of it."""
    versions = versions_of(assessment.internship)
    row = next(one for one in versions if one.pk == assessment.pk)
    return mark_of(row, latest_of(versions, row))


def good(assessment: CompanyAssessment) -> AssessedSkill:
    return assessment.skills.get(skill__code="C1")


def validated(assessment: CompanyAssessment, actor: User, *decisions: Decision, **more: Any) -> CompanyAssessment:
    return validate_assessment(assessment.pk, decisions, actor, **({"seen": seen(assessment)} | more))


def agreed(assessment: CompanyAssessment) -> TraineeAnswer:
    return answer_assessment(assessment.pk, True, "", {})


def disputed(assessment: CompanyAssessment) -> TraineeAnswer:
    return answer_assessment(assessment.pk, False, "", {good(assessment).pk: "Je le fais avec mon collègue."})


def said_replaced(sent: CompanyAssessment, actor: User, reached: int = 4) -> CompanyAssessment:
    """Return the second version, sent after a question, that replaces the first one."""
    frame = good(sent).skill.framework
    following = return_assessment(sent.pk, "Seul ?", actor, seen=seen(sent))
    first, second, _ = frame.skills.all()
    said_submitted(following, {first: level(frame, reached), second: level(frame, 1)}, missed_hours=2, draft={})
    CompanyAssessment.objects.filter(pk=sent.pk).update(status="superseded")
    return following


def a_sent_one(school: School, actor: User, code: str, skills: int) -> CompanyAssessment:
    frame = framework(actor, code, skills=skills)
    stay = stay_begun(school, actor)
    sent = said_submitted(assessment_of(stay), dict.fromkeys(frame.skills.all(), level(frame, 3)))
    agreed(sent)
    return sent
