"""What is agreed: the lines of a convention on a day, the difference between two texts, and one applied to another. Pure.

`applied(before, difference(before, after)) == after` for any two texts: the tests hold it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

from partnerships.terms import Terms

ARTICLE, COMMITMENT, SIGNATORY = "article", "commitment", "signatory"
ADD, REPLACE, REMOVE = "add", "replace", "remove"
SIDES = ("region", "company")
# How a promise is counted: over the whole convention, or anew each year of it.
WHOLE, YEARLY = "whole", "yearly"
SAID_YEARLY = re.compile(
    r"\b(par|chaque|l[’'])\s*an(née)?\b|/\s*an(née)?\b|\btous\s+les\s+ans\b|\bannuel", re.IGNORECASE
)


@dataclass(frozen=True)
class Article:
    number: int
    title: str
    body: str

    @property
    def key(self) -> str:
        return str(self.number)


@dataclass(frozen=True)
class Commitment:
    position: int
    kind: str
    description: str = ""
    target: int | None = None
    unit: str = ""
    period: str = ""
    rhythm: str = WHOLE

    @property
    def key(self) -> str:
        return str(self.position)


@dataclass(frozen=True)
class Signatory:
    side: str
    position: int
    full_name: str
    quality: str
    email: str = ""

    @property
    def key(self) -> str:
        return f"{self.side}-{self.position}"


Line = Article | Commitment | Signatory
LINES: Mapping[str, type] = {ARTICLE: Article, COMMITMENT: Commitment, SIGNATORY: Signatory}
OneLine = TypeVar("OneLine", Article, Commitment, Signatory)


@dataclass(frozen=True)
class Change:
    """One line added, replaced or removed. `before` and `after` are the values of the line, None on the missing side."""

    part: str
    action: str
    key: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


@dataclass(frozen=True)
class Agreement:
    """The whole of what is agreed at a moment."""

    terms: Terms
    articles: tuple[Article, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    signatories: tuple[Signatory, ...] = ()

    def lines(self, part: str) -> Sequence[Line]:
        listed: dict[str, Sequence[Line]] = {
            ARTICLE: self.articles,
            COMMITMENT: self.commitments,
            SIGNATORY: self.signatories,
        }
        return listed[part]

    def side(self, side: str) -> list[Signatory]:
        return [person for person in self.signatories if person.side == side]


@dataclass(frozen=True)
class Amended:
    """A signed amendment as the replay needs it: what it made of the dates, and its changes in order."""

    number: int
    terms: Terms
    changes: tuple[Change, ...] = field(default=())


class DoesNotApply(ValueError):
    """The change speaks of a line that is not there, or not as it says."""


def difference(before: Agreement, after: Agreement) -> list[Change]:
    """Return the changes of lines that lead from one text to the other, in the order of the text.

    An address of e-mail is a means of contact and not part of the text: its change alone is no change.
    """
    changes: list[Change] = []
    for part in LINES:
        old = {line.key: line for line in before.lines(part)}
        new = {line.key: line for line in after.lines(part)}
        for key in [*old, *(key for key in new if key not in old)]:
            if change := _change(part, key, old.get(key), new.get(key)):
                changes.append(change)
    return changes


def _change(part: str, key: str, old: Line | None, new: Line | None) -> Change | None:
    if old is None and new is not None:
        return Change(part, ADD, key, None, asdict(new))
    if new is None and old is not None:
        return Change(part, REMOVE, key, asdict(old), None)
    if old is None or new is None or _printed(old) == _printed(new):
        return None
    return Change(part, REPLACE, key, asdict(old), asdict(new))


def _printed(line: Line) -> Line:
    return replace(line, email="") if isinstance(line, Signatory) else line


def applied(agreement: Agreement, changes: Iterable[Change], terms: Terms | None = None) -> Agreement:
    """Return the text with these changes. Raises DoesNotApply when one speaks of a line that is not there."""
    lines: dict[str, dict[str, Line]] = {part: {line.key: line for line in agreement.lines(part)} for part in LINES}
    for change in changes:
        _apply(lines[change.part], change)
    return Agreement(
        terms or agreement.terms,
        tuple(sorted(_all(lines, Article), key=lambda line: line.number)),
        tuple(sorted(_all(lines, Commitment), key=lambda line: line.position)),
        tuple(sorted(_all(lines, Signatory), key=_signing_order)),
    )


def _all(lines: dict[str, dict[str, Line]], kind: type[OneLine]) -> list[OneLine]:
    return [line for part in lines.values() for line in part.values() if isinstance(line, kind)]


def _apply(lines: dict[str, Line], change: Change) -> None:
    here = lines.get(change.key)
    if (here is None) != (change.action == ADD):
        raise DoesNotApply(f"{change.action} {change.part} {change.key}")
    if change.after is None:
        del lines[change.key]
    else:
        lines[change.key] = LINES[change.part](**change.after)


def _signing_order(person: Signatory) -> tuple[int, int]:
    return SIDES.index(person.side), person.position


def replayed(first: Agreement, amendments: Iterable[Amended]) -> Agreement:
    """Return what is agreed after these signed amendments, in their order."""
    for amendment in amendments:
        first = applied(first, amendment.changes, amendment.terms)
    return first


def says_yearly(period: str) -> bool:
    """Say whether the printed period of a promise speaks of each year: « par an », « chaque année », « annuel »."""
    return bool(SAID_YEARLY.search(period))


def who_signs(after: Agreement) -> list[Signatory]:
    """Return who signs an amendment that makes the text read so (amendment_life.SIGNING_RULE)."""
    return list(after.signatories)


def highest(part: str, agreement: Agreement, amendments: Iterable[Amended]) -> dict[str, int]:
    """Return the highest number ever given to a line of this part, by side for signatories: numbers are never used twice."""
    used: dict[str, int] = {}
    keys = [line.key for line in agreement.lines(part)]
    keys += [change.key for amendment in amendments for change in amendment.changes if change.part == part]
    for key in keys:
        side, _, number = key.rpartition("-")
        used[side] = max(used.get(side, 0), int(number))
    return used
