"""What is agreed on the life of a convention: its dates, its renewal, its notice, and all that follows from them by rule.

A tacit renewal is no event that somebody records: its periods are counted here from the agreed dates. The database holds
the same rules (partnerships.models.terms) and the tests compare the two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from partnerships import calendar
from partnerships.calendar import DAY, Period

NONE, EXPRESS, TACIT = "none", "express", "tacit"


@dataclass(frozen=True)
class Terms:
    """The dates and conditions in force. `renewal_limit` is None when tacit renewals have no end.

    `ended_on` is the last day after a denunciation or a termination, None as long as nobody ended it early.
    """

    starts_on: date | None = None
    ends_on: date | None = None
    renewal: str = ""
    renewal_months: int | None = None
    renewal_limit: int | None = None
    notice_months: int | None = None
    ended_on: date | None = None

    @property
    def is_tacit(self) -> bool:
        return self.renewal == TACIT and bool(self.renewal_months)

    @property
    def is_open_ended(self) -> bool:
        """Say whether nothing ends the convention but a denunciation."""
        return self.ends_on is not None and self.is_tacit and self.renewal_limit is None and self.ended_on is None

    @property
    def agreed_last_day(self) -> date | None:
        """Return the last day that the text gives, all tacit renewals counted; None when unknown or without end."""
        if self.ends_on is None or not self.is_tacit or self.renewal_limit == 0:
            return self.ends_on
        if self.renewal_limit is None:
            return None
        return self._renewed(self.renewal_limit).ends_on

    @property
    def last_day(self) -> date | None:
        """Return the last day, early or not; None when it is unknown or when the convention has no end."""
        return min((day for day in (self.ended_on, self.agreed_last_day) if day), default=None)

    def period_on(self, day: date) -> Period | None:
        """Return the period in force on a day, cut at an early end; None outside of them or when a date is unknown."""
        if self.starts_on is None or self.ends_on is None or day < self.starts_on:
            return None
        last_day = self.last_day
        if last_day is not None and day > last_day:
            return None
        period = self._agreed_period_on(day)
        return Period(period.starts_on, min(period.ends_on, last_day or period.ends_on), period.rank)

    def periods(self, until: date) -> Iterator[Period]:
        """Give the successive periods that start by `until`, in order."""
        day = self.starts_on
        while day is not None and day <= until and (period := self.period_on(day)):
            yield period
            day = period.ends_on + DAY

    def notice_deadline(self, day: date) -> date | None:
        """Return the last day on which a notice prevents the renewal that follows the period of `day`.

        None when no renewal follows or when no notice is agreed.
        """
        period = self.period_on(day)
        if period is None or not self.is_tacit or self.notice_months is None or self.ended_on is not None:
            return None
        if period.ends_on == self.agreed_last_day:
            return None
        return calendar.last_day_to_give_notice(period.ends_on, self.notice_months)

    def earliest_end(self, notice_given_on: date) -> date:
        """Return the first day on which a denunciation received that day may end the convention."""
        earliest = calendar.notice_runs_out_on(notice_given_on, self.notice_months or 0)
        return max(earliest, self.starts_on or earliest)

    def _renewed(self, rank: int) -> Period:
        if self.ends_on is None or not self.renewal_months:
            raise ValueError("only dated tacit renewals have periods")
        period = calendar.months_after(self.ends_on + DAY, self.renewal_months, rank - 1)
        return Period(period.starts_on, period.ends_on, rank)

    def _agreed_period_on(self, day: date) -> Period:
        assert self.starts_on is not None and self.ends_on is not None  # noqa: S101, PT018  period_on checked both
        if day <= self.ends_on or not self.renewal_months:
            return Period(self.starts_on, self.ends_on)
        first = self.ends_on + DAY
        months = (day.year - first.year) * 12 + day.month - first.month
        rank = months // self.renewal_months + 1
        period = self._renewed(rank)
        return period if period.holds(day) else self._renewed(rank - 1)
