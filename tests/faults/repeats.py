"""How many times each fault is brought about: once in the suite, FAULT_REPEATS times for `make faults`, which prints a table."""

import os
from dataclasses import dataclass, field

import pytest

from e2c_portal.upkeep.incidents_words import WORDS
from e2c_portal.upkeep.models import Incident

REPEATS = int(os.environ.get("FAULT_REPEATS", "1"))
repeated = pytest.mark.parametrize("turn", range(REPEATS))


@dataclass
class Outcome:
    """What one fault did, over all its turns. `told` is a sentence that staff read."""

    turns: int = 0
    lost: int = 0
    doubled: int = 0
    told: set[str] = field(default_factory=set)


outcomes: dict[str, Outcome] = {}


def told_of(kind: str) -> str:
    """Return the sentence by which staff is told of a kind of fault, empty when nobody noticed it."""
    return WORDS[kind].title if Incident.objects.filter(kind=kind).exists() else ""


def note(fault: str, *, lost: int, doubled: int, told: str) -> None:
    """Count one turn of a fault, then hold it to its promise: nothing lost, nothing double, and told in French."""
    outcome = outcomes.setdefault(fault, Outcome())
    outcome.turns += 1
    outcome.lost += lost
    outcome.doubled += doubled
    outcome.told.add(told)
    assert (lost, doubled) == (0, 0), f"{fault}: {lost} lost, {doubled} double"
    assert told, f"{fault}: nobody is told"


def table() -> list[str]:
    """Return the lines of the table, none when nothing was noted."""
    if not outcomes:
        return []
    lines = ["panne | fois | perdus | doubles | dit à l’équipe", "---|---|---|---|---"]
    for fault, outcome in sorted(outcomes.items()):
        told = " / ".join(sorted(outcome.told))
        lines.append(f"{fault} | {outcome.turns} | {outcome.lost} | {outcome.doubled} | {told}")
    return lines
