"""Make one move of a workflow of this app: lock, check, write the state and its step, trace."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import Overtaken, Refused
from e2c_portal.kernel.nir import refuse_nir
from e2c_portal.kernel.workflow import Move, State, Workflow
from e2c_portal.ui.refusals import refusal_of_database


class Movable(Protocol):
    """A record with a state, that keeps its moves."""

    pk: int
    status: str

    @property
    def state(self) -> State: ...


def refuse_if_moved(row: Movable, seen_state: str | None, name: str) -> None:
    """Raise Overtaken when the state on screen is no longer the state of the record. `name` is « ce parcours », « ce stage »."""
    if seen_state and row.status != seen_state:
        raise Overtaken(
            f"{name} a changé pendant que vous le lisiez : l’état est maintenant « {row.state.label} ». Relisez avant d’agir."
        )


def take_facts(row: object, move: Move, facts: Mapping[str, Any] | None) -> None:
    """Put on the row what the move records, and nothing else of what was sent."""
    for name in move.records:
        if facts and name in facts:
            setattr(row, name, facts[name])


def write_move(
    row: Any,
    workflow: Workflow,
    move: Move,
    actor: User,
    reason: str = "",
    *,
    on: Any = None,
    effective_on: date | None = None,
) -> None:
    """Check a move, write the new state and its step, and trace it on `on` (the record itself unless said).

    The row is locked by the caller. Raises NotAllowed, Overtaken, Refused when the database refuses the new state.
    """
    workflow.check(row, row.status, move, actor, reason)
    write_checked_move(row, move, actor, reason, on=on, effective_on=effective_on)


def write_checked_move(
    row: Any, move: Move, actor: User, reason: str = "", *, on: Any = None, effective_on: date | None = None
) -> None:
    """Write a move that the caller has checked, rights included: a transfer ends a pathway of the school it comes from.

    Raises Refused for a reason that holds a social security number, or what the database refuses.
    """
    refuse_nir(reason)
    origin, row.status = row.status, move.target
    save_or_refuse(row)
    link = row.moves.field.name
    row.moves.model.objects.create(
        **{link: row}, origin=origin, target=move.target, actor=actor, reason=reason.strip(),
        effective_on=effective_on or _day_recorded(row, move),
    )  # fmt: skip
    record(actor, f"{row._meta.model_name}.{move.name}", on or row, f"{move.label} : {row.state.label.lower()}")


def _day_recorded(row: Any, move: Move) -> date | None:
    day = getattr(row, move.records[-1], None) if move.records else None
    return day if isinstance(day, date) else None


def save_or_refuse(row: models.Model) -> None:
    """Save a row. Raises Refused with the French sentences of what its rules or the database refuse.

    The constraints are held by the database alone while they hold; broken, they are asked again one by one to be named.
    """
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields if field.is_relation})
        row.clean()
    except ValidationError as error:
        raise _all_refusals(row) or Refused("Cette action est refusée.", details=error.messages) from error
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise _all_refusals(row) or refusal_of_database(error) from error


def _all_refusals(row: models.Model) -> Refused | None:
    """Return everything that the row's own rules refuse, in French; None when they refuse nothing."""
    try:
        row.full_clean()
    except ValidationError as error:
        return Refused("Cette action est refusée.", details=error.messages)
    return None
