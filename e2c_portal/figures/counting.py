"""Count the measures: from the rows themselves, or from the cells that are kept ready.

A page reads cells, whatever the size of the network. Every change of a row leaves a mark (FigureChange, written by the database
in the same transaction); for the schools that bear one, the reader counts the rows themselves. So a figure is always that of the
moment. A watcher counts the marked cells again and takes the marks away (refreshing.py).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min, QuerySet, Sum
from django.utils import timezone

from e2c_portal.figures.measures import HOSTS, MEASURES, of_source
from e2c_portal.figures.models import ErasedCount, FigureCell, FigureChange, FigureCount
from e2c_portal.figures.places import Place
from e2c_portal.figures.sources import STAYS, Source, hosts_of
from trainees.models import Pathway

# (school, 0 for rows without one; year; measure) → number
Found = Counter[tuple[int, int, str]]
# (code of the place, year, measure) → number
Numbers = Counter[tuple[str, int, str]]
NO_SCHOOL = 0
# Among the schools of a mark: all of them.
EVERY = None
Marks = Mapping[tuple[str, int], set[int | None]]


@dataclass(frozen=True)
class Moment:
    """As known on which day, and when everything was counted for the last time (None: never, all is read from the rows)."""

    day: date
    at: datetime | None


def moment() -> Moment:
    """Return the day on which figures stand: that of the last whole count."""
    row = FigureCount.objects.first()
    return Moment(row.day, row.at) if row else Moment(timezone.localdate(), None)


def years_known() -> list[int]:
    """Return the civil years that figures may speak of, the first one first. Three small queries."""
    now = moment()
    if now.at is None:
        return years_since(now.day)
    first = [rows.aggregate(first=Min("year"))["first"] for rows in (FigureCell.objects, ErasedCount.objects)]
    return list(range(min([now.day.year, *filter(None, first)]), now.day.year + 1))


def years_since(day: date) -> list[int]:
    """Return the years from the first pathway of all, read from the rows, to a day."""
    entry = Pathway.objects.aggregate(first=Min("entered_on"))["first"]
    gone = ErasedCount.objects.aggregate(first=Min("year"))["first"]
    first = min([day.year, *([entry.year] if entry else []), *([gone] if gone else [])])
    return list(range(first, day.year + 1))


def live(
    sources: Iterable[Source], years: Collection[int], day: date, *, schools: Collection[int] | None = None,
    trainees: Collection[int] | None = None,
) -> Found:  # fmt: skip
    """Count from the rows, by school and year: one query a source and a year. `schools` and `trainees` narrow."""
    found: Found = Counter()
    for source in sources:
        measures = of_source(source)
        for year in years:
            rows = narrowed(source, source.rows(year, day).order_by(), schools)
            if trainees is not None:
                rows = rows.filter(**{f"{source.trainee}__in": trainees})
            for school, counted in _lines(source, rows):
                for measure, number in zip(measures, counted, strict=True):
                    if number:
                        found[school or NO_SCHOOL, year, measure.key] += number
    return found


def narrowed(source: Source, rows: QuerySet[Any], schools: Collection[int] | None) -> QuerySet[Any]:
    """Keep the rows of some schools, all of them for None. What belongs to no school belongs to the network alone."""
    if schools is None:
        return rows
    return rows.filter(**{f"{source.school}__in": schools}) if source.school else rows.none()


def _lines(source: Source, rows: QuerySet[Any]) -> Iterable[tuple[int | None, Sequence[int]]]:
    aggregates = {f"m{rank}": measure.counted() for rank, measure in enumerate(of_source(source))}
    if source.school:
        for school, *counted in rows.values_list(source.school).annotate(**aggregates):
            yield school, counted
    else:
        yield None, list(rows.aggregate(**aggregates).values())


def numbers(places: Sequence[Place], years: Collection[int], keys: Collection[str]) -> Numbers:
    """Return the numbers of places and years by their measures, those of erased files included.

    Four queries at most while nothing changed, and what is never kept ready (schools, sites, conventions).
    """
    now, found = moment(), Counter[tuple[str, int, str]]()
    own = {MEASURES[key].source for key in keys if key != HOSTS}
    families = {source.family for source in own if source.family} | ({STAYS} if HOSTS in keys else set())
    marks = _marks(families, years, now)
    cells = _cells(places, years, keys, marks)
    anew = _counted_anew({source for source in own if source.family}, marks, places, now.day)
    for place in places:
        for year in years:
            for key in keys:
                if key == HOSTS:
                    found[place.code, year, key] = _hosts(place, year, cells, marks, now.day)
                elif MEASURES[key].source.family:
                    found[place.code, year, key] = _told(place, year, key, cells, anew, marks)
    always = live((source for source in own if not source.family), years, now.day)
    for (school, year, key), number in (always + _erased(places, years, keys)).items():
        for place in places:
            if key in keys and (_holds(place, school) or not MEASURES[key].source.school):
                found[place.code, year, key] += number
    return found


def _holds(place: Place, school: int | None) -> bool:
    return place.schools is None or school in place.schools


def _marks(families: Collection[str], years: Collection[int], now: Moment) -> Marks:
    """Return the schools whose rows changed since they were counted, by family and year."""
    found: dict[tuple[str, int], set[int | None]] = {}
    if now.at is None:
        return {(family, year): {EVERY} for family in families for year in years}
    rows = FigureChange.objects.filter(family__in=families).order_by()
    for school, family, said in rows.values_list("school_number", "family", "year").distinct():
        for year in years if said is None else {said} & set(years):
            found.setdefault((family, year), set()).add(school)
    return found


def _cells(places: Sequence[Place], years: Collection[int], keys: Collection[str], marks: Marks) -> Numbers:
    """Read the cells of the places, and those of the schools that changed, at one stroke: they then belong together."""
    changed = {f"s{school}" for schools in marks.values() for school in schools if school is not EVERY}
    rows = FigureCell.objects.filter(
        place__in={place.code for place in places} | changed, year__in=years, measure__in=keys
    )
    return Counter(
        {
            (place, year, key): number
            for place, year, key, number in rows.values_list("place", "year", "measure", "number")
        }
    )


def _counted_anew(sources: Iterable[Source], marks: Marks, places: Sequence[Place], day: date) -> Found:
    """Count the rows of the schools that changed, as far as these places hold them."""
    asked = None if any(place.schools is None for place in places) else {s for p in places for s in p.schools or ()}
    found: Found = Counter()
    for source in sources:
        for (family, year), schools in marks.items():
            if family != source.family:
                continue
            changed = asked if EVERY in schools else {s for s in schools if asked is None or s in asked}
            if changed is None or changed - {NO_SCHOOL}:
                found += live([source], [year], day, schools=changed)  # type: ignore[arg-type]
            if changed is not None and NO_SCHOOL in changed:
                found += without_school(source, year, day)
    return found


def without_school(source: Source, year: int, day: date) -> Found:
    """Count the rows of a source that no school bears."""
    rows = source.rows(year, day).order_by().filter(**{source.school: None})
    told = [counted for _, counted in _lines(source, rows)]
    measures = of_source(source)
    return Counter(
        {
            (NO_SCHOOL, year, measure.key): line[rank]
            for line in told
            for rank, measure in enumerate(measures)
            if line[rank]
        }
    )


def _told(place: Place, year: int, key: str, cells: Numbers, anew: Found, marks: Marks) -> int:
    schools = marks.get((MEASURES[key].source.family, year), set())
    if EVERY in schools:
        return sum(n for (school, one, name), n in anew.items() if (one, name) == (year, key) and _holds(place, school))
    changed = [school for school in schools if _holds(place, school)]
    return cells[place.code, year, key] + sum(
        anew[school, year, key] - cells[f"s{school}", year, key] for school in changed if school is not EVERY
    )


def _hosts(place: Place, year: int, cells: Numbers, marks: Marks, day: date) -> int:
    schools = marks.get((STAYS, year), set())
    if any(school is EVERY or _holds(place, school) for school in schools):
        return hosts_of(year, day, place.schools).count()
    return cells[place.code, year, HOSTS]


def _erased(places: Sequence[Place], years: Collection[int], keys: Collection[str]) -> Found:
    rows = ErasedCount.objects.filter(year__in=years, measure__in=keys)
    if all(place.schools is not None for place in places):
        rows = rows.filter(school__in={school for place in places for school in place.schools or ()})
    lines = rows.order_by().values_list("school", "year", "measure").annotate(sum=Sum("number"))
    return Counter({(school or NO_SCHOOL, year, key): number for school, year, key, number in lines})


def erased(place: Place, year: int, keys: Collection[str]) -> Counter[str]:
    """Return what files erased since still count, by measure: no row stands behind it any more."""
    found: Counter[str] = Counter()
    for (_, _, key), number in _erased([place], [year], keys).items():
        found[key] += number
    return found
