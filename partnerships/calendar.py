"""The calendar of conventions: one arithmetic of months for renewals, notices and ends. Pure: dates in, dates out.

The rule is that of article 641 of the Code de procédure civile: a delay in months ends on the day of the last month that
bears the same number as its first day and, when that month has no such day, on the last day of that month. PostgreSQL's
`date + make_interval(months => n)` follows the same rule, so that the database and the pages never disagree.

Successive periods are always counted from the first one, never from one another: 31 January, 28 February, 31 March.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included. `rank` is 0 for the one first agreed, 1 for its first renewal."""

    starts_on: date
    ends_on: date
    rank: int = 0

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def add_months(day: date, months: int) -> date:
    """Return the same day of the month `months` later (or earlier), or the last day of that month when it has none.

    Raises OverflowError or ValueError beyond the calendar of Python (years 1 to 9999).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_last_of_month(day: date) -> bool:
    """Say whether the next day begins another month."""
    return day.day == monthrange(day.year, day.month)[1]


def notice_runs_out_on(given_on: date, months: int) -> date:
    """Return the first day that may be the last of a convention whose notice was received on `given_on`."""
    return add_months(given_on, months)


def last_day_to_give_notice(ends_on: date, months: int) -> date:
    """Return the latest day on which a notice still runs out by `ends_on`: the reverse of `notice_runs_out_on`."""
    latest = add_months(ends_on, -months)
    if is_last_of_month(ends_on):
        return latest.replace(day=monthrange(latest.year, latest.month)[1])
    return latest


def whole_months(starts_on: date, ends_on: date) -> int | None:
    """Return how many whole months a period lasts, None when it does not last whole months."""
    following = ends_on + DAY
    months = (following.year - starts_on.year) * 12 + following.month - starts_on.month
    return months if months > 0 and add_months(starts_on, months) == following else None


def months_after(starts_on: date, months: int, rank: int = 0) -> Period:
    """Return the period of `months` months that starts on `starts_on`, or its `rank`-th follower."""
    first = add_months(starts_on, months * rank)
    return Period(first, add_months(starts_on, months * (rank + 1)) - DAY, rank)


def following_period(starts_on: date, ends_on: date) -> Period:
    """Return the period of the same length that follows with neither gap nor overlap: in months when they are whole."""
    return same_length_after(ends_on, starts_on, ends_on)


def same_length_after(last_day: date, starts_on: date, ends_on: date) -> Period:
    """Return the period as long as `starts_on` to `ends_on` that starts the day after `last_day`."""
    first = last_day + DAY
    months = whole_months(starts_on, ends_on)
    return months_after(first, months) if months else Period(first, first + (ends_on - starts_on))
