"""A form that creates a record creates it once, however many times it is sent: a double click, a slow network, « back ».

The form carries a token made when it is shown. The first transaction that spends the token writes the record; another one
that arrives meanwhile waits for it, then gives back the same record. The database holds the rule: a token is a primary key.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from json import dumps
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.models import Submission

if TYPE_CHECKING:
    # Who acts stands four floors up: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

Record = TypeVar("Record", bound=Model)

# A page left open for longer than that is read again before it is sent.
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Sending:
    """One sending of a form: the token it was given when it was shown, and the mark of all that was typed in it."""

    token: UUID
    content: str


class AlreadySent(Refused):
    """This form created a record already, and what is typed in it has changed since: only a person knows which they want."""

    code = "already_sent"


def mark_of(typed: Iterable[tuple[str, list[str]]]) -> str:
    """Return the mark of what was typed, names with their values: the same for the same form sent twice."""
    return sha256(dumps(sorted(typed), ensure_ascii=False).encode()).hexdigest()


def once(sending: Sending | None, actor: "User", model: type[Record], make: Callable[[], Record]) -> Record:
    """Run `make` for the first sending of a form, and return what it made to the ones that repeat it.

    To be called inside the transaction of the operation: what `make` refuses gives the token back. Without a sending
    (an import, the demonstration) there is nothing to repeat. Raises AlreadySent when the form was changed since then.
    """
    if sending is None:
        return make()
    spent, is_first = Submission.objects.get_or_create(
        token=sending.token, defaults={"actor": actor, "content": sending.content, "model": model._meta.label_lower}
    )
    if is_first:
        made = make()
        Submission.objects.filter(pk=spent.pk).update(record_id=made.pk)
        return made
    return _made(spent, sending, actor, model)


def record_of(sending: Sending | None, actor: "User", model: type[Record]) -> Record | None:
    """Return the record that this very form, unchanged, created for this person; None when it did not."""
    if sending is None:
        return None
    spent = Submission.objects.filter(token=sending.token, content=sending.content, actor=actor)
    record_id = spent.filter(model=model._meta.label_lower).values_list("record_id", flat=True).first()
    return model._default_manager.filter(pk=record_id).first()


def _made(spent: Submission, sending: Sending, actor: "User", model: type[Record]) -> Record:
    """Return what a spent token made. Raises AlreadySent."""
    if (spent.actor_id, spent.model) != (actor.pk, model._meta.label_lower):
        raise AlreadySent("Ce formulaire a déjà servi. Votre saisie est conservée : envoyez-la de nouveau.")
    made = model._default_manager.get(pk=spent.record_id)
    if spent.content != sending.content:
        raise AlreadySent(
            f"Ce formulaire a déjà créé « {made} ». Pour y corriger quelque chose, ouvrez sa fiche ; "
            "pour créer aussi ce que vous venez de saisir, envoyez de nouveau."
        )
    return made


def purge_old() -> int:
    """Forget the forms sent more than seven days ago. Returns how many."""
    return Submission.objects.filter(sent_at__lt=timezone.now() - KEPT_FOR).delete()[0]
