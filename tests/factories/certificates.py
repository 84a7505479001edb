"""Pathways with validated skills, and their attestations by the real operations."""

from datetime import date

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.attendance import stay, under_way
from tests.factories.skills import assessment_of, framework, level, said_submitted
from trainees.models import (
    AssessedSkill,
    AttendanceHalfDay,
    Internship,
    Pathway,
    SkillFramework,
    SkillsCertificate,
    SkillValidation,
)
from trainees.operations.certificates import issue_certificate

MONDAY, TUESDAY, THURSDAY = date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 10)


def pathway_with_skills(school: School, actor: User, **facts: object) -> Pathway:
    """Return a pathway of 13 h 40 noted, with one skill validated from a company and one by the school."""
    facts = {"first_name": "Inès", "last_name": "Alba", "email": "ines@exemple.invalid"} | facts
    pathway = under_way(school, actor, **facts)
    internship = stay(pathway, actor, THURSDAY, date(2026, 9, 11), (THURSDAY, date(2026, 9, 11)))
    hours_of(pathway, internship, actor)
    frame = SkillFramework.objects.filter(code="essai").first() or framework(actor)
    seen_in_company(pathway, internship, frame, actor)
    seen_at_school(pathway, frame, actor)
    return pathway


def hours_of(pathway: Pathway, internship: Internship, actor: User) -> None:
    """Say of two days at school, one late by 20 minutes, one half-day away, and of a morning in company that they were noted."""
    place = {"school": pathway.school, "pathway": pathway, "trainee": pathway.trainee, "recorded_by": actor}
    at_school = (
        (MONDAY, "am", "present", 180, None), (MONDAY, "pm", "late", 240, 20), (TUESDAY, "am", "absent", 180, None),
        (TUESDAY, "pm", "present", 240, None),
    )  # fmt: skip
    rows = [
        AttendanceHalfDay(day=day, half=half, place="school", state=state, minutes=minutes, late_minutes=late, **place)
        for day, half, state, minutes, late in at_school
    ]
    in_company = {"day": THURSDAY, "half": "am", "place": "company", "state": "present", "minutes": 180}
    rows.append(AttendanceHalfDay(internship=internship, **in_company, **place))
    AttendanceHalfDay.objects.bulk_create(rows)


def seen_in_company(pathway: Pathway, internship: Internship, frame: SkillFramework, actor: User) -> SkillValidation:
    """Validate the first skill of a framework as the company of an internship saw it."""
    skill = frame.skills.first()
    sent = said_submitted(assessment_of(internship), {skill: level(frame, 3)})
    seen = AssessedSkill.objects.get(assessment=sent)
    return SkillValidation.objects.create(
        school=pathway.school, pathway=pathway, trainee=pathway.trainee, skill=skill, level=seen.level, source="company",
        assessed_skill=seen, seen_on=internship.last_day, validated_by=actor,
    )  # fmt: skip


def seen_at_school(pathway: Pathway, frame: SkillFramework, actor: User, rank: int = 4) -> SkillValidation:
    """Validate the last skill of a framework as the school saw it."""
    return SkillValidation.objects.create(
        school=pathway.school, pathway=pathway, trainee=pathway.trainee, skill=frame.skills.last(), level=level(frame, rank),
        source="school", reason="Vue à l’atelier.", seen_on=TUESDAY, validated_by=actor,
    )  # fmt: skip


def certificate_in(school: School, actor: User, **facts: object) -> SkillsCertificate:
    """Issue the attestation of somebody new."""
    return issue_certificate(pathway_with_skills(school, actor, **facts).pk, actor)
