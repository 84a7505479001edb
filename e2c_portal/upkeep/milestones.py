"""When the portal last did what nobody sees until it is missed: backup, consistency check… Each part registers its own reading."""

from collections.abc import Callable
from datetime import datetime

_milestones: dict[str, Callable[[], datetime | None]] = {}


def register(name: str, last: Callable[[], datetime | None]) -> None:
    """Add a milestone: `last` answers the moment of its last success in one bounded question, None when it never was.

    Its figure is `portail_last_success_timestamp_seconds{what="<name>"}`.
    """
    _milestones[name] = last


def all_milestones() -> dict[str, Callable[[], datetime | None]]:
    """Return the readings by name."""
    return dict(sorted(_milestones.items()))
