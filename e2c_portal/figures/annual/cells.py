"""Figures as the plain cells of a report: a number, or the word that says why there is none."""

from collections.abc import Collection
from typing import Any

from e2c_portal.figures.annual.small import is_small
from e2c_portal.figures.core import NOT_KNOWN, Figure, FigurePart
from e2c_portal.figures.indicators import Kind
from e2c_portal.kernel.french import number

COUNT, RATE, TEXT = "count", "rate", "text"
# Said of a number under five, and of those, larger, that would let it be worked out: « moins de 5 » would be false of these.
HIDDEN = "non publié"


def blank(words: str) -> dict[str, Any]:
    """Return a cell without a number: hidden, not known, not counted."""
    return {"value": None, "words": words, "kind": COUNT}


def text(words: str) -> dict[str, Any]:
    """Return a cell of words."""
    return {"value": words, "words": words, "kind": TEXT}


def count(value: int) -> dict[str, Any]:
    return {"value": value, "words": number(value), "kind": COUNT}


def told(figure: Figure, *, hidden: bool = False, known: bool = True) -> dict[str, Any]:
    """Return the cell of a figure. `known` is false for a year before the portal."""
    if not known:
        return blank(NOT_KNOWN)
    if figure.unknown:
        return blank(figure.unknown)
    if hidden or is_small(figure):
        return blank(HIDDEN)
    if figure.value is None:
        return blank(NOT_KNOWN)
    if figure.indicator.kind == Kind.COUNT:
        return count(int(figure.value))
    kind = RATE if figure.indicator.kind == Kind.SHARE else COUNT
    return {"value": float(figure.value), "words": figure.words, "kind": kind}


def parts_told(
    figure: Figure, hidden: Collection[str], *, known: bool = True
) -> list[tuple[FigurePart, dict[str, Any], dict[str, Any]]]:
    """Return each part of a mix with its number and its share; `hidden` names those that are not told."""
    found = []
    for part in figure.parts:
        if not known or figure.unknown:
            cells = (blank(NOT_KNOWN), blank(NOT_KNOWN))
        elif part.key in hidden:
            cells = (blank(HIDDEN), blank(HIDDEN))
        else:
            share = float(part.share) if part.share is not None else None
            cells = (count(part.number or 0), _share(share))
        found.append((part, *cells))
    return found


def _share(value: float | None) -> dict[str, Any]:
    if value is None:
        return blank(NOT_KNOWN)
    return {"value": value, "words": f"{number(value)}\N{NO-BREAK SPACE}%", "kind": RATE}
