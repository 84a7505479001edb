"""Sundays and public holidays, which the clock of an accident and the week of a school leave out."""

from collections.abc import Callable
from datetime import date
from functools import cache

import holidays

SUNDAY = 6
# Two more days off in Alsace and Moselle (code du travail, L3134-13).
LOCAL_LAW = {"57": "57", "67": "6AE", "68": "6AE"}


@cache
def _holidays(year: int, subdivision: str) -> dict[date, str]:
    days = holidays.country_holidays("FR", subdiv=subdivision or None, years=year, language="fr")
    return {day: name for day, name in days.items() if day.year == year}


def public_holiday(day: date, department: str = "") -> str:
    """Return the name of the public holiday of a day (code du travail, L3133-1), empty when it is none.

    `department` is the number of the department where the school stands: it brings the days of Alsace and Moselle.
    """
    return _holidays(day.year, LOCAL_LAW.get(department, "")).get(day, "")


def is_off(day: date, department: str = "") -> bool:
    """Say whether a day is a Sunday or a public holiday."""
    return day.weekday() == SUNDAY or bool(public_holiday(day, department))


def off_in(department: str) -> Callable[[date], bool]:
    """Return the question « is this day a Sunday or a public holiday? » as it is asked in a department."""
    return lambda day: is_off(day, department)
