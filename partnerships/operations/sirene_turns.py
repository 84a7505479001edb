"""Who works on a Sirene import, turn after turn (kernel.turns), and how it ends."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from e2c_portal.documents import storage
from e2c_portal.kernel.turns import ClaimLost, Turns
from partnerships.models import SireneImport
from partnerships.operations.sirene import APPLY, READ

__all__ = ["ClaimLost", "end", "held", "still_held", "sweep", "take", "turn"]

Status = SireneImport.Status

# A turn ends well before the hard limit of a task.
TURN_SECONDS = 15
GAVE_UP = (
    "La lecture a été interrompue plusieurs fois de suite. Prévenez l’exploitant, puis déposez de nouveau le fichier."
)


def end(asked: SireneImport, status: str, failure: str = "") -> None:
    """Write how an import held by this worker ended; its file goes once that is committed."""
    key, asked.file = asked.file, ""
    asked.status, asked.failure = status, failure
    asked.claim = asked.claimed_at = None
    asked.finished_at = timezone.now()
    if key:
        transaction.on_commit(lambda: storage.discard(key))


def _give_up(asked: SireneImport) -> bool:
    """A reading that never ends is given up; an application is taken up again, always."""
    if asked.status != Status.READING:
        return False
    end(asked, Status.FAILED, GAVE_UP)
    return True


TURNS = Turns(
    SireneImport, {Status.READING: READ, Status.APPLYING: APPLY}, "import_id", _give_up, with_rows=("applied_by",)
)
take, held, still_held, sweep = TURNS.take, TURNS.held, TURNS.still_held, TURNS.sweep


def turn(import_id: int, status: str, work: Callable[[int, UUID, float], bool]) -> bool:
    """Work on an import for one turn; see Turns.turn."""
    return TURNS.turn(import_id, status, work, TURN_SECONDS)
