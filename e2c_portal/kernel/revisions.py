"""The last one to save does not win unknowingly: a page says which revision it shows, and saving counts one more."""

from typing import Protocol

from e2c_portal.kernel.errors import Overtaken


class Revised(Protocol):
    """A record whose savings are counted."""

    pk: int
    revision: int


def hold_revision(row: Revised, seen: int | None, refusal: str) -> None:
    """Lock a record until the commit and count one more revision on `row`, still to be saved.

    Raises Overtaken with this refusal when somebody saved it after the revision that was on screen (`seen`).
    """
    saved = type(row)._default_manager.select_for_update().values_list("revision", flat=True).get(pk=row.pk)  # type: ignore[attr-defined]
    if saved != seen:
        raise Overtaken(refusal)
    row.revision = saved + 1
