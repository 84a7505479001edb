"""The page on which a company assesses a trainee, ready to be written: every value, choice, error and second typing in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format

from trainees.models import CompanyAssessment
from trainees.reads.assessment_drafts import CHOICES, seen_of, shown_values
from trainees.reads.assessment_skills import NOT_SEEN, SkillAsked

LABELS = {
    "outcome": "Comment s’est passé le stage", "last_day": "Dernier jour de présence", "missed_hours": "Heures manquées",
    "would_host_again": "Accueillir de nouveau", "job_offered": "Emploi ou apprentissage", "job_starts_on": "À partir du",
    "words": "Vos mots",
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One card to tick."""

    pk: str
    value: str
    label: str
    meaning: str
    checked: bool


@dataclass(frozen=True)
class Field:
    """One field of the page: its value, what is wrong with it, and what another device had typed in it."""

    name: str
    value: str
    error: str
    elsewhere: list[str]
    choices: list[Choice] = field(default_factory=list)

    @property
    def pk(self) -> str:
        """The id of what takes the focus: the first card, or the field itself."""
        return self.choices[0].pk if self.choices else self.name

    @property
    def described_by(self) -> str:
        """The ids of what explains it, for screen readers."""
        parts = [f"{self.name}-err"] if self.error else []
        return " ".join([*parts, *([f"{self.name}-autre"] if self.elsewhere else [])])


@dataclass(frozen=True)
class SkillShown:
    """One skill and its two fields."""

    skill: SkillAsked
    level: Field
    situation: Field

    @property
    def opened(self) -> bool:
        """Show the situation unfolded when there is something to read there."""
        return bool(self.situation.value or self.situation.error or self.situation.elsewhere)


@dataclass(frozen=True)
class Group:
    """The skills of one domain, in the order they are asked."""

    framework: str
    domain: str
    planned: bool
    skills: list[SkillShown]


@dataclass(frozen=True)
class FormSheet:
    """All that the page shows."""

    facts: dict[str, Field]
    groups: list[Group]
    closed: list[SkillShown]
    errors: list[tuple[str, str, str]]
    both: bool
    seen: str
    saved_at: str


def form_sheet(
    assessment: CompanyAssessment,
    skills: list[SkillAsked],
    errors: Mapping[str, str],
    typed: Mapping[str, str] | None = None,
) -> FormSheet:
    """Return the page of an assessment. `typed` is what could not be kept: it stays on screen beside its error."""
    stored = shown_values(assessment, skills)
    values = stored | dict(typed or {})
    elsewhere: dict[str, list[str]] = {}
    for kept in assessment.draft.get("kept", []):
        elsewhere.setdefault(kept["field"], []).append(kept["value"])
    facts = {name: _fact(name, values, errors, elsewhere) for name in LABELS}
    shown = [_skill(skill, values, errors, elsewhere) for skill in skills]
    asked = [row for row in shown if not row.skill.closed]
    return FormSheet(
        facts, _groups(asked), [row for row in shown if row.skill.closed], _errors(facts, asked, errors),
        bool(elsewhere), seen_of(stored), saved_words(assessment.draft_saved_at),
    )  # fmt: skip


def _fact(name: str, values: Mapping[str, str], errors: Mapping[str, str], elsewhere: dict[str, list[str]]) -> Field:
    value = values.get(name, "")
    options = CHOICES[name].choices if name in CHOICES else []
    choices = [Choice(f"{name}-{key}", key, label, "", key == value) for key, label in options]
    words = dict(options)
    return Field(
        name, value, errors.get(name, ""), [words.get(told, told) for told in elsewhere.get(name, [])], choices
    )


def _skill(
    skill: SkillAsked, values: Mapping[str, str], errors: Mapping[str, str], elsewhere: dict[str, list[str]]
) -> SkillShown:
    name, value = skill.level_field, values.get(skill.level_field, "")
    choices = [
        Choice(f"{name}-{level.pk}", str(level.pk), level.name, level.meaning, str(level.pk) == value)
        for level in skill.levels
    ]
    choices.append(Choice(f"{name}-{NOT_SEEN}", NOT_SEEN, "Non observé", "", value == NOT_SEEN))
    words = {choice.value: choice.label for choice in choices}
    other = [words.get(told, told) for told in elsewhere.get(name, [])]
    text = skill.situation_field
    return SkillShown(
        skill, Field(name, value, errors.get(name, ""), other, choices),
        Field(text, values.get(text, ""), errors.get(text, ""), elsewhere.get(text, [])),
    )  # fmt: skip


def _groups(shown: list[SkillShown]) -> list[Group]:
    by_place = groupby(shown, key=lambda row: (row.skill.framework, row.skill.domain, row.skill.planned))
    return [Group(framework, domain, planned, list(rows)) for (framework, domain, planned), rows in by_place]


def _errors(facts: dict[str, Field], shown: list[SkillShown], errors: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the summary in the order of the page: the id to go to, the name of the field, what is wrong."""
    found = [(one.pk, LABELS[one.name], one.error) for one in list(facts.values())[:3] if one.error]
    for row in shown:
        found += [(one.pk, row.skill.name, one.error) for one in (row.level, row.situation) if one.error]
    if "skills" in errors:
        found.append(
            ("ajouter", "Compétences", "Ajoutez au moins une compétence, ou dites que la personne n’est pas venue.")
        )
    return found + [(one.pk, LABELS[one.name], one.error) for one in list(facts.values())[3:] if one.error]


def saved_words(moment: datetime | None) -> str:
    """Return when the draft was last kept: « Enregistré à 10:42 », with its day when it is not today."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    day = "" if local.date() == timezone.localdate() else f"le {date_format(local, 'j F')} "
    return f"Enregistré {day}à {local:%H:%M}"
