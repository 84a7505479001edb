"""The watcher of faults: it looks after each pass of the sweeper, which needs no broker, and remembers what nobody could write."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from e2c_portal.upkeep import incidents
from e2c_portal.upkeep import incidents_words as words
from e2c_portal.upkeep.incidents_finding import Fault
from e2c_portal.upkeep.models import Pulse

logger = logging.getLogger(__name__)

SWEEPER = "run_sweeper"
EVERY_SECONDS = 10
SILENCE = timedelta(minutes=2)
# What this one mends was left by a worker that died.
INTERRUPTED_WORK = "interrupted documents"
AWAY = (OperationalError, InterfaceError)


@dataclass
class _Watch:
    """What this process remembers from one pass to the next."""

    looked: float = float("-inf")
    database_away_since: datetime | None = None


_watch = _Watch()


def witness(mended: Mapping[str, int], failed: Mapping[str, Exception]) -> None:
    """Look at what a pass of the sweeper did, and write what it tells. Nothing is raised."""
    if any(isinstance(error, AWAY) for error in failed.values()):
        _watch.database_away_since = _watch.database_away_since or timezone.now()
        return
    try:
        _tell_what_is_over()
        _tell_what_was_interrupted(mended)
        if time.monotonic() >= _watch.looked + EVERY_SECONDS:
            incidents.look()
            _watch.looked = time.monotonic()
    except AWAY:
        _watch.database_away_since = _watch.database_away_since or timezone.now()


def last_looked() -> datetime | None:
    """Return when the sweeper last made a whole pass, None when none ever ran."""
    return Pulse.objects.filter(watcher=SWEEPER).values_list("at", flat=True).first()


def _tell_what_is_over() -> None:
    silent_since = incidents.beat(SWEEPER, SILENCE)
    away, _watch.database_away_since = _watch.database_away_since, None
    if away:
        incidents.note_past(words.DATABASE, away, timezone.now())
    elif silent_since:
        incidents.note_past(words.SLEEP, silent_since, timezone.now())


def _tell_what_was_interrupted(mended: Mapping[str, int]) -> None:
    if number := mended.get(INTERRUPTED_WORK, 0):
        incidents.note(Fault(words.INTERRUPTED, number))
