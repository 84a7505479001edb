"""The one door by which protected rows leave: narrow (the rules of named models), short (one transaction), traced (a row).

Rows that the database holds for good (kernel.triggers) leave by no other way. The door is a setting of the transaction that
pgtrigger reads; the database believes it only when the same transaction wrote a `Removal` that says who and why (DOOR).
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Model
from pgtrigger import ignore

from e2c_portal.kernel.models import Removal

if TYPE_CHECKING:
    # Who acts stands four floors up: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

# pgtrigger writes this function itself, without the second condition: it is written again after each migration.
DOOR = """
CREATE OR REPLACE FUNCTION "public"._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS $$
    DECLARE
        listed TEXT := current_setting('pgtrigger.ignore', true);
    BEGIN
        IF COALESCE(listed, '') = '' OR NOT trigger_name = ANY(listed::TEXT[]) THEN
            RETURN FALSE;
        END IF;
        RETURN EXISTS (SELECT 1 FROM kernel_removal r WHERE r.transaction = txid_current());
    END;
$$ LANGUAGE plpgsql;
"""


_listeners: dict[str, Callable[[Removal], None]] = {}


def listen(name: str, told: Callable[[Removal], None]) -> None:
    """Have somebody told of each removal, in its transaction, once its rows are gone."""
    _listeners[name] = told


@contextmanager
def removal(
    why: str,
    actor: "User | None" = None,
    *,
    models: Collection[type[Model]],
    subject: str = "",
    reason: str = "",
    only: Collection[str] = (),
) -> Iterator[Removal]:
    """Let rows of these models be removed or emptied inside the block, in one transaction that says who and why.

    `why` is a French label, `only` the names of the rules that sleep (all those of the models when empty). Whoever opens the
    door writes how many rows left in `counts`, and the people among them in `people`. Never any name of a person in `why` nor in `reason`.
    """
    with transaction.atomic():
        act = Removal.objects.create(why=why, actor=actor, subject=subject, reason=reason)
        uris = [
            f"{model._meta.label}:{rule.name}"
            for model in models
            for rule in getattr(model._meta, "triggers", [])
            if not only or rule.name in only
        ]
        if uris:
            with ignore(*uris):
                yield act
        else:
            yield act
        Removal.objects.filter(pk=act.pk).update(counts=act.counts)
        for told in _listeners.values():
            told(act)


def write_door(**_: Any) -> None:
    """Write the condition of the door in the database: called after every migration."""
    if "kernel_removal" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(DOOR)
