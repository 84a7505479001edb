"""The skills that an assessment asks about: those planned first, then those that the company added."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from e2c_portal.kernel.search import fold
from trainees.life import frameworks as life
from trainees.models import CompanyAssessment, Skill, SkillFramework, SkillLevel, SkillLevelWords

# A choice that is not a level.
NOT_SEEN = "none"
FOUND_AT_MOST = 60


@dataclass(frozen=True)
class LevelAsked:
    """One level as it is shown for one skill: what it looks like for this skill when the framework says it."""

    pk: int
    name: str
    meaning: str
    is_acquired: bool


@dataclass(frozen=True)
class SkillAsked:
    """One skill to assess. `closed`: its framework was retired since; it is kept to be read, and is not sent."""

    pk: int
    name: str
    description: str
    domain: str
    framework: str
    framework_id: int
    code: str
    planned: bool
    closed: bool
    levels: list[LevelAsked] = field(default_factory=list)

    @property
    def level_field(self) -> str:
        return f"level-{self.pk}"

    @property
    def situation_field(self) -> str:
        return f"situation-{self.pk}"

    def level(self, choice: str) -> LevelAsked | None:
        """Return the level of a choice, None for « non observé » or anything else."""
        return next((level for level in self.levels if str(level.pk) == choice), None)


def skills_asked(assessment: CompanyAssessment) -> list[SkillAsked]:
    """Return the skills of an assessment in the order they are shown. Four queries, whatever their number."""
    planned = list(assessment.internship.planned_skills.values_list("skill_id", flat=True))
    added = [number for number in added_in(assessment.draft) if number not in planned]
    wanted = set(planned) | set(added)
    rows = Skill.objects.filter(pk__in=wanted).select_related("domain", "framework")
    ordered = sorted(
        rows, key=lambda row: (row.pk not in planned, row.framework.name, row.domain.position, row.position)
    )
    levels = levels_by_framework({row.framework_id for row in ordered})
    words = words_by_skill(wanted)
    return [_asked(row, row.pk in planned, levels[row.framework_id], words) for row in ordered]


def added_in(draft: dict[str, Any]) -> list[int]:
    """Return the skills that the company added, as the draft keeps them."""
    return [number for number in draft.get("added", []) if isinstance(number, int)]


def levels_by_framework(frameworks: Iterable[int]) -> dict[int, list[SkillLevel]]:
    """Return the scale of each framework, the lowest level first. One query."""
    found: dict[int, list[SkillLevel]] = {number: [] for number in frameworks}
    for level in SkillLevel.objects.filter(framework__in=list(found)).order_by("framework", "rank"):
        found[level.framework_id].append(level)
    return found


def words_by_skill(skills: Iterable[int]) -> dict[tuple[int, int], str]:
    """Return what a level looks like for a skill, by skill and level, when a framework says it. One query."""
    rows = SkillLevelWords.objects.filter(skill__in=list(skills)).values_list("skill_id", "level_id", "words")
    return {(skill, level): told for skill, level, told in rows}


def _asked(row: Skill, planned: bool, scale: list[SkillLevel], words: dict[tuple[int, int], str]) -> SkillAsked:
    levels = [
        LevelAsked(level.pk, level.name, words.get((row.pk, level.pk), level.meaning), level.is_acquired)
        for level in scale
    ]
    framework = row.framework
    return SkillAsked(
        row.pk, row.name, row.description, row.domain.name, framework_words(framework), framework.pk, row.code, planned,
        framework.status != life.PUBLISHED, levels,
    )  # fmt: skip


def framework_words(framework: SkillFramework) -> str:
    """Return the name of a framework as people read it: a sample says that it is one."""
    return f"{framework.name}, exemple" if framework.is_example else framework.name


def addable_skills(assessment: CompanyAssessment) -> QuerySet[Skill]:
    """Return the skills that may be added: of the frameworks in force that fit the trade of the internship."""
    trade = assessment.internship.trade
    fits = Q(framework__rome_codes=[])
    if trade:
        fits |= Q(framework__rome_codes__contains=[trade.code])
    return Skill.objects.filter(fits, framework__status=life.PUBLISHED)


def skills_found(assessment: CompanyAssessment, words: str) -> list[Skill]:
    """Return the skills to choose from, those not asked about yet, that hold every word typed. Three queries."""
    taken = {skill.pk for skill in skills_asked(assessment)}
    rows = addable_skills(assessment).exclude(pk__in=taken).select_related("domain", "framework")
    typed = fold(words).split()
    found = []
    # Some frameworks in force, a few hundred skills: they are read whole so that accents and capitals do not count.
    for row in rows.order_by("framework__name", "domain__position", "position"):
        text = fold(f"{row.name} {row.description} {row.domain.name}")
        if all(word in text for word in typed):
            found.append(row)
    return found[:FOUND_AT_MOST]
