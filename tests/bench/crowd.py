"""What the crowd of `seed_network` does not hold: rows of each other kind, in proportion, so that no list is measured empty.

One row of each kind is written, then copied by one statement a kind with what must differ. Triggers and foreign keys sleep
meanwhile, as for the crowd itself; CHECK, UNIQUE and EXCLUDE do not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction

from trainees.management.crowd.loading import BASE, SCHOOL_SIZE


@dataclass(frozen=True)
class Kind:
    """A kind of row: one for `every` so many trainees, `most` in all.

    `facts` are those of the row that is copied, `changes` give for a column an SQL expression of n, the number of the copy,
    t, that of a trainee of the crowd, and s, that of their school. `joined` is added to FROM.
    """

    model: type[models.Model]
    every: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, str] = field(default_factory=dict)
    joined: str = ""
    most: int = 1_000_000


def copies(kind: Kind, already: int, trainees: int) -> None:
    """Bring the copies of a kind to what so many trainees want, `already` having been served before."""
    first, last = (min(kind.most, number // kind.every) for number in (already, trainees))
    if first >= last:
        return
    [sample] = kind.model._default_manager.bulk_create([kind.model(**kind.facts)])
    table, key = kind.model._meta.db_table, kind.model._meta.pk.column
    columns = [column.column for column in kind.model._meta.concrete_fields if not column.generated]
    changes = {key: f"{BASE} + n"} | dict(kind.changes)
    values = [changes.get(column, f"r.{_quoted(column)}") for column in columns]
    numbers = f"(SELECT n, n * {kind.every} AS t, (n * {kind.every} - 1) / {SCHOOL_SIZE} AS s FROM generate_series(%s::bigint, %s) n) x"
    with connection.cursor() as cursor:
        cursor.execute(
            # The row copied leaves as it is read: it would stand in the way of a copy that must be alone of its name.
            f"WITH r AS (DELETE FROM {table} WHERE {key} = %s RETURNING *) "
            f"INSERT INTO {table} ({', '.join(map(_quoted, columns))}) SELECT {', '.join(values)} FROM r, {numbers} {kind.joined}",
            [sample.pk, first + 1, last],
        )


def fill(trainees: int, kinds: Iterable[Kind]) -> None:
    """Write every kind for so many trainees of the crowd, beside what an earlier call wrote."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT COALESCE(max(id) - %s, 0) FROM mailing_mail WHERE id > %s", [BASE, BASE])
        already = int(cursor.fetchone()[0])
        for kind in kinds:
            copies(kind, already, trainees)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
