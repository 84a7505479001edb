"""Watchers that need no broker: apps register what must be looked at every few seconds."""

import logging
from collections.abc import Callable, Mapping

from django.db import close_old_connections

logger = logging.getLogger(__name__)

Witness = Callable[[Mapping[str, int], Mapping[str, Exception]], None]

_sweepers: dict[str, Callable[[], int]] = {}
_witnesses: list[Witness] = []


def register(name: str, sweep: Callable[[], int]) -> None:
    """Add a watcher: it returns how many things it mended."""
    _sweepers[name] = sweep


def register_witness(witness: Witness) -> None:
    """Add somebody who is told, after each pass, what every watcher mended and which ones failed."""
    _witnesses.append(witness)


def sweep_once() -> dict[str, int]:
    """Run every watcher once. One that fails is logged and does not stop the others."""
    mended: dict[str, int] = {}
    failed: dict[str, Exception] = {}
    for name, sweep in _sweepers.items():
        close_old_connections()
        try:
            mended[name] = sweep()
        except Exception as error:
            logger.exception("sweeper %s failed", name)
            failed[name] = error
    for witness in _witnesses:
        try:
            witness(mended, failed)
        except Exception:
            logger.exception("a witness of the sweepers failed")
    return mended
