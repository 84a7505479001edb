"""The 48 hours of an accident, Sundays and public holidays left out: a table of moments."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from trainees.law.accident_clock import deadline_of
from trainees.law.days_off import off_in, public_holiday

PARIS = ZoneInfo("Europe/Paris")
# Known on, to declare by, in the departments of the school.
TABLE = [
    ("2026-11-03 10:40", "2026-11-05 10:40", "30", "Tuesday: two days later"),
    ("2026-11-06 16:00", "2026-11-09 16:00", "30", "Friday: Saturday counts, Sunday does not"),
    ("2026-11-07 10:00", "2026-11-10 10:00", "30", "Saturday: Sunday is left out"),
    ("2026-11-08 15:00", "2026-11-11 00:00", "30", "Sunday: the clock begins at midnight, and runs until the eve of 11 November"),
    ("2026-11-10 09:00", "2026-11-13 09:00", "30", "the eve of 11 November"),
    ("2026-11-11 09:00", "2026-11-14 00:00", "30", "known on a public holiday"),
    ("2026-12-24 18:00", "2026-12-28 18:00", "30", "Christmas on a Friday, then a Sunday"),
    ("2026-12-24 18:00", "2026-12-29 18:00", "67", "in Alsace 26 December is off too"),
    ("2026-12-31 12:00", "2027-01-04 12:00", "34", "New Year, then a Sunday"),
    ("2027-05-05 08:00", "2027-05-10 08:00", "34", "Ascension on a Thursday, 8 May on a Saturday, then a Sunday"),
    ("2027-05-07 08:00", "2027-05-11 08:00", "34", "8 May on a Saturday, then a Sunday"),
    ("2026-10-24 12:00", "2026-10-27 12:00", "34", "clocks go back on the Sunday that is left out"),
    ("2027-03-27 12:00", "2027-03-31 12:00", "34", "Easter: Sunday and Monday, clocks go forward"),
    ("2026-07-13 23:30", "2026-07-16 23:30", "34", "14 July"),
]  # fmt: skip


@pytest.mark.parametrize(("known", "deadline", "department", "why"), TABLE, ids=[row[3] for row in TABLE])
def test_the_deadline(known: str, deadline: str, department: str, why: str) -> None:
    assert deadline_of(_paris(known), 48, off_in(department)) == _paris(deadline), why


def test_the_hours_are_those_that_are_asked() -> None:
    assert deadline_of(_paris("2026-11-03 10:00"), 24, off_in("30")) == _paris("2026-11-04 10:00")


def test_the_days_of_alsace_and_moselle_are_off_there_alone() -> None:
    good_friday = date(2027, 3, 26)
    assert public_holiday(good_friday, "68")
    assert not public_holiday(good_friday, "30")


def test_eleven_days_are_off_everywhere() -> None:
    days = [date.fromordinal(number) for number in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
    assert sum(bool(public_holiday(day)) for day in days) == 11


def _paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)
