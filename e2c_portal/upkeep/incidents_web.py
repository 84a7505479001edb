"""A process of the pages that dies without a farewell is replaced in a second, and nobody would know: the next one tells it.

Each process writes its number when it answers its first request, and takes it back when it ends. One that finds on its machine
the number of a process that is no longer there says so.
"""

import atexit
import hashlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.db.models.functions import Now

from e2c_portal.upkeep import incidents
from e2c_portal.upkeep import incidents_words as words
from e2c_portal.upkeep.incidents_finding import Fault, clock_fault
from e2c_portal.upkeep.models import Pulse

logger = logging.getLogger(__name__)
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
# What a row of Pulse may hold, and how those of the pages begin.
NAME_LIMIT, OF_PAGES = 40, "web "
CLOCK_EVERY_SECONDS = 600
GONE = "gone"
DEAD = "ZX"


def announced(application: Application) -> Application:
    """Return the application, which announces its process at its first request."""
    known: set[int] = set()
    lock = threading.Lock()
    clock = _ClockWatch()

    def run(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # A process that was forked since is another one.
        if os.getpid() not in known:
            with lock:
                if os.getpid() not in known and announce():
                    known.add(os.getpid())
        clock.look()
        return application(environ, start_response)

    return run


class _ClockWatch:
    """Has a process of the pages compare its clock with the database's now and then: the sweeper sees only its own machine.

    It gives a sign of life at the same time.
    """

    def __init__(self) -> None:
        self._looked = float("-inf")

    def look(self) -> None:
        """Tell of a clock that is wrong, at the first request and every ten minutes. Nothing is raised."""
        if time.monotonic() < self._looked + CLOCK_EVERY_SECONDS:
            return
        self._looked = time.monotonic()
        try:
            for fault in clock_fault():
                incidents.note(fault)
            Pulse.objects.filter(watcher=_name_of(os.getpid())).update(at=Now())
        except (DatabaseError, InterfaceError) as error:
            logger.warning("the clock could not be compared (%s)", type(error).__name__)


def announce() -> bool:
    """Write that this process lives, and tell of those that died. Returns False when the database is away."""
    try:
        _tell_of_the_dead()
        Pulse.objects.get_or_create(watcher=_name_of(os.getpid()))
    except (DatabaseError, InterfaceError) as error:
        logger.warning("this process could not announce itself (%s)", type(error).__name__)
        return False
    atexit.register(_withdraw, os.getpid())
    return True


def _tell_of_the_dead() -> None:
    rows = Pulse.objects.filter(watcher__startswith=_machine())
    dead = [name for name in rows.values_list("watcher", flat=True) if name != _name_of(_number_in(name))]
    # The one who deletes the row tells: two processes that start together do not tell it twice.
    if number := Pulse.objects.filter(watcher__in=dead).delete()[0]:
        incidents.note(Fault(words.PAGES, number))


def _withdraw(number: int) -> None:
    """Take the announcement back: this process ends as it should."""
    if number != os.getpid():
        return
    try:
        connection.close()
        Pulse.objects.filter(watcher=_name_of(number)).delete()
        connection.close()
    except (DatabaseError, InterfaceError) as error:
        logger.warning("this process could not take its leave (%s)", type(error).__name__)


def _machine() -> str:
    """Return what names this machine and no other: names given in order (portail-web-1, portail-web-2) begin alike."""
    return f"{OF_PAGES}{hashlib.sha256(socket.gethostname().encode()).hexdigest()[:12]} "


def _name_of(number: int) -> str:
    """Return what names a process and no other: its number is given again, the moment of its birth is not."""
    return f"{_machine()}{number}-{_born(number)}"[:NAME_LIMIT]


def _number_in(name: str) -> int:
    number = name.rpartition(" ")[2].partition("-")[0]
    return int(number) if number.isdecimal() else 0


def _born(number: int) -> str:
    try:
        state, *others = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        # A dead process keeps its line until somebody reads its end, which nobody may do in a container without an init.
        return GONE if state in DEAD else others[18]
    except (OSError, ValueError, IndexError):
        return GONE
