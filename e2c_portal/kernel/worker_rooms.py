"""A folder of temporary files for each process of a worker, so that what a killed one leaves is known to be nobody's.

A process that is killed (SIGKILL, a lack of memory) says no farewell: the fonts that it wrote for its documents would stay on the
disk for ever, less than a megabyte each time. All rooms stand in one folder. Whoever has a room holds a lock on it (flock), which
the system itself lets go of when the process dies, however it dies: numbers of processes come back, locks do not lie. It is also
the sign by which systemd-tmpfiles leaves a folder alone.
"""

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

logger = logging.getLogger(__name__)
ROOM = "ouvrier-"


def parent() -> Path:
    """Return where the rooms of this machine and of this account stand."""
    # Seen from a room, temporary files are in the room itself: its parent was named before.
    here = Path(tempfile.gettempdir())
    return here.parent if _held else here / f"portail-e2c-ouvriers-{os.geteuid()}"


# The room of this process, and the descriptor that holds its lock: it must stay open as long as the process.
_held: dict[Path, int] = {}


def move_in() -> Path | None:
    """Sweep the rooms of the dead, then give this process a room, where all its temporary files go from now on.

    Returns None when no room can be made (a full disk, a folder that belongs to somebody else): the process works all the same,
    its temporary files go where they would, and the log says so.
    """
    _held.clear()
    try:
        with _alone_in(parent()) as folder:
            _sweep(folder)
            room = Path(tempfile.mkdtemp(prefix=f"{ROOM}{os.getpid()}-", dir=folder))
            lock = _try_to_hold(room)
            if lock is None:
                raise BlockingIOError(0, "somebody else holds it")
    except OSError as error:
        logger.warning("no temporary folder of its own for this process (%s)", error.strerror)
        return None
    _held[room] = lock
    # The library for this process, the variable for those that it starts.
    tempfile.tempdir = os.environ["TMPDIR"] = str(room)
    return room


def move_out() -> None:
    """Remove the room of this process, which ends in order."""
    while _held:
        room, lock = _held.popitem()
        shutil.rmtree(room, ignore_errors=True)
        os.close(lock)


def sweep() -> int:
    """Remove the rooms whose process is dead. Returns how many. Raises OSError when their folder cannot be read."""
    with _alone_in(parent()) as folder:
        return _sweep(folder)


def _sweep(folder: Path) -> int:
    gone = 0
    for room in folder.glob(f"{ROOM}*"):
        lock = _try_to_hold(room)
        if lock is None:
            continue
        shutil.rmtree(room, ignore_errors=True)
        os.close(lock)
        gone += 1
    if gone:
        logger.info("temporary folders of dead processes removed: %s", gone)
    return gone


@contextmanager
def _alone_in(folder: Path) -> Iterator[Path]:
    """Hold the folder of rooms: between the making of a room and its lock, nobody may take it for a dead one's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    # In a folder where everybody writes, a name that can be guessed may lead elsewhere, or be somebody else's.
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(held).st_uid != os.geteuid():
            raise PermissionError(0, "the folder of rooms belongs to somebody else")
        fcntl.flock(held, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(held)


def _try_to_hold(room: Path) -> int | None:
    """Return a descriptor that holds the lock of a room, None when somebody has it, or when the room is no more."""
    try:
        lock = os.open(room, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock
