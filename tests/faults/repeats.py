"""How many times each fault is brought about: once in the suite, FAULT_REPEATS times for `make faults`, which prints a table."""

import os
from dataclasses import asdict, dataclass
from typing import Any

import pytest

from e2c_portal.upkeep.incidents_words import WORDS
from e2c_portal.upkeep.models import Incident

REPEATS = int(os.environ.get("FAULT_REPEATS", "1"))
repeated = pytest.mark.parametrize("turn", range(REPEATS))


@dataclass(frozen=True)
class Noted:
    """What one turn of a fault did. `told` is a sentence that staff, or whoever asked, reads."""

    fault: str
    lost: int
    doubled: int
    told: str


# What the present turn noted: its report takes it away (tests/faults/progress.py).
_noted: list[Noted] = []


def told_of(kind: str) -> str:
    """Return the sentence by which staff is told of a kind of fault, empty when nobody noticed it."""
    return WORDS[kind].title if Incident.objects.filter(kind=kind).exists() else ""


def note(fault: str, *, lost: int, doubled: int, told: str) -> None:
    """Count one turn of a fault, then hold it to its promise: nothing lost, nothing double, and told in French."""
    _noted.append(Noted(fault, lost, doubled, told))
    assert (lost, doubled) == (0, 0), f"{fault}: {lost} lost, {doubled} double"
    assert told, f"{fault}: nobody is told"


def take_noted() -> list[dict[str, Any]]:
    """Return what this turn noted, as a report carries it from one process to another, and forget it."""
    taken = [asdict(one) for one in _noted]
    _noted.clear()
    return taken
