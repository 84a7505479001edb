"""Days as French people write them, and as spreadsheets keep them."""

import re
from datetime import date, timedelta

from e2c_portal.kernel.search import fold

MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "mar": 3, "avril": 4, "avr": 4, "mai": 5,
    "juin": 6, "juillet": 7, "juil": 7, "aout": 8, "aou": 8, "septembre": 9, "sept": 9, "sep": 9, "octobre": 10, "oct": 10,
    "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
NUMBERS = re.compile(r"^(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})$")
LETTERS = re.compile(r"^(?:[a-z]+\s+)?(\d{1,2})(?:er)?[\s\-]+([a-z]+)\.?[\s\-]+(\d{4}|\d{2})$")
ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?$")
TOGETHER = re.compile(r"^(\d{2})(\d{2})(\d{4})$")
SERIAL = re.compile(r"^\d{4,5}$")
# Excel counts from here: its calendar has a 29 February 1900, so that the count is true from March 1900 on.
EXCEL_ZERO = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 3654, 73415


def day_in(text: str, *, future_years: int = 30) -> date | None:
    """Return the day that a text says: 12/03/2006, 12.03.06, 12 mars 2006, 1er mars 2006, 2006-03-12, 12032006, 38788 (Excel).

    The day comes before the month. Two digits of a year mean the last hundred years, plus `future_years`. None: no such day.
    """
    told = " ".join(fold(text).split())
    if found := ISO.match(told):
        year, month, day = found.groups()
        return _day(day, month, year, future_years)
    if found := NUMBERS.match(told) or TOGETHER.match(told):
        day, month, year = found.groups()
        return _day(day, month, year, future_years)
    if found := LETTERS.match(told):
        day, month, year = found.groups()
        return _day(day, str(MONTHS[month]), year, future_years) if month in MONTHS else None
    if SERIAL.match(told) and FIRST_SERIAL <= int(told) <= LAST_SERIAL:
        return EXCEL_ZERO + timedelta(days=int(told))
    return None


def _day(day: str, month: str, year: str, future_years: int) -> date | None:
    whole = int(year)
    if len(year) == 2:
        latest = date.today().year + future_years  # noqa: DTZ011  a span of years, not a moment
        whole += latest // 100 * 100
        whole -= 100 if whole > latest else 0
    try:
        return date(whole, int(month), int(day))
    except ValueError:
        return None
