"""When the calls after an exit are due: so many months later, on the same day or the last one of a shorter month."""

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """Return the same day `months` months later: three months after 30 November is 28 (or 29) February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
