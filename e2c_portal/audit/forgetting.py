"""The history goes with what it tells: found by name when a record is erased, and emptied by whoever empties records at their term."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection

from e2c_portal.audit.models import Change
from e2c_portal.kernel.models import Removal
from e2c_portal.kernel.removing import removal

if TYPE_CHECKING:
    # Who acts stands two floors up: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

# A line taken away one day by hand, and what was under it, are no longer reached by any column of a living row.
TAKEN_AWAY = """
WITH RECURSIVE gone (name) AS (
    SELECT DISTINCT subject::text FROM audit_change WHERE operation = 'd' AND parent <> '' AND parent = ANY(%s)
    UNION
    SELECT c.subject::text FROM audit_change c JOIN gone ON c.parent = gone.name WHERE c.operation = 'd' AND c.parent <> ''
)
SELECT name FROM gone
"""


def taken_away_from(names: Collection[str]) -> set[str]:
    """Return the names ("app.model:id") of the rows that belonged to these records and were removed meanwhile, one level after another."""
    with connection.cursor() as cursor:
        cursor.execute(TAKEN_AWAY, [list(names)])
        return {name for (name,) in cursor.fetchall()}


@contextmanager
def forgetting(names: Collection[str], why: str, actor: "User | None" = None) -> Iterator[Removal]:
    """Forget the history of rows ("app.model:id") that are emptied or removed inside the block: what it changes is noted without any value.

    One transaction, traced as every removal of protected rows. `why` is a French label that names nobody.
    """
    every = {*names, *taken_away_from(names)}
    with removal(why, actor, models=[Change]) as act:
        past = Change.objects.filter(subject__in=every)
        act.counts = {Change._meta.label: past._raw_delete(past.db)}  # type: ignore[attr-defined]
        yield act
