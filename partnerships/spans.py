"""Over which days a promise is counted: each period of the convention, or each of its years. Pure: dates in, dates out.

The spans of one promise touch and never overlap: what was delivered in all of them is what was delivered.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from partnerships.agreement import YEARLY
from partnerships.calendar import DAY, months_after
from partnerships.terms import Terms


@dataclass(frozen=True)
class Span:
    """Days from the first to the last, both included. `rank` is 0 for the first.

    `full_days` is how long the target speaks of: a span cut short by the end of the convention is not asked the whole of it.
    """

    starts_on: date
    ends_on: date
    rank: int
    full_days: int

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def spans_until(terms: Terms, rhythm: str, day: date) -> list[Span]:
    """Return the spans begun by a day, in order; none before the first day, nor while a date is not known."""
    return list(_years(terms, day) if rhythm == YEARLY else _periods(terms, day))


def _periods(terms: Terms, day: date) -> Iterator[Span]:
    """A tacit renewal promises the same again: each period is counted anew."""
    lasting = replace(terms, ended_on=None)
    for period in terms.periods(day):
        agreed = lasting.period_on(period.starts_on) or period
        yield Span(period.starts_on, period.ends_on, period.rank, _days(agreed.starts_on, agreed.ends_on))


def _years(terms: Terms, day: date) -> Iterator[Span]:
    rank, last_day = 0, terms.last_day
    while terms.starts_on is not None and terms.ends_on is not None:
        year = months_after(terms.starts_on, 12, rank)
        if year.starts_on > day or (last_day is not None and year.starts_on > last_day):
            return
        ends_on = min(year.ends_on, last_day or year.ends_on)
        yield Span(year.starts_on, ends_on, rank, _days(year.starts_on, year.ends_on))
        rank += 1


def expected(target: int, span: Span, day: date, since: date | None = None) -> int:
    """Return how much a target asks for by a day, rounded down: in proportion to the days gone by.

    `since` is the first day of a promise that an amendment added in the middle of the span.
    """
    first = max(span.starts_on, since or span.starts_on)
    gone_by = (min(day, span.ends_on) - first + DAY).days
    return min(target, max(0, target * gone_by // span.full_days))


def _days(starts_on: date, ends_on: date) -> int:
    return (ends_on - starts_on + DAY).days
