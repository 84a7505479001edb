"""The public holidays of France (code du travail, art. L3133-1), from the `holidays` library. Pure: dates in, dates out.

Alsace and Moselle have two more, overseas departments one each: no school of this network is there. The database knows the same
eleven days by itself (function trainees_is_holiday); a test compares the two over a century.
"""

from datetime import date
from functools import cache

from holidays.countries.france import France


@cache
def holidays_of(year: int) -> dict[date, str]:
    """Return the eleven public holidays of a year, each with its French name."""
    return dict(sorted(France(years=year, language="fr").items()))


def holidays_between(first: date, last: date) -> dict[date, str]:
    """Return the public holidays from a day to another, both included."""
    years = range(first.year, last.year + 1)
    return {day: name for year in years for day, name in holidays_of(year).items() if first <= day <= last}
