"""How often skills are planned, practised and validated, by school and year: read from the tally, whatever the number of stays."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet, Sum
from django.utils import timezone

from schools.scope import Scope
from trainees.life.frameworks import DRAFT
from trainees.models import Skill, SkillFramework, SkillLevel, SkillTally
from trainees.reads.internship_list import schools_to_choose
from trainees.reads.small_cells import Shown, part, total

Measure = SkillTally.Measure


@dataclass(frozen=True)
class Narrowing:
    """What the figures are narrowed to: one school, one civil year. Nothing by itself."""

    school_id: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class SkillLine:
    """The figures of one skill: stays that planned it, saw it at each level, did not see it, and validations."""

    skill: Skill
    planned: Shown
    practised: Shown
    by_level: tuple[tuple[SkillLevel, Shown], ...]
    unseen: Shown
    validated: Shown
    was_planned: bool
    was_practised: bool


@dataclass(frozen=True)
class Coverage:
    """How much of a version is used: numbers of skills, which are about nobody."""

    framework: SkillFramework
    skills: int
    planned: int
    practised: int
    validated: int

    @property
    def never_planned(self) -> int:
        return self.skills - self.planned

    @property
    def never_practised(self) -> int:
        return self.skills - self.practised


def frameworks_used() -> QuerySet[SkillFramework]:
    """Return the versions that were in force one day, those in force first."""
    return SkillFramework.objects.exclude(status=DRAFT).order_by("status", "name", "-version")


def lines_of(framework: SkillFramework, scope: Scope, narrowing: Narrowing) -> list[SkillLine]:
    """Return the figures of each skill of a version, in its order. Three queries."""
    skills = list(framework.skills.select_related("domain").order_by("domain__position", "position"))
    levels = list(framework.levels.all())
    cells: dict[tuple[int, str, int | None], int] = {}
    rows = _tallies([skill.pk for skill in skills], scope, narrowing).values_list("skill_id", "measure", "level_id")
    for skill_id, measure, level_id, number in rows.annotate(sum=Sum("number")):
        cells[skill_id, measure, level_id] = number
    return [_line(skill, levels, cells) for skill in skills]


def _line(skill: Skill, levels: Sequence[SkillLevel], cells: dict[tuple[int, str, int | None], int]) -> SkillLine:
    seen = [cells.get((skill.pk, Measure.SEEN, level.pk), 0) for level in levels]
    validated = [cells.get((skill.pk, Measure.VALIDATED, level.pk), 0) for level in levels]
    planned = cells.get((skill.pk, Measure.PLANNED, None), 0)
    return SkillLine(
        skill, part(planned), total(seen), tuple((level, part(count)) for level, count in zip(levels, seen, strict=True)),
        part(cells.get((skill.pk, Measure.SEEN, None), 0)), part(sum(validated)), planned > 0, sum(seen) > 0,
    )  # fmt: skip


def coverage_of(frameworks: Iterable[SkillFramework], scope: Scope, narrowing: Narrowing) -> list[Coverage]:
    """Return how much of each version is used. Two queries, whatever their number."""
    known = list(frameworks)
    counted = dict(
        Skill.objects.filter(framework__in=known).order_by().values_list("framework").annotate(number=Count("pk"))
    )
    used: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    skills = Skill.objects.filter(framework__in=known).values("pk")
    rows = _tallies(skills, scope, narrowing).values_list("skill__framework_id", "skill_id", "measure", "level_id")
    for framework_id, skill_id, measure, level_id, number in rows.annotate(sum=Sum("number")):
        if number > 0 and (measure != Measure.SEEN or level_id is not None):
            used[framework_id][measure].add(skill_id)
    return [
        Coverage(row, counted.get(row.pk, 0), *(len(used[row.pk][measure]) for measure in Measure)) for row in known
    ]


def _tallies(skills: Any, scope: Scope, narrowing: Narrowing) -> QuerySet[SkillTally]:
    rows = SkillTally.objects.filter(skill__in=skills).order_by()
    if not scope.whole_network:
        rows = rows.filter(school__in=sorted(scope.school_ids))
    if narrowing.school_id:
        rows = rows.filter(school=narrowing.school_id)
    return rows.filter(year=narrowing.year) if narrowing.year else rows


def years_to_choose() -> list[int]:
    """Return the years that may hold figures, the last first. One query, answered by an index."""
    this_year = timezone.localdate().year
    first = SkillTally.objects.aggregate(first=Min("year"))["first"] or this_year
    return list(range(this_year, first - 1, -1))


def schools_of(scope: Scope) -> list[tuple[int, str]]:
    """Return the schools that the figures may be narrowed to; none for whoever works in one."""
    return schools_to_choose(scope)
