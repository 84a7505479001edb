"""Somebody curious writes every published number as an equation and solves them all together: no small number comes out."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from e2c_portal.figures.core import Figure, _figure, _hiding
from e2c_portal.figures.hiding import small
from e2c_portal.figures.indicators import INDICATORS, Indicator, Kind
from e2c_portal.figures.places import Kind as PlaceKind
from e2c_portal.figures.places import Place
from e2c_portal.figures.public_content import HOURS, TOLD_BY_A_MIX, told_of
from trainees.models import EntryProfile

YEAR = 2025
NETWORK = "n"
PUBLIC = [one for one in INDICATORS.values() if one.is_public and one.of_people]
BELOW_3 = [f"received.level_{level}" for level in (EntryProfile.Level.BELOW_3, EntryProfile.Level.LEVEL_3_FAILED)]
# What a base and the facts known of it are, « sur 840 » and « 812 dont le sexe est noté ».
AMONG = {
    "received.all": ("received.gender_known", "received.profiles", "received.level_known", "received.work_known", "received.sender_known"),
    "received.gender_known": ("received.women",), "received.profiles": ("received.qpv",), "received.work_known": ("received.never_worked",),
    "ended.after_trial": ("ended.exit_known",), "ended.exit_known": ("ended.positive",),
}  # fmt: skip
Sum = dict[tuple[str, str], int]


def spread(whole: int, keys: list[str], chance: random.Random) -> Counter[str]:
    return Counter(chance.choice(keys) for _ in range(whole))


def some(whole: int, chance: random.Random) -> int:
    """Return a part of a whole: often all, none, or nearly so."""
    return chance.choice([0, whole, max(0, whole - 1), min(whole, 2), chance.randint(0, whole)])


def year_of_a_place(chance: random.Random) -> dict[str, int]:
    """Return the numbers of one place, which agree with one another as those of rows do."""
    received = chance.choice([0, 2, 3, 5, 6, 7, 8, 11, 25, 60])
    told = {"received.all": received, "received.minors": some(received, chance), "received.ages": received * 19}
    told |= {
        key: chance.choice([0, 3, 7, 30]) for key in ("entered.all", "done.all", "validations.all", "certificates.all")
    }
    told |= {"registrations.came": chance.choice([0, 4, 20]), "editions.all": 1, "done.days": told["done.all"] * 14}
    told |= {"ended.left_in_trial": chance.choice([0, 1, 6, 9]), "ended.after_trial": some(received, chance)}
    told["ended.all"] = told["ended.left_in_trial"] + told["ended.after_trial"]
    told["ended.days"] = told["ended.after_trial"] * 200
    for whole, among in AMONG.items():
        told |= {key: some(told[whole], chance) for key in among}
    for indicator in PUBLIC:
        if indicator.kind == Kind.MIX:
            told |= spread(told[indicator.denominator], [part.measure for part in indicator.parts], chance)
    told["received.below_3"] = sum(told.get(key, 0) for key in BELOW_3)
    return told


def published(numbers: Counter[tuple[str, int, str]], places: list[Place]) -> list[dict[str, Any]]:
    found = {one.key: [_figure(one, YEAR, place, numbers) for place in places] for one in PUBLIC}
    return told_of(found)


def equations(told: list[dict[str, Any]], places: list[Place]) -> Iterator[tuple[Sum, int]]:
    """Yield what is read: each number told, and what everybody knows of how they add up."""
    departments, measures = [place.code for place in places[1:]], {key for one in PUBLIC for key in one.measures}
    for line in told:
        indicator = INDICATORS[line["key"]]
        for value in line["values"]:
            for measure, number in read_in(indicator, value):
                yield {(value["place"], measure): 1}, number
    for measure in measures:
        yield {(NETWORK, measure): -1} | {(code, measure): 1 for code in departments}, 0
    for code in (NETWORK, *departments):
        yield {(code, "ended.all"): -1, (code, "ended.left_in_trial"): 1, (code, "ended.after_trial"): 1}, 0
        yield {(code, "received.below_3"): -1} | {(code, key): 1 for key in BELOW_3}, 0
        for mix in (one for one in PUBLIC if one.kind == Kind.MIX):
            yield {(code, mix.denominator): -1} | {(code, part.measure): 1 for part in mix.parts}, 0


def read_in(indicator: Indicator, value: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for measure, number in ((indicator.numerator, value["numerator"]), (indicator.denominator, value["denominator"])):
        if measure and number is not None:
            yield measure, number
    if base := re.search(
        r", sur (\d+)$", value["basis"].replace("\N{NARROW NO-BREAK SPACE}", "").replace("\N{NO-BREAK SPACE}", "")
    ):
        yield indicator.base, int(base[1])
    for part, one in zip(indicator.parts, value["parts"], strict=True):
        if one["number"] is not None:
            yield part.measure, one["number"]


class Solved:
    """Equations solved as far as they go: each unknown left stands in one of them alone."""

    def __init__(self, given: Iterator[tuple[Sum, int]]) -> None:
        self.rows: dict[tuple[str, str], tuple[dict[tuple[str, str], Fraction], Fraction]] = {}
        for unknown, number in given:
            self.add({name: Fraction(times) for name, times in unknown.items()}, Fraction(number))

    def reduced(
        self, unknown: dict[tuple[str, str], Fraction], number: Fraction
    ) -> tuple[dict[tuple[str, str], Fraction], Fraction]:
        unknown = dict(unknown)
        while found := next((name for name in unknown if name in self.rows), None):
            times, (others, told) = unknown.pop(found), self.rows[found]
            number -= times * told
            for name, more in others.items():
                unknown[name] = unknown.get(name, Fraction(0)) - times * more
                if not unknown[name]:
                    del unknown[name]
        return unknown, number

    def add(self, unknown: dict[tuple[str, str], Fraction], number: Fraction) -> None:
        unknown, number = self.reduced(unknown, number)
        if not unknown:
            assert number == 0, "what is published contradicts itself"
            return
        lead = next(iter(unknown))
        times = unknown.pop(lead)
        self.rows[lead] = ({name: more / times for name, more in unknown.items()}, number / times)

    def tells(self, unknown: Sum) -> bool:
        return not self.reduced({name: Fraction(times) for name, times in unknown.items()}, Fraction(0))[0]


def secrets_of(numbers: Counter[tuple[str, int, str]], places: list[Place]) -> Iterator[Sum]:
    """Yield each number of people from one to four, and each share of which so few are left."""
    for place in places:
        for one in (one for one in PUBLIC if one.key != HOURS):
            own = [one.numerator] if one.kind in (Kind.COUNT, Kind.SHARE) else [part.measure for part in one.parts]
            for measure in [*own, *filter(None, (one.denominator, one.base))]:
                if small(numbers[place.code, YEAR, measure]):
                    yield {(place.code, measure): 1}
            if one.kind == Kind.SHARE and small(
                numbers[place.code, YEAR, one.denominator] - numbers[place.code, YEAR, one.numerator]
            ):
                yield {(place.code, one.denominator): 1, (place.code, one.numerator): -1}


@pytest.mark.parametrize("seed", range(40))
def test_no_small_number_comes_out_of_all_that_is_published(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  repeatable, and no secret
    codes = [f"d{number}" for number in range(chance.randint(2, 6))]
    places = [
        Place(PlaceKind.NETWORK, NETWORK, "Réseau"),
        *(Place(PlaceKind.DEPARTMENT, code, code, frozenset([1])) for code in codes),
    ]
    numbers: Counter[tuple[str, int, str]] = Counter()
    for code in codes:
        for measure, number in year_of_a_place(chance).items():
            numbers[code, YEAR, measure] += number
            numbers[NETWORK, YEAR, measure] += number
    told = published(numbers, places)
    solved = Solved(equations(told, places))
    out = [secret for secret in secrets_of(numbers, places) if solved.tells(secret)]
    assert out == []


def test_the_curious_one_solves_what_can_be_solved() -> None:
    """Two departments of a network: told the whole and one of them, the other is known; told a part of each, none is."""
    whole: Sum = {("n", "x"): -1, ("d1", "x"): 1, ("d2", "x"): 1}
    assert Solved(iter([(whole, 0), ({("n", "x"): 1}, 10), ({("d1", "x"): 1}, 7)])).tells({("d2", "x"): 1})
    assert not Solved(iter([(whole, 0), ({("n", "x"): 1}, 10)])).tells({("d2", "x"): 1})
    assert set(TOLD_BY_A_MIX) <= {one.key for one in PUBLIC}


def test_a_school_reads_no_base_that_tells_of_a_few_others() -> None:
    """« Calculé sur 20 dont le sexe est noté, sur 23 », to a school that received twenty: three were received elsewhere."""
    place = Place(PlaceKind.NETWORK, NETWORK, "Réseau")
    for key in ("femmes", "niveaux"):
        whole = Figure(INDICATORS[key], YEAR, place, numerator=10, denominator=20, base=23)
        own = replace(whole, base=20)
        assert _hiding(whole, own).hidden, key
        assert not _hiding(replace(whole, base=20), own).hidden
