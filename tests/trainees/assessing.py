"""A stay that began, the assessment asked of its tutor, and their link open in a browser."""

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.attendance import stay, under_way
from tests.factories.skills import framework, planned_in
from tests.factories.spaces import Space, link_received
from trainees.models import CompanyAssessment, Internship, SkillFramework
from trainees.operations.assessments import ask, open_assessment


def begun(school: School, actor: User, *, ends_in: int = 3, **facts: Any) -> Internship:
    """Return an internship that began a week ago and ends within some days."""
    today = timezone.localdate()
    pathway = under_way(school, actor, ends_on=today + timedelta(days=200))
    return stay(pathway, actor, today - timedelta(days=7), today + timedelta(days=ends_in), **facts)


def to_assess(
    school: School, actor: User, *, skills: int = 3, ends_in: int = 3
) -> tuple[Internship, SkillFramework, CompanyAssessment]:
    """Return an internship with planned skills and the assessment that waits for its tutor."""
    internship = begun(school, actor, ends_in=ends_in)
    frame = framework(actor, skills=skills)
    planned_in(internship, frame, actor)
    return internship, frame, open_assessment(internship.pk, actor)


@dataclass
class Tutor(Space):
    """Whoever assesses, in a browser of their own."""

    def at(self, page: str, row: CompanyAssessment) -> str:
        return f"{page}/{row.public_id}/"

    def form(self, row: CompanyAssessment) -> dict[str, str]:
        """Return the hidden fields of the form as the page gives them."""
        text = self.text(self.at("evaluer", row))
        found = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
        return {name: value.replace("&quot;", '"') for name, value in found.items()}

    def types(self, row: CompanyAssessment, typed: dict[str, str], *, do: str = "keep", page: str = "evaluer") -> Any:
        """Type in the page as it is now, and press a button."""
        return self.browser.post(self.first + self.at(page, row), self.form(row) | typed | {"do": do})

    def sends(self, row: CompanyAssessment) -> Any:
        row.refresh_from_db()
        return self.browser.post(self.first + self.at("verifier", row), {"revision": row.draft_revision})


def tutor_of(row: CompanyAssessment, actor: User) -> Tutor:
    """Ask the person in charge, and open the link they receive."""
    ask(row.pk, actor)
    return Tutor(row.respondent, link_received(row.respondent.email))


def answers(frame: SkillFramework, **facts: str) -> dict[str, str]:
    """Return a whole assessment, as it is typed: the third level for the first skill, the second not seen."""
    skills = list(frame.skills.all())
    third = frame.levels.get(rank=3)
    return {
        "outcome": "completed", "missed_hours": "3,5", "would_host_again": "yes", "job_offered": "none",
        "words": "Ponctuel, curieux.", f"level-{skills[0].pk}": str(third.pk), f"situation-{skills[0].pk}": "Au comptoir.",
        f"level-{skills[1].pk}": "none",
    } | facts  # fmt: skip


def kept_by(row: CompanyAssessment) -> dict[str, str]:
    row.refresh_from_db()
    values: dict[str, str] = row.draft.get("values", {})
    return values


def told(answer: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(answer.content)
    return read


def days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def another_browser(link: str, contact: Any) -> Tutor:
    """Open the same link on another device."""
    return Tutor(contact, link, Client(enforce_csrf_checks=True))
