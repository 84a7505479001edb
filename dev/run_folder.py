"""One lock per run folder: two launchers never share the same servers and data by accident."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.console import Refusal, say
from dev.stopping import pause


@contextmanager
def held(folder: Path, purpose: str) -> Iterator[None]:
    """Hold the folder while the block runs. Raises Refusal, naming the process that holds it, when it is taken.

    The kernel frees the lock when its holder dies, however it dies: there is no stale lock to remove by hand.
    """
    with _opened(folder / "lock") as lock:
        if not _taken(lock):
            raise Refusal(
                f"{folder} est déjà utilisé par le processus {_holder(lock)} : arrêtez-le (Ctrl-C dans son terminal), puis relancez."
            )
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()} {purpose}\n".encode(), 0)
        yield


@contextmanager
def waited_for(folder: Path, waiting: str) -> Iterator[None]:
    """Hold the folder while the block runs, waiting for whoever holds it now (said by the line `waiting`)."""
    with _opened(folder / "lock") as lock:
        if not _taken(lock):
            say(waiting)
            while not _taken(lock):
                pause(0.2)
        yield


def is_held(folder: Path) -> bool:
    """Tell whether a launcher is working in this folder now."""
    if not (folder / "lock").exists():
        return False
    with _opened(folder / "lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        return False


def _taken(lock: int) -> bool:
    """Take the lock if it is free, without waiting, and tell whether it is ours."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except PermissionError:
        raise Refusal(f"Impossible d’écrire dans {path.parent} : ce dossier appartient à un autre compte.") from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _holder(lock: int) -> str:
    return os.pread(lock, 200, 0).decode(errors="replace").strip() or "inconnu"
