"""Frameworks and assessments of the tests, at the stage one asks for. The real operations have tests of their own."""

from datetime import date
from typing import Any

from django.utils import timezone

from e2c_portal.accounts.models import User
from trainees.models import (
    AssessedSkill,
    CompanyAssessment,
    Internship,
    PlannedSkill,
    Skill,
    SkillDomain,
    SkillFramework,
    SkillLevel,
)  # fmt: skip

SCALE = (("Découvre", False), ("Fait avec de l’aide", False), ("Fait seul", True), ("Sait le montrer", True))
ASSESSED_ON = date(2026, 11, 20)


def framework(
    actor: User, code: str = "essai", *, skills: int = 3, published: bool = True, **facts: Any
) -> SkillFramework:
    """Return a framework of one domain, four levels and a few skills named « Compétence 1 », « Compétence 2 »…"""
    row = SkillFramework.objects.create(
        code=code, loaded_by=actor,
        **{"name": f"Référentiel {code}", "kind": "network", "source": "Essais", "is_example": True} | facts,
    )  # fmt: skip
    for rank, (name, is_acquired) in enumerate(SCALE, 1):
        SkillLevel.objects.create(framework=row, rank=rank, name=name, meaning=f"{name}.", is_acquired=is_acquired)
    domain = SkillDomain.objects.create(framework=row, position=1, code="D1", name="Domaine 1")
    for position in range(1, skills + 1):
        Skill.objects.create(
            framework=row, domain=domain, position=position, code=f"C{position}", name=f"Compétence {position}",
            description=f"Fait la tâche {position}.",
        )  # fmt: skip
    return publish(row) if published else row


def publish(row: SkillFramework, on: date | None = None) -> SkillFramework:
    """Only say that a framework is in force."""
    row.status, row.published_on = "published", on or date(2026, 1, 1)
    row.save()
    return row


def level(row: SkillFramework, rank: int) -> SkillLevel:
    """Return a level of a framework: from the third up, the skill is acquired."""
    return row.levels.get(rank=rank)


def planned_in(internship: Internship, row: SkillFramework, actor: User) -> list[PlannedSkill]:
    """Plan every skill of a framework in an internship."""
    return [
        PlannedSkill.objects.create(internship=internship, skill=skill, planned_by=actor) for skill in row.skills.all()
    ]


def assessment_of(internship: Internship, **facts: Any) -> CompanyAssessment:
    """Return an assessment that waits for the tutor of the internship."""
    known = {"respondent": internship.tutor, "due_on": internship.last_day, "asked_at": timezone.now()} | facts
    return CompanyAssessment.objects.create(internship=internship, school_id=internship.school_id, **known)


def said_submitted(
    assessment: CompanyAssessment, levels: dict[Skill, SkillLevel | None], **facts: Any
) -> CompanyAssessment:
    """Only say that a company sent its assessment, of an internship that began: there is no document behind it."""
    for skill, reached in levels.items():
        AssessedSkill.objects.create(assessment=assessment, skill=skill, level=reached, situation="Au poste.")
    known = {
        "status": "submitted", "outcome": "completed", "would_host_again": "yes", "job_offered": "none",
        "told_by": assessment.respondent, "submitted_at": timezone.now(), "sha256": "0" * 64, "content": {"essai": True},
    } | facts  # fmt: skip
    for name, value in known.items():
        setattr(assessment, name, value)
    assessment.save()
    return assessment
