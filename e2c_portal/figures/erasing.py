"""What the figures keep of people whose files are erased: the difference that the erasure makes, and nothing else.

The same measures are counted before and after, for those people alone, in the transaction of the erasure. Whatever goes (the
whole file, or only what served to follow the person), the figures of past years do not move, and no row about anybody is kept.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Min

from e2c_portal.figures.counting import NO_SCHOOL, Found, live, moment
from e2c_portal.figures.models import ErasedCount, ErasedHost
from e2c_portal.figures.sources import SOURCES, done
from trainees.models import Internship, Pathway

Hosts = set[tuple[int, int, int]]


@contextmanager
def figures_kept(trainees: Collection[Any]) -> Iterator[None]:
    """Keep what these people count in every figure while their files are erased inside the block."""
    years = _years_of(trainees)
    before, received = _counted(trainees, years), _hosts(trainees, years)
    yield
    after, left = _counted(trainees, years), _hosts(trainees, years)
    for school, year, key in sorted(before.keys() | after.keys()):
        _keep(school, year, key, before[school, year, key] - after[school, year, key])
    ErasedHost.objects.bulk_create(
        [
            ErasedHost(school_id=school, establishment_id=place, year=year)
            for school, place, year in sorted(received - left)
        ],
        ignore_conflicts=True,
    )


def _years_of(trainees: Collection[Any]) -> list[int]:
    today = moment().day
    firsts = [
        Pathway.objects.filter(trainee__in=trainees).aggregate(first=Min("entered_on"))["first"],
        Internship.objects.filter(trainee__in=trainees).aggregate(first=Min("starts_on"))["first"],
    ]
    return list(range(min([first.year for first in firsts if first], default=today.year), today.year + 1))


def _counted(trainees: Collection[Any], years: Collection[int]) -> Found:
    return live((source for source in SOURCES.values() if source.trainee), years, moment().day, trainees=trainees)


def _hosts(trainees: Collection[Any], years: Collection[int]) -> Hosts:
    found: Hosts = set()
    for year in years:
        stays = done(year, moment().day).filter(trainee__in=trainees).order_by()
        found |= {(school, place, year) for school, place in stays.values_list("school", "establishment").distinct()}
    return found


def _keep(school: int, year: int, key: str, number: int) -> None:
    if not number:
        return
    where = {"school_id": None if school == NO_SCHOOL else school, "year": year, "measure": key}
    cell, _ = ErasedCount.objects.select_for_update().get_or_create(**where, defaults={"number": 0})  # type: ignore[arg-type]
    cell.number += number
    cell.save(update_fields=["number"])
