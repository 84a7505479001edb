"""Save the cards that staff keep up to date, each with the trace of what changed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from e2c_portal.audit.changes import changed_fields
from e2c_portal.audit.trail import record
from e2c_portal.kernel.revisions import hold_revision

if TYPE_CHECKING:
    from e2c_portal.accounts.models import User

Row = TypeVar("Row", bound=Model)


@transaction.atomic
def save_with_trace(row: Row, actor: "User") -> Row:
    """Create or change a record and say in its trail which columns changed. Raises ValidationError by field."""
    adding = row._state.adding
    # A new record is full of what was just read: the database alone checks it, and is asked again what it refused.
    changed = _create(row) if adding else _change(row)
    verb = "Fiche créée" if adding else "Fiche modifiée : " + ", ".join(changed or ["aucun changement"])
    record(actor, f"{row._meta.model_name}.saved", row, verb, changed=changed)
    return row


def _change(row: Model) -> list[str]:
    row.full_clean()
    changed = changed_fields(row)
    row.save()
    return changed


def _create(row: Model) -> list[str]:
    relations = {field.name for field in row._meta.concrete_fields if field.is_relation}
    try:
        row.clean_fields(exclude=relations)
        row.clean()
        with transaction.atomic():
            row.save()
    except (ValidationError, IntegrityError):
        # Everything that is wrong is told at once, by field; what no rule of the model explains is told as it came.
        row.full_clean()
        raise
    return []


def save_over_what_was_seen(row: Row, seen: int | None, save: Callable[[], object], *, overtaken: str) -> None:
    """Count one more saving of a record whose revision `seen` was on screen, and `save` it if something of it changed.

    The record stays locked until the commit. Raises Overtaken with that sentence when somebody saved it meanwhile.
    """
    hold_revision(row, seen, overtaken)  # type: ignore[arg-type]
    if changed_fields(row):
        save()
    else:
        row.save(update_fields=["revision"])
