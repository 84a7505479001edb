"""Watchers that need no broker: apps register what must be looked at every few seconds."""

import logging
from collections.abc import Callable

from django.db import close_old_connections

logger = logging.getLogger(__name__)

_sweepers: dict[str, Callable[[], int]] = {}


def register(name: str, sweep: Callable[[], int]) -> None:
    """Add a watcher: it returns how many things it mended."""
    _sweepers[name] = sweep


def sweep_once() -> dict[str, int]:
    """Run every watcher once. One that fails is logged and does not stop the others."""
    mended: dict[str, int] = {}
    for name, sweep in _sweepers.items():
        close_old_connections()
        try:
            mended[name] = sweep()
        except Exception:
            logger.exception("sweeper %s failed", name)
    return mended
