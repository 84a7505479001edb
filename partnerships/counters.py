"""Promises counted by the rows of the portal: an upper app registers, in AppConfig.ready, what it counts for a kind.

Without a counter, only declared deliveries count. This module learns nothing of what is counted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists


@dataclass(frozen=True)
class Asked:
    """What is asked of a counter: the rows of a company, or of a convention, dated from a day to another, both included."""

    company_id: int
    convention_id: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Count:
    """How many rows there are, and the address of the list that shows them, empty when there is none."""

    number: int
    url: str = ""


@dataclass(frozen=True)
class Counter:
    """What counts the promises of one kind of partnerships.models.Commitment.Kind.

    `count` answers for all that is asked in one query; what it leaves out counts for nothing. `delivered_since` receives the
    name of the company's key in the outer query and a day, and says in SQL whether that company did anything since then:
    partnerships.sleeping asks it. `units` are the units it can speak of, all of them when empty: a promise in hours is not
    kept by a number of internships.
    """

    kind: str
    count: Callable[[Sequence[Asked]], Mapping[Asked, Count]]
    delivered_since: Callable[[str, date], Exists]
    units: frozenset[str] = frozenset()

    def speaks_of(self, unit: str) -> bool:
        """Say whether a promise in this unit is counted; one without a unit is."""
        return not self.units or not unit or unit in self.units


_counters: dict[str, Counter] = {}


def register(counter: Counter) -> None:
    """Add what counts a kind; the same kind replaces its former counter, as Django may set its apps up anew."""
    _counters[counter.kind] = counter


def forget(kind: str) -> None:
    """Take the counter of a kind away."""
    _counters.pop(kind, None)


def counter_of(kind: str) -> Counter | None:
    """Return what counts a kind, None when only declared deliveries do."""
    return _counters.get(kind)


def all_counters() -> list[Counter]:
    """Return every counter, by kind."""
    return [_counters[kind] for kind in sorted(_counters)]
