"""Assessments sent of a stay that began, and the space of the trainee open in a browser, as tests of skills need them."""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from django.test import Client

from e2c_portal.accounts.models import User
from e2c_portal.documents import storage
from schools.models import School
from tests.factories.attendance import stay, under_way
from tests.factories.skills import assessment_of, framework, level, said_submitted
from tests.factories.spaces import Opened, link_received
from trainees.models import (
    AssessedSkill,
    CompanyAssessment,
    Evidence,
    Internship,
    SkillFramework,
    SkillValidation,
    Trainee,
)
from trainees.operations.trainee_space import grant_space

FIRST, LAST = date(2026, 10, 5), date(2026, 10, 16)


def stay_over(school: School, actor: User, first: date = FIRST, last: date = LAST, **facts: Any) -> Internship:
    """Return a stay of somebody new that is over."""
    return stay(under_way(school, actor, **facts), actor, first, last)


def sent_of(internship: Internship, frame: SkillFramework, *ranks: int | None, **facts: Any) -> CompanyAssessment:
    """Return the assessment of an internship, sent: the skills of the framework in order, at these levels."""
    levels = {skill: rank and level(frame, rank) for skill, rank in zip(frame.skills.all(), ranks, strict=False)}
    return said_submitted(assessment_of(internship), levels, **facts)


def sent_by_company(school: School, actor: User, *ranks: int | None, **facts: Any) -> CompanyAssessment:
    """Return an assessment sent of somebody new, on a framework of its own."""
    frame = framework(actor, f"essai{CompanyAssessment.objects.count()}", skills=max(3, len(ranks)))
    return sent_of(stay_over(school, actor, **facts), frame, *ranks)


def moved(assessment: CompanyAssessment, status: str, **facts: Any) -> CompanyAssessment:
    """Only say that an assessment moved."""
    for name, value in {"status": status, **facts}.items():
        setattr(assessment, name, value)
    assessment.save()
    return assessment


def corrected(assessment: CompanyAssessment, frame: SkillFramework, *ranks: int | None) -> CompanyAssessment:
    """Return the next version, sent in place of one that was returned."""
    moved(assessment, "returned")
    newer = assessment_of(assessment.internship, version=assessment.version + 1, question="Et la caisse ?")
    moved(assessment, "superseded")
    levels = {skill: rank and level(frame, rank) for skill, rank in zip(frame.skills.all(), ranks, strict=False)}
    return said_submitted(newer, levels)


def validated(seen: AssessedSkill, actor: User, **facts: Any) -> SkillValidation:
    """Validate a skill as a company saw it."""
    place = seen.assessment.internship
    return SkillValidation.objects.create(
        school_id=place.school_id, pathway_id=place.pathway_id, trainee_id=place.trainee_id, skill=seen.skill,
        **{"level": seen.level, "source": "company", "assessed_skill": seen, "seen_on": place.last_day, "validated_by": actor}
        | facts,
    )  # fmt: skip


def shown_by(trainee: Trainee, **facts: Any) -> Evidence:
    """Keep a small photo as if it had been cleaned: for what looks at portfolios. The real operation has tests of its own."""
    content, pathway = b"photo", trainee.pathways.get()
    known = {
        "title": "Mon mur",
        "file": storage.store("preuves/essais/photo.jpg", content),
        "mime": "image/jpeg",
    } | facts
    return Evidence.objects.create(
        trainee=trainee, pathway=pathway, school_id=pathway.school_id, sha256=sha256(content).hexdigest(), size=len(content),
        **known,
    )  # fmt: skip


@dataclass
class OwnSpace(Opened):
    """The space of a trainee, open in a browser without JavaScript."""

    trainee: Trainee
    link: str
    browser: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    first: str = ""

    def post(self, page: str, data: dict[str, Any]) -> Any:
        return self.browser.post(self.first + page, data)


def space_opened(trainee: Trainee, actor: User) -> OwnSpace:
    """Send the link to a trainee and open it."""
    grant_space(trainee.pk, actor)
    return OwnSpace(trainee, link_received(trainee.email))
