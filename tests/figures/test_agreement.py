"""A figure and its rows always agree: whatever the lives, after corrections, amendments, transfers and erasures."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db.models import Sum

from e2c_portal.accounts.models import User
from e2c_portal.figures import places, refreshing
from e2c_portal.figures.core import INDICATORS, Figure, erased_of, figures_of, figures_of_many, row_value, rows_of
from e2c_portal.figures.counting import moment
from e2c_portal.figures.indicators import Indicator, Kind
from e2c_portal.figures.models import ErasedCount, FigureChange
from e2c_portal.figures.places import Place
from e2c_portal.privacy.erasing import erase_people
from e2c_portal.privacy.people import kind_named
from schools.models import School
from tests.figures.lives import TODAY, YEARS, Lives
from trainees.models import Internship, Pathway, Trainee

pytestmark = pytest.mark.django_db
# One life of the network in the suite; many by hand: LIVES=20 make test ARGS="tests/figures/test_agreement.py".
SEEDS = range(1, 1 + int(os.environ.get("LIVES", "1")))
LOOKED_AT = (2025, 2026)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(f"{TODAY} 10:00+01:00", tick=False):
        yield


@pytest.fixture(params=SEEDS)
def lives(request: Any, three_schools: list[School], officer: User) -> Lives:
    written = Lives(request.param, three_schools, officer)
    written.people(14)
    return written


def agree(year: int, place: Place) -> list[tuple[str, object, object]]:
    """Check every figure of a year and a place against its rows, and return what they say."""
    told = figures_of(year, place)
    for figure in told:
        indicator = figure.indicator
        for part in figure.parts:
            rows = rows_of(indicator, year, place, part=part.key)
            assert rows is not None
            assert rows.count() + erased_of(figure, part.key) == part.number, (
                indicator.key,
                part.key,
                year,
                place.code,
            )
        if indicator.rows_measure and not figure.unknown:
            assert _sum(indicator, year, place) + _gone(figure) == figure.numerator, (indicator.key, year, place.code)
    return [(figure.indicator.key, figure.numerator, figure.denominator) for figure in told]


def _sum(indicator: Indicator, year: int, place: Place) -> int:
    rows = rows_of(indicator, year, place)
    assert rows is not None
    value = row_value(indicator)
    return rows.order_by().aggregate(total=Sum(value))["total"] or 0 if value else rows.count()


def _gone(figure: Figure) -> int:
    """Return what erased files add to a figure."""
    if not row_value(figure.indicator):
        return erased_of(figure)
    rows = ErasedCount.objects.filter(year=figure.year, measure=figure.indicator.numerator)
    if figure.place.schools is not None:
        rows = rows.filter(school__in=figure.place.schools)
    return rows.aggregate(total=Sum("number"))["total"] or 0


def looked_at() -> list[Place]:
    """Return the network, a department and one of its two schools."""
    network, *others = places.all_places()
    return [
        network,
        next(one for one in others if one.code == "d34"),
        next(one for one in others if one.code.startswith("s")),
    ]


def everything() -> None:
    for year in LOOKED_AT:
        for place in looked_at():
            agree(year, place)


def all_numbers() -> dict[tuple[int, str, str], tuple[object, ...]]:
    asked = [(year, place) for year in YEARS for place in places.all_places()]
    return {
        (*at, figure.indicator.key): (figure.numerator, figure.denominator, figure.base, *(part.number for part in figure.parts))
        for at, told in figures_of_many(asked).items() for figure in told
    }  # fmt: skip


def test_figures_agree_with_their_rows_whatever_happens(lives: Lives) -> None:
    from_rows = all_numbers()
    refreshing.count_all()
    kept = all_numbers()
    assert kept == from_rows
    assert not FigureChange.objects.exists()
    for _ in range(6):
        lives.change()
    assert FigureChange.objects.exists(), "nothing was marked"
    # The cells are those of before: what is read is that of the moment all the same.
    everything()
    moved = all_numbers()
    assert moved != kept
    refreshing.count_changes()
    assert not FigureChange.objects.exists()
    assert all_numbers() == moved


def test_erasures_move_no_figure(lives: Lives) -> None:
    lives.change()
    refreshing.count_all()
    before = all_numbers()
    kind = kind_named("stagiaires")
    assert kind is not None
    over = [row for row in Trainee.objects.order_by("pk") if not kind.refusals(row)]
    gone = lives.dice.sample(over, len(over) // 2)
    assert any(kind.obligations(row) for row in gone), "nobody keeps a part of their file"
    erase_people(kind, gone, "Essais")
    assert Trainee.objects.filter(pk__in=[row.pk for row in gone]).count() < len(gone)
    assert all_numbers() == before
    refreshing.count_changes()
    assert all_numbers() == before
    for place in looked_at():
        agree(2026, place)


def test_the_network_adds_up(lives: Lives) -> None:
    network, *others = places.all_places()
    schools = [place for place in others if place.kind == places.Kind.SCHOOL]
    told = figures_of_many([(year, place) for year in YEARS for place in [network, *schools]])
    for year in YEARS:
        whole, *found = (
            {figure.indicator.key: figure for figure in told[year, place.code]} for place in [network, *schools]
        )
        for key in ("accueillis", "femmes", "entrees", "acheves", "stages", "temps-entreprise", "niveaux"):
            assert sum(one[key].numerator or 0 for one in found) == (whole[key].numerator or 0), (key, year)
            assert sum(one[key].denominator or 0 for one in found) == (whole[key].denominator or 0), (key, year)
        assert (whole["entreprises"].numerator or 0) <= sum(one["entreprises"].numerator or 0 for one in found)


def test_counted_another_way(lives: Lives) -> None:
    """The main figures, counted again in Python from the rows of the tables."""
    rows = [row for row in Pathway.objects.select_related("trainee") if row.status not in ("planned", "no_show")]
    stays = [row for row in Internship.objects.select_related("establishment") if row.status in ("signed", "broken")]
    for year in LOOKED_AT:
        told = {figure.indicator.key: figure for figure in figures_of(year, places.network())}
        there = [
            row
            for row in rows
            if row.entered_on.year <= year and row.entered_on <= TODAY and (row.ended_on or TODAY).year >= year
        ]
        people = {row.trainee_id for row in there}
        assert told["accueillis"].numerator == len(people)
        assert told["femmes"].numerator == len({row.trainee_id for row in there if row.trainee.gender == "F"})
        assert told["entrees"].numerator == sum(row.entered_on.year == year and row.entered_on <= TODAY for row in rows)
        last = {row.trainee_id: row for row in sorted(there, key=lambda row: row.entered_on)}.values()
        assert told["mineurs"].numerator == sum(row.trainee.is_minor_on(row.entered_on) for row in last)
        mine = [row for row in stays if row.starts_on.year == year and row.starts_on <= TODAY]
        assert told["stages"].numerator == len(mine)
        assert told["entreprises"].numerator == len({row.establishment.company_id for row in mine})
        ended = [row for row in rows if row.ended_on and row.ended_on.year == year and row.status != "left_in_trial"]
        assert told["acheves"].denominator == len(ended)
        assert told["duree-moyenne"].numerator == sum(
            (row.ended_on - row.entered_on).days + 1 for row in ended if row.ended_on
        )


def test_after_a_transfer_a_person_counts_once_in_the_school_that_received_them(
    three_schools: list[School], officer: User
) -> None:
    lives = Lives(3, three_schools, officer)
    with lives.door():
        trainee = Trainee.objects.create(
            school=three_schools[0],
            last_name="Transfert",
            first_name="Une",
            birth_date="2006-01-01",
            created_by=officer,
        )
        row = lives.pathway(trainee, three_schools[0], TODAY.replace(month=10, day=1))
        Pathway.objects.filter(pk=row.pk).update(status="running", ended_on=None)
        lives._transfer()
        Pathway.objects.filter(trainee=trainee).exclude(pk=row.pk).update(status="trial", ended_on=None)
    new = trainee.pathways.exclude(pk=row.pk).get().school

    def told(place: Place) -> dict[str, int | None]:
        return {figure.indicator.key: figure.numerator for figure in figures_of(2026, place)}

    former, received, network = told(places.school(three_schools[0])), told(places.school(new)), told(places.network())
    assert (former["accueillis"], received["accueillis"], network["accueillis"]) == (0, 1, 1)
    assert (former["entrees"], received["entrees"], network["entrees"]) == (1, 1, 2)
    assert network["acheves"] == 0
    assert next(f for f in figures_of(2026, places.network()) if f.indicator.key == "fins").denominator == 0, (
        "a transfer is no exit"
    )


def test_figures_stand_on_the_day_of_the_last_whole_count(lives: Lives) -> None:
    refreshing.count_all()
    before = all_numbers()
    with time_machine.travel("2026-12-20 10:00+01:00", tick=False):
        assert moment().day == TODAY
        assert all_numbers() == before
        assert refreshing.count_daily()
        assert moment().day.isoformat() == "2026-12-20"
        assert not refreshing.count_daily()


def test_every_indicator_says_its_rule() -> None:
    for indicator in INDICATORS.values():
        assert len(indicator.rule) > 40
        assert indicator.rule.endswith(".")
        assert indicator.kind != Kind.MIX or indicator.parts
