"""What the Région publishes of a year: the figures of the network and of its departments, as plain values, small numbers hidden."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from e2c_portal.figures import counting, places
from e2c_portal.figures.core import Figure, FigurePart, figures_by_indicator
from e2c_portal.figures.hiding import hidden_in
from e2c_portal.figures.indicators import GROUPS, INDICATORS, Indicator, Kind
from e2c_portal.figures.places import Place

# These would be worked out from the parts of a mix: where it hides one, they are hidden.
TOLD_BY_A_MIX = {"acheves": "fins", "sorties-positives": "sorties", "sous-niveau-3": "niveaux"}
RECEIVED = "accueillis"


def public_places() -> list[Place]:
    """Return the network and its departments: no school is told apart from the others of its department by name."""
    return [place for place in places.all_places() if place.kind != places.Kind.SCHOOL]


def content_of(year: int) -> dict[str, Any]:
    """Return what would be published of a year now: plain values, ready to be frozen."""
    asked = public_places()
    found = figures_by_indicator([one for one in INDICATORS.values() if one.is_public], year, asked)
    hidden: dict[str, set[tuple[int, int]]] = {}
    # Mixes first: the shares that they would tell follow.
    for key in sorted(found, key=lambda name: name in TOLD_BY_A_MIX):
        hidden[key] = _hidden(INDICATORS[key], found, hidden)
    told = [_indicator(INDICATORS[key], figures, hidden[key]) for key, figures in found.items()]
    return {
        "year": year, "counted_on": counting.moment().day.isoformat(),
        "places": [{"code": place.code, "label": place.label} for place in asked],
        "groups": [
            {"key": key, "title": title, "indicators": [one for one in told if one["group"] == key]} for key, title in GROUPS.items()
        ],
    }  # fmt: skip


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


def _hidden(
    indicator: Indicator, found: Mapping[str, Sequence[Figure]], known: Mapping[str, set[tuple[int, int]]]
) -> set[tuple[int, int]]:
    """Return the cells hidden of an indicator: line 0 is the network, then its departments, then what is in none of them."""
    figures = found[indicator.key]
    if not indicator.of_people or figures[0].unknown:
        return set()
    if indicator.key == "temps-entreprise":
        return _where_few(found[RECEIVED])
    lines = [_columns(figure) for figure in figures]
    rest = [max(0, whole - sum(line[c] for line in lines[1:])) for c, whole in enumerate(lines[0])]
    also = {(r, c) for r, _ in known.get(TOLD_BY_A_MIX.get(indicator.key, ""), set()) for c in range(2)}
    below = hidden_in([*lines[1:], rest], {(r - 1, c) for r, c in also if r})
    above = hidden_in([lines[0]], {(0, c) for r, c in also if r == 0})
    return {(r + 1, c) for r, c in below} | above


def _where_few(received: Sequence[Figure]) -> set[tuple[int, int]]:
    """Hide a share of hours where few people, or all the others together, were received."""
    lines = [[figure.numerator or 0] for figure in received]
    below = hidden_in([*lines[1:], [max(0, lines[0][0] - sum(line[0] for line in lines[1:]))]])
    return {(r + 1, 0) for r, _ in below} | {(0, c) for _, c in hidden_in(lines[:1])}


def _indicator(indicator: Indicator, figures: Sequence[Figure], hidden: set[tuple[int, int]]) -> dict[str, Any]:
    return {
        "key": indicator.key, "title": indicator.title, "group": indicator.group, "kind": str(indicator.kind),
        "rule": indicator.rule, "unit": _unit(indicator),
        "values": [_value(figure, {c for r, c in hidden if r == rank}) for rank, figure in enumerate(figures)],
    }  # fmt: skip


def _unit(indicator: Indicator) -> str:
    return {Kind.COUNT: indicator.many, Kind.MEAN: indicator.unit}.get(indicator.kind, "%")


def _value(figure: Figure, hidden: set[int]) -> dict[str, Any]:
    if figure.indicator.kind == Kind.MIX:
        figure = replace(figure, parts=tuple(_kept(part, rank in hidden) for rank, part in enumerate(figure.parts)))
    elif hidden:
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
    """Return what changes from one version to the next, number by number, as French sentences."""
    labels = {place["code"]: place["label"] for place in [*former["places"], *content["places"]]}
    before, after = _told(former), _told(content)
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        if before.get(key) != after.get(key):
            title, place = key
            found.append(f"{title}, {labels[place]} : {before.get(key, 'rien')} → {after.get(key, 'rien')}")
    return found


def _told(content: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    told = {}
    for indicator, value, part in lines_of(content):
        title = f"{indicator['title']} – {part['label']}" if part else indicator["title"]
        told[title, value["place"]] = (part or value)["words"]
    return told
