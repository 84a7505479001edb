"""What is typed in an assessment and not yet sent: kept field by field, merged between devices, checked before sending.

Each page says what it showed (`seen`, a short print of every value): a field is changed only by whoever changed it on screen.
Two devices that change the same field: the later value stands in the field, the earlier one is kept beside it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from e2c_portal.kernel.nir import REFUSAL, holds_nir
from trainees.life import internships as internship_life
from trainees.models import CompanyAssessment, Internship
from trainees.models.attendance import Presence
from trainees.reads.assessment_skills import NOT_SEEN, SkillAsked

FACTS = ("outcome", "last_day", "missed_hours", "would_host_again", "job_offered", "job_starts_on", "words")
# A draft takes more than what may be sent: what is too long is told at sending, and kept meanwhile.
DRAFT_LIMIT, KEPT_AT_MOST, SKILLS_AT_MOST = 8000, 200, 100
SITUATION_LIMIT, WORDS_LIMIT = 500, 4000
TOO_LONG = "Ce texte est trop long pour être gardé : {limit} caractères au plus. Raccourcissez-le."
CHOICES: dict[str, Any] = {
    "outcome": CompanyAssessment.Outcome, "would_host_again": CompanyAssessment.Again, "job_offered": CompanyAssessment.Job,
}  # fmt: skip


def print_of(value: str) -> str:
    """Return the short print of a value, the empty one for no value."""
    return hashlib.sha256(value.encode()).hexdigest()[:8] if value else ""


def seen_of(values: Mapping[str, str]) -> str:
    """Return what a page remembers of what it shows, as one hidden field."""
    prints = {name: print_of(value) for name, value in values.items() if value}
    return json.dumps(prints, separators=(",", ":"))


def read_seen(text: str) -> dict[str, str]:
    """Return what a page says it showed; anything else counts as a page that showed nothing."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


@dataclass
class Merged:
    """A draft after a page was saved: its values, what was typed elsewhere, and what could not be kept."""

    values: dict[str, str]
    kept: list[dict[str, str]]
    refused: dict[str, str] = field(default_factory=dict)
    changed: bool = False
    both: list[str] = field(default_factory=list)


def merge(assessment: CompanyAssessment, skills: list[SkillAsked], posted: Mapping[str, str], seen: str) -> Merged:
    """Return the draft with what a page changed. Fields and choices that the page does not have are ignored."""
    draft = assessment.draft
    shown = shown_values(assessment, skills)
    merged = Merged(dict(draft.get("values", {})), list(draft.get("kept", [])))
    prints = read_seen(seen)
    for name in field_names(skills):
        if name in posted:
            _merge_one(merged, name, _clean(posted[name]), shown.get(name, ""), prints.get(name, ""), skills)
    merged.kept = merged.kept[-KEPT_AT_MOST:]
    return merged


def _merge_one(merged: Merged, name: str, typed: str, stored: str, print_seen: str, skills: list[SkillAsked]) -> None:
    if typed == stored or print_of(typed) == print_seen or not _is_choice(name, typed, skills):
        return
    if holds_nir(typed):
        merged.refused[name] = REFUSAL
        return
    if len(typed) > DRAFT_LIMIT:
        merged.refused[name] = TOO_LONG.format(limit=DRAFT_LIMIT)
        return
    continued = _is_text(name) and typed.startswith(stored)
    if stored and print_of(stored) != print_seen and not continued:
        merged.kept.append({"field": name, "value": stored, "at": timezone.now().isoformat(timespec="minutes")})
        merged.both.append(name)
    merged.values[name], merged.changed = typed, True


def _is_text(name: str) -> bool:
    return name == "words" or name.startswith("situation-")


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def _is_choice(name: str, typed: str, skills: list[SkillAsked]) -> bool:
    """Say whether a choice is one that the page offers: another one, written by hand, counts for nothing."""
    if name in CHOICES:
        return typed in CHOICES[name].values
    if name.startswith("level-"):
        skill = next(row for row in skills if row.level_field == name)
        return typed in ("", NOT_SEEN) or skill.level(typed) is not None
    return True


def field_names(skills: list[SkillAsked]) -> list[str]:
    """Return the names of the fields of a page, in the order they are read."""
    of_skills = [name for skill in skills for name in (skill.level_field, skill.situation_field)]
    return [*FACTS[:3], *of_skills, *FACTS[3:]]


def shown_values(assessment: CompanyAssessment, skills: list[SkillAsked]) -> dict[str, str]:
    """Return the values that a page shows: what was typed, else what is known already. One query."""
    return known_already(assessment.internship) | assessment.draft.get("values", {})


def known_already(internship: Internship) -> dict[str, str]:
    """Return what the presences and the life of the internship already say. One query."""
    known = {"missed_hours": hours_missed(internship)}
    if internship.status == internship_life.BROKEN and internship.ended_early_on:
        known |= {"outcome": "partial", "last_day": internship.ended_early_on.isoformat()}
    return {name: value for name, value in known.items() if value}


