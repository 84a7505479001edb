"""The clock of an accident: 48 hours, Sundays and public holidays not counted (code de la sécurité sociale, R441-3).

Pure: moments in, moments out. The number of hours is a dated limit (law.limits, ACCIDENT_HOURS), given by whoever asks.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
# What others have: the victim to tell (R441-2), the host of a PMSMP to tell the school (code du travail, D5135-5).
TOLD_WITHIN = timedelta(hours=24)


def deadline_of(known_at: datetime, hours: int, is_off: Callable[[date], bool]) -> datetime:
    """Return the moment at which `hours` have run since `known_at`, the hours of the days off left out.

    `known_at` is aware; days are those of Paris, one hour longer or shorter when the clocks change.
    """
    left, now = timedelta(hours=hours), known_at
    while True:
        day = now.astimezone(PARIS).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), PARIS).astimezone(known_at.tzinfo)
        if not is_off(day):
            if now + left <= midnight:
                return now + left
            left -= midnight - now
        now = midnight


def told_late(occurred_at: datetime, told_at: datetime | None) -> bool:
    """Say whether somebody was told more than 24 hours after the accident."""
    return told_at is not None and told_at - occurred_at > TOLD_WITHIN
