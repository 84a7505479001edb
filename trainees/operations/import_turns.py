"""Who works on an import of trainees, turn after turn (kernel.turns), and how it ends."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone

from e2c_portal.kernel.errors import PortalError, Refused
from e2c_portal.kernel.turns import ClaimLost, Turns
from e2c_portal.ui.refusals import refusal_of_database
from trainees.models import TraineeImport
from trainees.operations.imports import APPLY, CHECK, UNDO
from trainees.reads.imports import figures_of

__all__ = ["ClaimLost", "begin_line", "end", "held", "still_held", "sweep", "take", "told_of", "turn"]

Status = TraineeImport.Status

# A turn ends well before the hard limit of a task.
TURN_SECONDS = 15
GAVE_UP = (
    "La vérification a été interrompue plusieurs fois de suite ; aucune fiche n’a changé. Prévenez l’exploitant, puis déposez "
    "de nouveau le fichier."
)
UNEXPECTED = "Une erreur imprévue a empêché de traiter cette ligne. L’exploitant la trouvera dans les journaux."


def end(asked: TraineeImport, status: str, failure: str = "") -> None:
    """Write how an import held by this worker ended. The caller saves."""
    asked.status, asked.failure = status, failure
    asked.claim = asked.claimed_at = None
    asked.finished_at = timezone.now()
    asked.figures = figures_of(asked)


def _give_up(asked: TraineeImport) -> bool:
    """A check that never ends is given up; an import or its undoing is taken up again, always."""
    if asked.status != Status.CHECKING:
        return False
    end(asked, Status.FAILED, GAVE_UP)
    return True


TURNS = Turns(
    TraineeImport,
    {Status.CHECKING: CHECK, Status.APPLYING: APPLY, Status.UNDOING: UNDO},
    "import_id",
    _give_up,
)
take, held, still_held, sweep = TURNS.take, TURNS.held, TURNS.still_held, TURNS.sweep


def turn(import_id: int, status: str, work: Callable[[int, UUID, float], bool]) -> bool:
    """Work on an import for one turn; see Turns.turn."""
    return TURNS.turn(import_id, status, work, TURN_SECONDS)


def begin_line() -> None:
    """Let the commit of this line not wait for the disk: after a power cut the last lines are undone whole, and done again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def told_of(error: Exception) -> str:
    """Return in French why a line was refused when it was written; empty when only the logs can say."""
    if isinstance(error, Refused):
        return " ".join(error.details or [error.message])
    if isinstance(error, PortalError):
        return error.message
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, IntegrityError):
        return _told_by_the_database(error)
    return ""


def _told_by_the_database(error: IntegrityError) -> str:
    told: Any = refusal_of_database(error)
    message: str = told.message
    return message
