"""A row behind a figure, whatever its kind, ready to be read or written to a file."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from partnerships.diffusion import exported_name
from trainees.models import AssessedSkill, Internship, PlannedSkill, Skill, SkillLevel, SkillValidation, Trainee


@dataclass(frozen=True)
class SkillRow:
    """Who, where, when, which skill, at which level; `url` is the page that tells the rest."""

    trainee: Trainee
    internship: Internship | None
    school: Any
    skill: Skill
    level: SkillLevel | None
    level_words: str
    on: date
    url: str

    @property
    def place(self) -> str:
        return str(self.internship.establishment.company) if self.internship else "À l’école"

    @property
    def exported_place(self) -> str:
        return exported_name(self.internship.establishment.company) if self.internship else "À l’école"


def skill_row(row: Any) -> SkillRow:
    """Return what a planned, assessed or validated skill tells."""
    if isinstance(row, PlannedSkill):
        stay = row.internship
        return _told(row.skill, None, "prévue", stay, stay.school, timezone.localdate(row.planned_at))
    if isinstance(row, AssessedSkill):
        stay, sent_at = row.assessment.internship, row.assessment.submitted_at
        words = row.level.name if row.level else "non observé"
        return _told(row.skill, row.level, words, stay, row.assessment.school, timezone.localdate(sent_at))
    return _validated(row)


def _validated(row: SkillValidation) -> SkillRow:
    seen = row.assessed_skill
    if seen:
        return _told(
            row.skill, row.level, row.level.name, seen.assessment.internship, row.school, row.seen_on, row.trainee
        )
    url = reverse("trainees:trainee", args=[row.trainee.public_id])
    return SkillRow(row.trainee, None, row.school, row.skill, row.level, row.level.name, row.seen_on, url)


def _told(
    skill: Skill, level: SkillLevel | None, words: str, stay: Internship, school: Any, on: date, trainee: Trainee | None = None
) -> SkillRow:  # fmt: skip
    return SkillRow(trainee or stay.trainee, stay, school, skill, level, words, on, stay.get_absolute_url())
