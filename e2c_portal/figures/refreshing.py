"""Count the cells again: those of the schools that changed, by a watcher; all of them once a day, for the day itself counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from e2c_portal.figures.counting import EVERY, NO_SCHOOL, Found, live, moment, without_school, years_known, years_since
from e2c_portal.figures.measures import HOSTS, of_source
from e2c_portal.figures.models import NETWORK, ErasedHost, FigureCell, FigureChange, FigureCount
from e2c_portal.figures.sources import FAMILIES, SOURCES, STAYS, Source, done
from schools.models import School

# People type in bursts: a few seconds of company spare as many counts.
WAITS = timedelta(seconds=15)
MARKS_AT_ONCE = 20_000
# One counts at a time, whoever it is.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('figures', 0))"
DEPARTMENTS = """
INSERT INTO figures_figurecell (place, year, measure, number)
SELECT 'd' || s.department, c.year, c.measure, sum(c.number) FROM figures_figurecell c JOIN schools_school s ON c.place = 's' || s.id
WHERE s.department <> '' AND c.year = ANY(%s) AND c.measure = ANY(%s) GROUP BY 1, 2, 3
"""
WHOLE_NETWORK = """
INSERT INTO figures_figurecell (place, year, measure, number)
SELECT 'n', year, measure, sum(number) FROM figures_figurecell
WHERE place LIKE 's%%' AND year = ANY(%s) AND measure = ANY(%s) GROUP BY 2, 3
"""


def sweep() -> int:
    """Count again what changed, once it has waited a little: what the watcher calls. Returns how many marks went."""
    oldest = FigureChange.objects.aggregate(oldest=Min("at"))["oldest"]
    if oldest is None or moment().at is None or oldest > timezone.now() - WAITS:
        return 0
    return count_changes()


@transaction.atomic
def count_changes() -> int:
    """Count the marked cells again and take the marks away. A change that comes meanwhile leaves its own mark, and stays."""
    _one_at_a_time()
    now = moment()
    marks = list(
        FigureChange.objects.order_by("pk")[:MARKS_AT_ONCE].values_list("pk", "school_number", "family", "year")
    )
    years = years_known()
    todo: dict[tuple[str, int], set[int | None]] = defaultdict(set)
    for _, school, family, said in marks:
        for year in years if said is None else {said} & set(years):
            todo[family, year].add(school)
    for (family, year), schools in todo.items():
        _count(
            family, year, now.day, None if EVERY in schools else {school for school in schools if school is not None}
        )
    FigureChange.objects.filter(pk__in=[pk for pk, *_ in marks]).delete()
    return len(marks)


def count_all() -> None:
    """Count everything again as known today: after an installation, or a loading that put the triggers to sleep."""
    day = timezone.localdate()
    with transaction.atomic():
        _one_at_a_time()
        # The marks first: those of a change that ends while we count are not seen here, and stay.
        FigureChange.objects.all().delete()
        FigureCell.objects.all().delete()
        _count_years(years_since(day), day)


def count_daily() -> bool:
    """Bring the figures to the new day when there is one. Returns whether it did.

    The day only counts in its own year: those before stay as they are, with the marks of what changes in them.
    """
    now, day = moment(), timezone.localdate()
    if now.at is None:
        count_all()
        return True
    if now.day >= day:
        return False
    with transaction.atomic():
        _one_at_a_time()
        _count_years(range(now.day.year, day.year + 1), day)
    return True


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def _count_years(years: Iterable[int], day: date) -> None:
    for year in years:
        for family in FAMILIES:
            _count(family, year, day, None)
    FigureCount.objects.update_or_create(one=True, defaults={"day": day, "at": timezone.now()})


def _count(family: str, year: int, day: date, schools: Collection[int] | None) -> None:
    sources = [source for source in SOURCES.values() if source.family == family]
    keys = [measure.key for source in sources for measure in of_source(source)]
    found = _counted(sources, year, day, schools)
    stale = FigureCell.objects.filter(year=year, measure__in=keys)
    if schools is not None:
        stale = stale.filter(place__in=[f"s{school}" for school in schools])
    stale.delete()
    _write((f"s{school}", one, key, number) for (school, one, key), number in found.items())
    FigureCell.objects.filter(year=year, measure__in=keys).exclude(place__startswith="s").delete()
    with connection.cursor() as cursor:
        for statement in (DEPARTMENTS, WHOLE_NETWORK):
            cursor.execute(statement, [[year], keys])
    if family == STAYS:
        _count_hosts(year, day)


def _counted(sources: Sequence[Source], year: int, day: date, schools: Collection[int] | None) -> Found:
    """Count from the rows; those without a school (0) are asked for apart, for the database calls them otherwise."""
    found = live(sources, [year], day, schools=schools)
    if schools is not None and NO_SCHOOL in schools:
        for source in sources:
            found += without_school(source, year, day)
    return found


def _count_hosts(year: int, day: date) -> None:
    """Count the companies of each school, of each department and of the network: they do not add up."""
    pairs = set(done(year, day).order_by().values_list("school", "establishment__company").distinct())
    pairs |= set(ErasedHost.objects.filter(year=year).values_list("school", "establishment__company"))
    departments = dict(School.objects.exclude(department="").values_list("pk", "department"))
    by_place: dict[str, set[int]] = defaultdict(set)
    for school, company in pairs:
        by_place[f"s{school}"].add(company)
        by_place[NETWORK].add(company)
        if school in departments:
            by_place[f"d{departments[school]}"].add(company)
    FigureCell.objects.filter(year=year, measure=HOSTS).delete()
    _write((place, year, HOSTS, len(companies)) for place, companies in by_place.items())


def _write(cells: Iterable[tuple[str, int, str, int]]) -> None:
    rows = [FigureCell(place=place, year=year, measure=key, number=number) for place, year, key, number in cells]
    FigureCell.objects.bulk_create(rows, batch_size=2000)
