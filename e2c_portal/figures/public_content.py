"""What the Région publishes of a year: the figures of the network and of its departments, as plain values, small numbers hidden."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from e2c_portal.figures import counting, places
from e2c_portal.figures.core import HIDDEN, Figure, FigurePart, figures_by_indicator
from e2c_portal.figures.hiding import Hidden, hidden_in
from e2c_portal.figures.indicators import GROUPS, INDICATORS, Indicator, Kind
from e2c_portal.figures.places import Place

# These would be worked out from the parts of a mix: where it hides one, they are hidden.
TOLD_BY_A_MIX = {"acheves": "fins", "sorties-positives": "sorties", "sous-niveau-3": "niveaux"}
# A share of hours tells of the people received, and of nobody by itself.
HOURS, RECEIVED = "temps-entreprise", "received.all"
# What is left of a share when another figure counts it as its whole.
LEFT_OF_A_SHARE = {"sorties-essai": "ended.after_trial"}


def public_places() -> list[Place]:
    """Return the network and its departments: no school is told apart from the others of its department by name."""
    return [place for place in places.all_places() if place.kind != places.Kind.SCHOOL]


def content_of(year: int) -> dict[str, Any]:
    """Return what would be published of a year now: plain values, ready to be frozen."""
    asked = public_places()
    told = told_of(figures_by_indicator([one for one in INDICATORS.values() if one.is_public], year, asked))
    return {
        "year": year, "counted_on": counting.moment().day.isoformat(),
        "places": [{"code": place.code, "label": place.label} for place in asked],
        "groups": [
            {"key": key, "title": title, "indicators": [one for one in told if one["group"] == key]} for key, title in GROUPS.items()
        ],
    }  # fmt: skip


def told_of(found: Mapping[str, Sequence[Figure]]) -> list[dict[str, Any]]:
    """Return what is published of each indicator, from its figures: those of the network, then of its departments."""
    few = _few_in(found)
    hidden: dict[str, Hidden] = {}
    # Mixes first: the shares that they would tell follow.
    for key in sorted(found, key=lambda name: name in TOLD_BY_A_MIX):
        hidden[key] = _hidden(found[key], few, hidden)
    return [_indicator(INDICATORS[key], figures, hidden[key], few) for key, figures in found.items()]


def fingerprint_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of published figures, whatever the order in which they are written."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _columns(figure: Figure) -> list[int]:
    """Return the numbers of people that a figure is made of: they add up to what it is calculated on."""
    whole = figure.denominator or 0
    if figure.indicator.kind == Kind.MIX:
        return [part.number or 0 for part in figure.parts]
    if figure.indicator.kind == Kind.SHARE:
        return [figure.numerator or 0, whole - (figure.numerator or 0)]
    return [whole if figure.indicator.kind == Kind.MEAN else figure.numerator or 0]


def _few_in(found: Mapping[str, Sequence[Figure]]) -> dict[str, set[int]]:
    """Return, for each number of people that figures are calculated on, the places (0 is the network) where it is hidden.

    Several figures tell it, each with others of its own: hidden in one of them alone, it would be read in another.
    """
    counts: dict[str, list[list[int]]] = {}
    for figures in found.values():
        if _is_about_people(figures) and figures[0].indicator.key != HOURS:
            of_places = [_wholes(figure) for figure in figures]
            counts |= {measure: [[wholes[measure]] for wholes in of_places] for measure in of_places[0]}
    return {measure: {r for r, _ in _hidden_lines(lines)} for measure, lines in counts.items()}


def _is_about_people(figures: Sequence[Figure]) -> bool:
    return figures[0].indicator.of_people and not figures[0].unknown


def _wholes(figure: Figure) -> dict[str, int]:
    """Return the numbers of people that a figure is calculated on, by measure; that of a count is itself."""
    indicator, whole = figure.indicator, figure.denominator or 0
    if indicator.key == HOURS:
        return {RECEIVED: 0}
    if indicator.kind == Kind.COUNT:
        return {indicator.numerator: figure.numerator or 0}
    told = {indicator.denominator: whole}
    if indicator.base:
        told[indicator.base] = figure.base or 0
    if indicator.key in LEFT_OF_A_SHARE:
        told[LEFT_OF_A_SHARE[indicator.key]] = whole - (figure.numerator or 0)
    return told


def _away(figures: Sequence[Figure], few: Mapping[str, set[int]]) -> set[int]:
    """Return the places where an indicator is not told at all, since what it is calculated on is hidden there."""
    return {r for measure in _wholes(figures[0]) for r in few.get(measure, ())} if _is_about_people(figures) else set()


def _hidden(figures: Sequence[Figure], few: Mapping[str, set[int]], known: Mapping[str, Hidden]) -> Hidden:
    """Return the cells hidden of an indicator: line 0 is the network, then its departments, then what is in none of them."""
    if not _is_about_people(figures):
        return set()
    indicator, lines = figures[0].indicator, [_columns(figure) for figure in figures]
    away = _away(figures, few)
    if indicator.key == HOURS:
        return {(r, 0) for r in away}
    away |= {r for r, _ in known.get(TOLD_BY_A_MIX.get(indicator.key, ""), set())}
    return _hidden_lines(lines, {(r, c) for r in away for c in range(len(lines[0]))})


def _hidden_lines(lines: Sequence[Sequence[int]], also: Collection[tuple[int, int]] = ()) -> Hidden:
    """Return the cells hidden of the lines of the network and of its departments, that of what is in none of them added."""
    rest = [max(0, whole - sum(line[c] for line in lines[1:])) for c, whole in enumerate(lines[0])]
    below = hidden_in([*lines[1:], rest], {(r - 1, c) for r, c in also if r})
    above = hidden_in([lines[0]], {(0, c) for r, c in also if r == 0})
    return {(r + 1, c) for r, c in below} | above


def _indicator(
    indicator: Indicator, figures: Sequence[Figure], hidden: Hidden, few: Mapping[str, set[int]]
) -> dict[str, Any]:
    away = _away(figures, few)
    return {
        "key": indicator.key, "title": indicator.title, "group": indicator.group, "kind": str(indicator.kind),
        "rule": indicator.rule, "unit": _unit(indicator),
        "values": [
            _value(figure, {c for r, c in hidden if r == rank}, whole=rank in away) for rank, figure in enumerate(figures)
        ],
    }  # fmt: skip


def _unit(indicator: Indicator) -> str:
    return {Kind.COUNT: indicator.many, Kind.MEAN: indicator.unit}.get(indicator.kind, "%")


def _value(figure: Figure, hidden: set[int], *, whole: bool) -> dict[str, Any]:
    """Return a figure as it is published: some of its numbers hidden, or all of it (`whole`)."""
    if figure.indicator.kind == Kind.MIX:
        figure = replace(figure, parts=tuple(_kept(part, rank in hidden) for rank, part in enumerate(figure.parts)))
    if whole or (hidden and figure.indicator.kind != Kind.MIX):
        # The two halves of a share go together.
        figure = replace(figure, hidden=True, numerator=None, denominator=None, base=None)
    return {
        "place": figure.place.code, "words": figure.words, "basis": figure.basis, "hidden": figure.hidden,
        "value": None if figure.value is None else float(figure.value), "numerator": figure.numerator, "denominator": figure.denominator,
        "parts": [
            {"key": part.key, "label": part.label, "words": part.words, "number": part.number, "hidden": part.number is None,
             "share": None if part.share is None else float(part.share)}
            for part in figure.parts
        ],
    }  # fmt: skip


def _kept(part: FigurePart, is_hidden: bool) -> FigurePart:
    return replace(part, number=None, share=None) if is_hidden else part


def lines_of(
    content: Mapping[str, Any],
) -> Iterable[tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any] | None]]:
    """Yield each number published: the indicator, its value in a place, and the part of a mix, None for the whole."""
    for group in content["groups"]:
        for indicator in group["indicators"]:
            for value in indicator["values"]:
                yield indicator, value, None
                for part in value["parts"]:
                    yield indicator, value, part


def changes_between(former: Mapping[str, Any], content: Mapping[str, Any]) -> list[str]:
    """Return what changes from one version to the next, number by number, as French sentences.

    These are public too: a number that is hidden from now on is not said again there.
    """
    labels = {place["code"]: place["label"] for place in [*former["places"], *content["places"]]}
    before, after = _told(former), _told(content)
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        if before.get(key) != after.get(key):
            title, place = key
            was = "…" if after.get(key) == HIDDEN else before.get(key, "rien")
            found.append(f"{title}, {labels[place]} : {was} → {after.get(key, 'rien')}")
    return found


def _told(content: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    told = {}
    for indicator, value, part in lines_of(content):
        title = f"{indicator['title']} – {part['label']}" if part else indicator["title"]
        told[title, value["place"]] = (part or value)["words"]
    return told
