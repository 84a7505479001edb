"""When the message of the day leaves."""

from datetime import datetime, time, timedelta

from django.utils import timezone

# Before the working day, so that it is read with the first coffee and never at night.
DIGEST_TIME = time(7, 0)


def next_digest(after: datetime) -> datetime:
    """Return the first moment of grouping at or after a moment, by the clock of Paris whatever the season."""
    local = timezone.localtime(after)
    today = _at(local)
    return today if today >= after else _at(local + timedelta(days=1))


def _at(day: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(day.date(), DIGEST_TIME))
