"""Raw SQL for the tests of what the database itself refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

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
