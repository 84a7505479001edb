"""The sections of a report by department and by school. Nothing there lets a number under five be worked out."""

from collections.abc import Sequence
from typing import Any

from e2c_portal.figures import places
from e2c_portal.figures.annual.cells import COUNT, RATE, told
from e2c_portal.figures.annual.public import Public
from e2c_portal.figures.annual.small import hidden_places, is_small, tree_of
from e2c_portal.figures.core import INDICATORS, Figure, figures_by_indicator
from e2c_portal.figures.indicators import Kind
from e2c_portal.figures.places import Kind as PlaceKind
from e2c_portal.figures.places import Place
from e2c_portal.kernel.french import counted

# What is shown of each place, and the short heading of its column.
SHOWN = {
    "accueillis": "Accueillis", "entrees": "Entrées", "stages": "Stages", "attestations": "Attestations",
    "acheves": "Menés à terme", "sorties-positives": "Sorties positives",
}  # fmt: skip
DEFINITION = (
    "Une personne compte une fois dans chaque lieu. Les définitions sont à la fin. « Non publié » : nombre de une à quatre personnes, "
    "ou qui en ferait deviner un."
)


def sections_of(year: int, public: Public) -> list[dict[str, Any]]:
    """Return the figures by department, then by school."""
    asked = places.all_places()
    tree = tree_of(asked)
    cells: dict[str, dict[str, dict[str, Any]]] = {place.code: {} for place in asked}
    for key, figures in figures_by_indicator([INDICATORS[key] for key in SHOWN], year, asked).items():
        found = dict(zip([one.code for one in asked], figures, strict=True))
        whole: Figure = found[places.NETWORK]
        away = {code for code in found if public.hides(key, code)}
        hidden = (
            set(found)
            if is_small(whole) or places.NETWORK in away
            else hidden_places(tree, _of_schools(found, asked), away)
        )
        for code, figure in found.items():
            cells[code][key] = told(figure, hidden=code in hidden)
    departments = [place for place in asked if place.kind == PlaceKind.DEPARTMENT]
    schools = [place for place in asked if place.kind == PlaceKind.SCHOOL]
    return [
        _section("departments", "Par département", "Département", departments, cells, "département", "départements"),
        _section("schools", "Par école", "École", schools, cells, "école", "écoles"),
    ]


def _of_schools(found: dict[str, Figure], asked: Sequence[Place]) -> dict[str, Figure]:
    return {place.code: found[place.code] for place in asked if place.kind == PlaceKind.SCHOOL}


def _section(
    key: str, title: str, heading: str, rows: Sequence[Place], cells: dict[str, dict[str, dict[str, Any]]], one: str, many: str
) -> dict[str, Any]:  # fmt: skip
    columns = [
        {"key": name, "label": SHOWN[name], "kind": RATE if INDICATORS[name].kind == Kind.SHARE else COUNT}
        for name in SHOWN
    ]
    lines = [{"label": place.label, "cells": [cells[place.code][name] for name in SHOWN]} for place in rows]
    return {
        "key": key, "title": title, "definition": DEFINITION, "heading": heading, "behind": counted(len(rows), one, many),
        "note": "", "chart": ["accueillis"], "columns": columns, "lines": lines,
    }  # fmt: skip
