"""What the operator may do with what failed: try again, give up. Each leaves a trace; twice the same click does it once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from e2c_portal.audit.trail import record
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import retry as retry_document
from e2c_portal.kernel.errors import NotAllowed, PortalError, Refused
from e2c_portal.kernel.french import counted
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.kernel.models import TaskFailure
from e2c_portal.mailing import controls
from e2c_portal.mailing.models import Mail, Sms
from e2c_portal.upkeep.permissions import UpkeepPermission
from e2c_portal.upkeep.queues import SORTS
from e2c_portal.upkeep.task_words import WORDS, task_label

if TYPE_CHECKING:
    from e2c_portal.accounts.models import User

AT_ONCE = 100
GONE = "Il a déjà été relancé, abandonné, ou il a réussi entre-temps. Rechargez la page."


@dataclass(frozen=True)
class Outcome:
    """How many were restarted, and why the others were not: each French sentence once."""

    done: int
    refusals: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What was done, in French."""
        return f"{counted(self.done, 'élément relancé', 'éléments relancés')}."


def restart(sort: str, keys: list[int], actor: "User") -> Outcome:
    """Try again some things of a sort, each in its own transaction. Raises NotAllowed, Refused when nothing was chosen."""
    _require(actor)
    if sort not in SORTS:
        raise Refused("Cette liste n’existe pas : choisissez-en une, puis relancez.")
    if not keys:
        raise Refused("Cochez au moins une ligne, puis relancez.")
    done, refusals = 0, []
    for key in list(dict.fromkeys(keys))[:AT_ONCE]:
        try:
            _restart_one(sort, key, actor)
        except PortalError as refusal:
            refusals.append(refusal.message)
        else:
            done += 1
    return Outcome(done, tuple(dict.fromkeys(refusals)))


def give_up(sort: str, key: int, actor: "User", reason: str) -> None:
    """Leave something undone for good, with its reason. Raises NotAllowed, and Refused for what may not be given up."""
    _require(actor)
    if sort == "travaux":
        _give_up_task(key, actor, reason)
    elif sort == "courriels":
        controls.cancel(_found(Mail, key), actor, reason)
    elif sort == "sms":
        controls.cancel(_found(Sms, key), actor, reason)
    else:
        raise Refused("Un document en échec ne s’abandonne pas ici : relancez-le, ou remplacez-le depuis sa fiche.")


def _restart_one(sort: str, key: int, actor: "User") -> None:
    if sort == "travaux":
        _restart_task(key, actor)
    elif sort == "documents":
        retry_document(_found(Document, key), actor)
    else:
        controls.retry(_found(Mail if sort == "courriels" else Sms, key), actor)


@transaction.atomic
def _restart_task(key: int, actor: "User") -> None:
    """Ask again for the task itself; its row goes when it succeeds."""
    held = _held(key)
    if held.task not in WORDS:
        raise Refused("Ce travail n’existe plus dans cette version du portail : abandonnez-le.")
    held.state = TaskFailure.State.RESTARTED
    held.save(update_fields=["state"])
    record(actor, "task.restarted", held, f"Travail relancé : {task_label(held.task)}", request=held.request_id)
    enqueue_on_commit(held.task, **held.arguments)


@transaction.atomic
def _give_up_task(key: int, actor: "User", reason: str) -> None:
    if not reason.strip():
        raise Refused("L’abandon d’un travail demande un motif : écrivez-le.", code="reason_required")
    held = _held(key)
    held.state = TaskFailure.State.GIVEN_UP
    held.save(update_fields=["state"])
    words = f"Travail abandonné : {task_label(held.task)}. Motif : {reason.strip()}"
    record(actor, "task.given_up", held, words, request=held.request_id)


def _held(key: int) -> TaskFailure:
    held = TaskFailure.objects.select_for_update().filter(pk=key, state=TaskFailure.State.FAILED).first()
    if held is None:
        raise Refused(GONE)
    return held


def _found(model: Any, key: int) -> Any:
    row = model._default_manager.filter(pk=key).first()
    if row is None:
        raise Refused(GONE)
    return row


def _require(actor: "User") -> None:
    if not actor.has_perm(UpkeepPermission.RESTART_WORK):
        raise NotAllowed("Seul un chargé de mission régional peut relancer ou abandonner un travail.")