def hours_missed(internship: Internship) -> str:
    """Return the hours missed in the company as the presences tell: « 7 », « 3,5 », empty when nothing is noted."""
    noted = internship.half_days.aggregate(  # type: ignore[attr-defined]
        away=Sum("minutes", filter=Q(state__in=[Presence.ABSENT, Presence.LEAVE])),
        late=Sum("late_minutes"),
        all=Sum("minutes"),
    )
    if noted["all"] is None:
        return ""
    hours = Decimal((noted["away"] or 0) + (noted["late"] or 0)) / 60
    return f"{hours:.1f}".removesuffix(".0").replace(".", ",")


@dataclass
class Checked:
    """A draft as it would be sent: columns, skills with their level, and every fault beside its field."""

    facts: dict[str, Any]
    skills: list[tuple[SkillAsked, str, str]]
    errors: dict[str, str]
    unanswered: list[SkillAsked]
    set_aside: list[tuple[SkillAsked, str, str]]


def checked(assessment: CompanyAssessment, skills: list[SkillAsked]) -> Checked:
    """Check a draft as it stands. A planned skill left without answer counts as « non observé », and the page says so first."""
    values = shown_values(assessment, skills)
    facts, errors = _facts(values, assessment.internship)
    result = Checked(facts, [], errors, [], [])
    if facts["outcome"] != CompanyAssessment.Outcome.NO_SHOW:
        _check_skills(result, values, skills)
        return result
    # Nobody came: what had been typed of skills is kept beside, and counts for nothing.
    typed = [(skill, values.get(skill.level_field, ""), values.get(skill.situation_field, "")) for skill in skills]
    result.set_aside = [one for one in typed if one[1] or one[2]]
    return result


def _check_skills(result: Checked, values: Mapping[str, str], skills: list[SkillAsked]) -> None:
    for skill in skills:
        choice, situation = values.get(skill.level_field, ""), values.get(skill.situation_field, "")
        if skill.closed:
            if choice or situation:
                result.set_aside.append((skill, choice, situation))
            continue
        if len(situation) > SITUATION_LIMIT:
            result.errors[skill.situation_field] = f"Raccourcissez ce texte : {SITUATION_LIMIT} caractères au plus."
        if not choice:
            result.unanswered.append(skill)
        result.skills.append((skill, choice, situation))
    if not any(choice for _, choice, _ in result.skills):
        first = next((skill.level_field for skill in skills if not skill.closed), "")
        result.errors[first or "skills"] = "Choisissez un niveau, ou « Non observé », pour au moins une compétence."


def _facts(values: Mapping[str, str], internship: Internship) -> tuple[dict[str, Any], dict[str, str]]:
    errors: dict[str, str] = {}
    outcome = values.get("outcome", "")
    came = outcome != CompanyAssessment.Outcome.NO_SHOW
    facts: dict[str, Any] = {
        "outcome": outcome, "last_day": None, "missed_hours": _hours(values.get("missed_hours", ""), errors) if came else None,
        "would_host_again": values.get("would_host_again", ""), "job_offered": values.get("job_offered", "") if came else "",
        "job_starts_on": None, "words": values.get("words", ""),
    }  # fmt: skip
    if not outcome:
        errors["outcome"] = "Dites comment le stage s’est passé."
    if outcome == CompanyAssessment.Outcome.PARTIAL:
        facts["last_day"] = _last_day(values.get("last_day", ""), internship, errors)
    if not facts["would_host_again"]:
        errors["would_host_again"] = "Dites si vous accueilleriez de nouveau un stagiaire."
    if came and outcome and not facts["job_offered"]:
        errors["job_offered"] = "Dites si un emploi ou un apprentissage lui est proposé."
    if facts["job_offered"] not in ("", CompanyAssessment.Job.NONE):
        facts["job_starts_on"] = _day(values.get("job_starts_on", ""), "job_starts_on", errors)
    if len(facts["words"]) > WORDS_LIMIT:
        errors["words"] = f"Raccourcissez ce texte : {WORDS_LIMIT} caractères au plus."
    return facts, errors


def _last_day(text: str, internship: Internship, errors: dict[str, str]) -> date | None:
    day = _day(text, "last_day", errors)
    if day is None:
        errors.setdefault("last_day", "Indiquez le dernier jour de présence.")
    elif not internship.starts_on <= day <= min(internship.ends_on, timezone.localdate()):
        errors["last_day"] = (
            f"Choisissez un jour du stage, déjà passé : il a commencé le {internship.starts_on:%d/%m/%Y} et devait finir "
            f"le {internship.ends_on:%d/%m/%Y}."
        )
    return day


def _day(text: str, name: str, errors: dict[str, str]) -> date | None:
    """Read a date typed by hand (27/11/2026) or given by a calendar (2026-11-27)."""
    if not text:
        return None
    french = re.fullmatch(r"(\d{1,2})[/. ](\d{1,2})[/. ](\d{4})", text)
    try:
        return date(int(french[3]), int(french[2]), int(french[1])) if french else date.fromisoformat(text)
    except ValueError:
        errors[name] = "Cette date n’existe pas : écrivez-la comme 27/11/2026."
        return None


def _hours(text: str, errors: dict[str, str]) -> Decimal | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{1,3}([.,]\d)?", text) or Decimal(text.replace(",", ".")) > 900:
        errors["missed_hours"] = "Écrivez un nombre d’heures, de 0 à 900, par exemple 3,5."
        return None
    return Decimal(text.replace(",", "."))
