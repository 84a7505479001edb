"""Raw SQL for the tests of what the database itself refuses."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from partnerships.models import PartnershipConvention


def run(sql: str, *values: Any) -> None:
    """Run one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@contextmanager
def refused(words: str) -> Iterator[None]:
    """Run the block, then what waits for the commit, and expect the database to refuse it with these words."""
    with pytest.raises(DatabaseError, match=words), transaction.atomic():  # noqa: PT012  the block is the caller's
        yield
        run("SET CONSTRAINTS ALL IMMEDIATE")


def change(convention: PartnershipConvention, **columns: Any) -> None:
    """Change columns of a convention, whatever the operations say."""
    settings = ", ".join(f"{name} = %s" for name in columns)
    run(f"UPDATE partnerships_partnershipconvention SET {settings} WHERE id = %s", *columns.values(), convention.pk)


def refusal(act: Callable[[], object]) -> str:
    """Return what the database says to an act, at once or at the commit; nothing of it remains."""
    try:
        with transaction.atomic():
            act()
            run("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error)
    return ""


def update(row: models.Model, **columns: Any) -> None:
    """Change columns of any row."""
    settings = ", ".join(f"{name} = %s" for name in columns)
    run(f"UPDATE {row._meta.db_table} SET {settings} WHERE id = %s", *columns.values(), row.pk)


def copy(row: models.Model, **columns: Any) -> None:
    """Insert the same row again but for these columns."""
    names = [field.column for field in row._meta.concrete_fields if not field.primary_key and not field.generated]
    kept = [name for name in names if name not in columns]
    run(
        f"INSERT INTO {row._meta.db_table} ({', '.join([*kept, *columns])}) "
        f"SELECT {', '.join([*kept, *['%s'] * len(columns)])} FROM {row._meta.db_table} WHERE id = %s",
        *columns.values(), row.pk,
    )  # fmt: skip


def without_guard(row: models.Model) -> None:
    """Silence the triggers of a table, so that its own constraint speaks."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(f"ALTER TABLE {row._meta.db_table} DISABLE TRIGGER USER")
