"""When somebody who has not signed yet is reminded: by day, never twice in a day, never past the limit. Pure: moments in, moments out.

The reminder of a moment is owed once that moment has passed, unless a message with the link left since the day before it, sent
by the portal or by somebody who pressed the button. So a run that comes late sends one reminder and not three, a run that comes
twice sends none, and nobody is reminded the day after they were.
"""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

# Days after the invitation, and days before the limit.
AFTER_INVITATION = (3, 7, 14)
BEFORE_LIMIT = 3
REMINDER_TIME = time(9, 0)
COOL_DOWN = timedelta(days=1)
WAKES, SLEEPS = time(8, 0), time(20, 0)


def moments(invited_at: datetime, expires_at: datetime) -> list[datetime]:
    """Return the moments of reminder of one invitation, in order."""
    first, last = timezone.localdate(invited_at), timezone.localdate(expires_at)
    days = {first + timedelta(days=number) for number in AFTER_INVITATION} | {last - timedelta(days=BEFORE_LIMIT)}
    planned = (_at(datetime.combine(day, REMINDER_TIME)) for day in sorted(days))
    return [moment for moment in planned if invited_at + COOL_DOWN <= moment < expires_at]


def next_reminder(invited_at: datetime, expires_at: datetime, contacted_at: datetime, now: datetime) -> datetime | None:
    """Return when the next reminder leaves, None when there will be none; one that is owed leaves now, or in the morning.

    `contacted_at` is when the last message with the link left.
    """
    planned = moments(invited_at, expires_at)
    coming = next((moment for moment in planned if contacted_at < moment - COOL_DOWN), None)
    if coming is None:
        return None
    leaves_at = coming if coming > now else by_day(now)
    return leaves_at if leaves_at < expires_at else None


def by_day(moment: datetime) -> datetime:
    """Return the moment itself by day, and at night the hour at which people may be written to again."""
    local = timezone.localtime(moment)
    if WAKES <= local.time() < SLEEPS:
        return moment
    day = local.date() if local.time() < WAKES else local.date() + timedelta(days=1)
    return _at(datetime.combine(day, WAKES))


def _at(wall: datetime) -> datetime:
    # In UTC, so that a day lasts 24 hours even when the clocks change.
    return timezone.make_aware(wall).astimezone(UTC)
