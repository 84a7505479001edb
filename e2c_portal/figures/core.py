"""The figures of a year and a place, each with its rule, its words and the rows behind it.

This is what pages, reports and home pages ask: `figures_of`, `series_of`, `rows_of`. Without a viewer, figures are those of the
portal itself: nothing is hidden and nothing opens.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from e2c_portal.figures import counting, places
from e2c_portal.figures.hiding import hidden_among, small
from e2c_portal.figures.indicators import INDICATORS, PROMISES, Indicator, Kind
from e2c_portal.figures.measures import HOSTS, MEASURES
from e2c_portal.figures.permissions import FigurePermission
from e2c_portal.figures.places import Place
from e2c_portal.figures.promises import promises_kept
from e2c_portal.figures.sources import hosts_of
from e2c_portal.kernel.french import NO_BREAK, counted, number
from schools.scope import Scope, scope_of

__all__ = [
    "INDICATORS",
    "Figure",
    "FigurePart",
    "Indicator",
    "Place",
    "figures_of",
    "rows_of",
    "series_of",
    "years_known",
]
NOT_KNOWN, HIDDEN = "non connu", "masqué"
years_known = counting.years_known


@dataclass(frozen=True)
class FigurePart:
    """One part of a mix, its number and its share of the whole."""

    key: str
    label: str
    number: int | None
    share: Decimal | None
    rows_url: str = ""

    @property
    def words(self) -> str:
        if self.number is None:
            return HIDDEN
        return number(self.number) if self.share is None else f"{number(self.number)} ({percent(self.share)})"


@dataclass(frozen=True)
class Figure:
    """One figure. `numerator` and `denominator` are None when they are not known or hidden; `value` is what is printed."""

    indicator: Indicator
    year: int
    place: Place
    numerator: int | None = None
    denominator: int | None = None
    base: int | None = None
    hidden: bool = False
    unknown: str = ""
    parts: tuple[FigurePart, ...] = ()
    rows_url: str = ""

    @property
    def value(self) -> Decimal | None:
        """Return the number printed: a count, a percentage (one decimal), a mean (one decimal); None when there is none."""
        if self.hidden or self.unknown or self.numerator is None:
            return None
        if self.indicator.kind == Kind.COUNT:
            return Decimal(self.numerator)
        if not self.denominator:
            return None
        return _value_of(self.indicator, self.numerator, self.denominator)

    @property
    def words(self) -> str:
        """Return « 1 378 personnes », « 62,3 % », « 18,7 ans », « non connu », « masqué »."""
        if self.hidden:
            return HIDDEN
        if self.unknown:
            return self.unknown
        if self.indicator.kind == Kind.MIX:
            return number(self.denominator or 0) if self.denominator else NOT_KNOWN
        if self.value is None:
            return NOT_KNOWN
        if self.indicator.kind == Kind.COUNT:
            return counted(int(self.value), self.indicator.one, self.indicator.many)
        return (
            percent(self.value)
            if self.indicator.kind == Kind.SHARE
            else f"{number(self.value)}{NO_BREAK}{self.indicator.unit}"
        )

    @property
    def basis(self) -> str:
        """Return « calculé sur 812 dont le sexe est noté, sur 840 », "" for a count and when there is nobody."""
        if self.denominator is None or self.hidden or self.unknown or self.indicator.kind == Kind.COUNT:
            return ""
        if not self.denominator and not self.base:
            return ""
        unit = "h de présence" if self.indicator.key == "temps-entreprise" else ""
        whole = self.denominator // 60 if unit else self.denominator
        told = f"calculé sur {number(whole)}{NO_BREAK}{unit}".strip()
        if self.base is None or not self.indicator.known:
            return told
        return f"{told} dont {self.indicator.known}, sur {number(self.base)}"


def percent(value: Decimal) -> str:
    """Return « 62,3 % »."""
    return f"{number(value)}{NO_BREAK}%"


def _value_of(indicator: Indicator, numerator: int, denominator: int) -> Decimal:
    factor = Decimal(100) if indicator.kind in (Kind.SHARE, Kind.MIX) else 1 / Decimal(str(indicator.divided_by))
    return _rounded(Decimal(numerator) * factor / denominator)


def _rounded(value: Decimal) -> Decimal:
    """Return a number with one decimal, none when it is zero."""
    kept = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return kept.to_integral_value() if kept == kept.to_integral_value() else kept


def figures_of(
    year: int, place: Place, viewer: Any = None, indicators: Collection[Indicator] | None = None
) -> list[Figure]:
    """Return the figures of a year and a place, in the order of the indicators; for a viewer, as far as they may be read.

    Whoever does not reach every row of the place reads numbers alone, and none that stands for fewer than five people, in the
    place or in what is left of it beside their own schools.
    """
    return figures_of_many([(year, place)], viewer, indicators)[year, place.code]


def series_of(indicator: Indicator, years: Sequence[int], place: Place, viewer: Any = None) -> list[Figure]:
    """Return the figure of one indicator for several years, in their order. As many queries as for one year."""
    found = figures_of_many([(year, place) for year in years], viewer, [indicator])
    return [found[year, place.code][0] for year in years]


def figures_by_place(indicator: Indicator, year: int, asked: Sequence[Place], viewer: Any = None) -> list[Figure]:
    """Return the figure of one indicator for several places, in their order. As many queries as for one place."""
    found = figures_of_many([(year, place) for place in asked], viewer, [indicator])
    return [found[year, place.code][0] for place in asked]


def figures_by_indicator(
    indicators: Collection[Indicator], year: int, asked: Sequence[Place]
) -> dict[str, list[Figure]]:
    """Return the figures of several places by indicator, places in their order. As many queries as for one indicator."""
    found = figures_of_many([(year, place) for place in asked], None, indicators)
    lines = zip(*(found[year, place.code] for place in asked), strict=True)
    return {indicator.key: list(line) for indicator, line in zip(indicators, lines, strict=True)}


def figures_of_many(
    asked: Sequence[tuple[int, Place]], viewer: Any = None, indicators: Collection[Indicator] | None = None
) -> dict[tuple[int, str], list[Figure]]:
    """Return the figures of several years and places, by (year, code of the place). As many queries as for one of them."""
    chosen = list(INDICATORS.values() if indicators is None else indicators)
    keys = {key for indicator in chosen for key in indicator.measures}
    scope = scope_of(viewer) if viewer is not None else Scope(whole_network=True)
    own = _own_part([place for _, place in asked], scope)
    around = [place for place in own.values() if place is not None]
    some = {place.code: place for place in [*(place for _, place in asked), *around]}
    years = sorted({year for year, _ in asked})
    numbers = counting.numbers(list(some.values()), years, keys)
    found = {}
    for year, place in asked:
        found[year, place.code] = [
            _shown(_figure(one, year, place, numbers), numbers, own[place.code], viewer) for one in chosen
        ]
    return found


def _own_part(asked: Sequence[Place], scope: Scope) -> dict[str, Place | None]:
    """Return, for each place that a viewer does not wholly reach, the part that they do; None for the others."""
    found: dict[str, Place | None] = {}
    for place in asked:
        own = scope.school_ids if place.schools is None else place.schools & scope.school_ids
        found[place.code] = None if place.within(scope) else Place(places.Kind.SCHOOL, f"own-{place.code}", "", own)
    return found


def _figure(indicator: Indicator, year: int, place: Place, numbers: counting.Numbers) -> Figure:
    def told(key: str) -> int | None:
        return numbers[place.code, year, key] if key else None

    blank = Figure(indicator, year, place)
    if indicator.unknown:
        return replace(blank, unknown=indicator.unknown)
    if indicator.whole_network and place.schools is not None:
        return replace(blank, unknown="connu pour tout le réseau")
    if indicator.key == PROMISES:
        return _promises(blank)
    if indicator.needs and not numbers[place.code, year, indicator.needs]:
        return replace(blank, unknown=indicator.needed)
    figure = replace(
        blank, numerator=told(indicator.numerator), denominator=told(indicator.denominator), base=told(indicator.base)
    )
    if indicator.kind != Kind.MIX:
        return figure
    return replace(
        figure, parts=tuple(_part(one.key, one.label, told(one.measure), figure.denominator) for one in indicator.parts)
    )


def _part(key: str, label: str, count: int | None, whole: int | None) -> FigurePart:
    share = _rounded(Decimal(100 * count) / whole) if whole and count else None
    return FigurePart(key, label, count or 0, share)


def _promises(blank: Figure) -> Figure:
    """Where promises stand is known for today alone."""
    day = counting.moment().day
    if blank.year != day.year:
        return replace(blank, unknown="connu pour l’année en cours seulement")
    kept, measured = promises_kept(day)
    return replace(blank, numerator=kept, denominator=measured)


def _shown(
    figure: Figure, numbers: counting.Numbers, own: Place | None, viewer: Any
) -> Figure:  # fmt: skip
    """Hide what stands for too few, or give the addresses of the rows to whoever reaches them all."""
    if viewer is None or figure.unknown:
        return figure
    if own is None:
        return _opening(figure) if viewer.has_perm(FigurePermission.VIEW_ROWS) else figure
    if not figure.indicator.of_people:
        return figure
    return _hiding(figure, _figure(figure.indicator, figure.year, own, numbers))


def _hiding(figure: Figure, own: Figure) -> Figure:
    """Return a figure as people who reach only a part of its rows read it: nothing tells of fewer than five others."""
    pairs = list(zip(_counts(figure), _counts(own), strict=True))
    is_mix = figure.indicator.kind == Kind.MIX
    told_with_it = [
        (figure.base or 0, own.base or 0),
        *([(figure.denominator or 0, own.denominator or 0)] if is_mix else pairs),
    ]
    if any(small(whole) or small(whole - part) for whole, part in told_with_it):
        return replace(figure, numerator=None, denominator=None, base=None, hidden=True, parts=())
    if not is_mix:
        return figure
    hidden = hidden_among([one for one, _ in pairs]) | hidden_among([one - part for one, part in pairs])
    parts = [
        replace(part, number=None, share=None) if rank in hidden else part for rank, part in enumerate(figure.parts)
    ]
    return replace(figure, parts=tuple(parts))


def _counts(figure: Figure) -> list[int]:
    """Return every number about people that a figure tells or lets work out."""
    if figure.indicator.kind == Kind.MIX:
        return [part.number or 0 for part in figure.parts]
    if figure.indicator.kind == Kind.COUNT:
        return [figure.numerator or 0]
    if figure.indicator.kind == Kind.MEAN or figure.indicator.key == "temps-entreprise":
        return [figure.denominator or 0]
    whole, part = figure.denominator or 0, figure.numerator or 0
    return [part, whole - part]


def rows_address(indicator: Indicator, year: int, place: Place, part: str = "") -> str:
    """Return the address of the list that shows the rows of a figure."""
    query = {"annee": year, "lieu": place.code, **({"part": part} if part else {})}
    return f"{reverse('figures:rows', args=[indicator.key])}?{urlencode(query)}"


def _opening(figure: Figure) -> Figure:
    indicator, place, year = figure.indicator, figure.place, figure.year
    parts = tuple(
        replace(part, rows_url=rows_address(indicator, year, place, part.key) if part.number else "")
        for part in figure.parts
    )
    if not figure.numerator or not (indicator.rows_measure or indicator.key == PROMISES):
        return replace(figure, parts=parts)
    # Promises have a list of their own, which shows exactly those of the figure.
    url = (
        f"{reverse('partnerships:promises')}?etat=temps"
        if indicator.key == PROMISES
        else rows_address(indicator, year, place)
    )
    return replace(figure, parts=parts, rows_url=url)


def measure_of_rows(indicator: Indicator, part: str = "") -> str:
    """Return the measure whose rows a figure opens, or one of its parts; "" when it opens none."""
    found = indicator.part(part) if part else None
    return found.measure if found else indicator.rows_measure


def rows_of(indicator: Indicator, year: int, place: Place, viewer: Any = None, part: str = "") -> QuerySet[Any] | None:
    """Return the rows behind a figure, or behind one of its parts; None when it opens none.

    Their number, or the sum of what each one adds (`row_value`), with what erased files still count, is the numerator. For a
    viewer, only the rows that they reach.
    """
    key = measure_of_rows(indicator, part)
    if not key:
        return None
    scope = scope_of(viewer) if viewer is not None else Scope(whole_network=True)
    reached = place.schools if scope.whole_network else scope.school_ids & (place.schools or scope.school_ids)
    day = counting.moment().day
    if key == HOSTS:
        return hosts_of(year, day, reached)
    measure = MEASURES[key]
    return measure.of(counting.narrowed(measure.source, measure.source.rows(year, day), reached))


def row_value(indicator: Indicator) -> str:
    """Return the name of what each row adds to the numerator, "" when each counts for one."""
    return MEASURES[indicator.numerator].value if indicator.numerator in MEASURES else ""


def erased_of(figure: Figure, part: str = "") -> int:
    """Return how many rows of a figure belonged to files erased since: they still count, and no list shows them."""
    key = measure_of_rows(figure.indicator, part)
    return counting.erased(figure.place, figure.year, [key])[key] if key and key != HOSTS else 0
