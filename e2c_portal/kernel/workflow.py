"""A workflow is data: states, and for each move its origins, its right and what must be filled before.

Pages, the admin, operations, the documentation and the database's own guard (kernel.triggers) read the same table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused


class Actor(Protocol):
    """Whoever acts: a user with rights."""

    def has_perm(self, perm: str, obj: object = None) -> bool: ...


def nothing_missing(subject: Any) -> list[str]:
    """Say that a move asks for nothing."""
    return []


@dataclass(frozen=True)
class State:
    """A state as people read it. `tone` is a colour name of the interface, never the only sign."""

    label: str
    meaning: str
    tone: str = "neutral"


@dataclass(frozen=True)
class Move:
    """One button: where it leads, from where, who may press it and what must be there first."""

    name: str
    label: str
    target: str
    origins: frozenset[str]
    permission: str
    missing: Callable[[Any], list[str]] = nothing_missing
    needs_reason: bool = False
    records: tuple[str, ...] = ()
    consequence: str = ""


@dataclass(frozen=True)
class MoveChoice:
    """A move offered to one person now, with what still prevents it."""

    move: Move
    missing: list[str] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Workflow:
    """The whole table of one kind of thing."""

    name: str
    initial: str
    states: Mapping[str, State]
    moves: tuple[Move, ...]

    def pairs(self) -> list[tuple[str, str]]:
        """Return every legal (origin, target), sorted: the database's guard is made of it."""
        return sorted({(origin, move.target) for move in self.moves for origin in move.origins})

    def move(self, name: str) -> Move:
        """Return the move of that name. Raises Refused for an unknown one."""
        for move in self.moves:
            if move.name == name:
                return move
        raise Refused("Cette action n’existe pas.", code="unknown_move")

    def choices(self, subject: Any, state: str, actor: Actor) -> list[MoveChoice]:
        """List the moves this person may make from this state, each with what is missing."""
        return [
            MoveChoice(move, move.missing(subject))
            for move in self.moves
            if state in move.origins and actor.has_perm(move.permission, subject)
        ]

    def check(self, subject: Any, state: str, move: Move, actor: Actor, reason: str = "") -> None:
        """Raise NotAllowed, Overtaken or Refused unless the move may be made now."""
        if not actor.has_perm(move.permission, subject):
            raise NotAllowed(f"Vous n’avez pas le droit de faire cette action : {move.label.lower()}.")
        if state not in move.origins:
            label = self.states[state].label.lower()
            raise Overtaken(
                f"« {move.label} » n’est pas possible : l’état est « {label} ». "
                "Quelqu’un l’a peut-être changé entre-temps ; rechargez la page.",
            )
        if move.needs_reason and not reason.strip():
            raise Refused(f"« {move.label} » demande un motif : écrivez-le.", code="reason_required")
        if missing := move.missing(subject):
            raise Refused(f"« {move.label} » n’est pas encore possible.", details=missing, code="incomplete")
