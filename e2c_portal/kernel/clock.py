"""One clock for what several machines must agree on, who holds a work and since when: the database's.

The clock of one machine may be an hour late. Its claims would look an hour old and be taken from it at once, again and
again; the claims of the others would look eternal. The database writes these moments and compares them, by itself.

What lives a few minutes (a one-time code, a visit) and is judged in Python asks `agreed_now`: a code that leaves from one machine
is typed on another, and an hour between the two would refuse every code until somebody sets the clock right.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

# A moment further ahead than this was written before the database's own clock was set back: nobody can tell its age.
AHEAD = timedelta(minutes=2)
MEASURED_EVERY_SECONDS = 60
# What an answer of the database takes is no difference of clocks.
NEGLIGIBLE = timedelta(seconds=5)


@dataclass
class _Known:
    """By how much this machine is ahead, when that was measured, and what its clock then said of the time it had been up."""

    ahead: timedelta = timedelta(0)
    measured: float = float("-inf")
    drift: float = 0


_known = _Known()


def difference() -> timedelta:
    """Return by how much the clock of this machine is ahead of the database's; negative when it is late. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return timezone.now() - cursor.fetchone()[0]


def agreed_now() -> datetime:
    """Return the present moment by the database's clock, whatever this machine believes. One query a minute at most."""
    if settings.CLOCK_FOLLOWS_DATABASE and _is_to_measure():
        ahead = difference()
        _known.ahead = ahead if abs(ahead) > NEGLIGIBLE else timedelta(0)
        _known.measured, _known.drift = time.monotonic(), _drift()
    return timezone.now() - _known.ahead


def _is_to_measure() -> bool:
    # A clock that is set right, or wrong, jumps away from the one that only counts.
    jumped = abs(_drift() - _known.drift) > NEGLIGIBLE.total_seconds()
    return jumped or time.monotonic() > _known.measured + MEASURED_EVERY_SECONDS


def _drift() -> float:
    return time.time() - time.monotonic()


def older_than(column: str, delay: timedelta) -> Q:
    """Return the condition « this moment is older than the delay » by the database's clock.

    A moment that lies in the future counts as old: else a clock set back by an hour would stop for an hour whatever it dates.
    """
    return Q(**{f"{column}__lt": Now() - delay}) | Q(**{f"{column}__gt": Now() + AHEAD})
