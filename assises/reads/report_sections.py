"""The sections of a report: a registry where each part of the portal adds its own figures, defined and traceable.

A section is made from the rows that the fingerprint covers. A part that counts rows of its own gives them in `rows`, plain
values without any name: they enter the fingerprint too, so that a change behind a figure never goes unseen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assises.reads.report_rows import Rows
from e2c_portal.kernel.french import number

COUNT, RATE, TEXT = "count", "rate", "text"
NOT_COUNTED = "non compté"


@dataclass(frozen=True)
class Column:
    """What a column tells, and how it is counted. `query` filters the list of registrations to the rows behind a figure."""

    key: str
    label: str
    definition: str = ""
    kind: str = COUNT
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Line:
    """One line: its label and a value for each column; None says « non compté », which is not zero."""

    key: str
    label: str
    values: tuple[int | float | str | None, ...]
    query: tuple[tuple[str, str], ...] = ()
    opens: bool = False


@dataclass(frozen=True)
class Section:
    """A table of figures of the same kind. `behind` says in French how many rows it was counted from.

    `chart` names the columns drawn side by side in one bar, filled then empty; `rows` is what enters the fingerprint.
    """

    key: str
    title: str
    definition: str
    heading: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    behind: str
    note: str = ""
    chart: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()


Maker = Callable[[Rows], Section | None]
_makers: dict[str, tuple[int, Maker]] = {}


def register(key: str, position: int, make: Maker) -> None:
    """Add a section, placed by `position`. Raises ValueError when the key is taken by another."""
    if _makers.get(key, (position, make)) != (position, make):
        raise ValueError(f"report section {key!r} is registered twice")
    _makers[key] = (position, make)


def sections_of(rows: Rows) -> list[Section]:
    """Return the sections that have something to say of an edition, in their order."""
    makers = sorted(_makers.items(), key=lambda item: (item[1][0], item[0]))
    made = [make(rows) for _, (_, make) in makers]
    return [section for section in made if section is not None and section.lines]


def words_of(value: int | float | str | None, kind: str) -> str:
    """Return a value as it is printed: 1 378, 85,7 %, words, or « non compté »."""
    if value is None:
        return NOT_COUNTED
    if isinstance(value, str):
        return value
    return f"{number(value)}\N{NO-BREAK SPACE}%" if kind == RATE else number(value)


def rate_of(part: int, whole: int) -> float | None:
    """Return a share in percent, to one decimal; None when there is nothing to share."""
    return round(100 * part / whole, 1) if whole else None
