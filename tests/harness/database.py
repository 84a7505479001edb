"""The database of the tests: emptied after each test that commits, without writing anew what nothing reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pgtrigger
import pytest
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection, transaction
from django.db.models.signals import post_migrate

# A few tables have rows after a test, of a hundred: emptying those alone takes ten milliseconds. TRUNCATE makes new files
# for every table and every index, half a second of work. The lock waits for whoever still writes, as TRUNCATE would; the
# rules that refuse a removal, and the keys between tables, sleep until the end of this order.
EMPTY = """
DO $$
DECLARE
    name text;
    filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE;
    FOREACH name IN ARRAY ARRAY[{names}] LOOP
        EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO filled;
        IF filled THEN
            EXECUTE 'DELETE FROM ' || name;
        END IF;
    END LOOP;
END $$;
"""

_library_ignore = pgtrigger.ignore


@contextmanager
def _through_the_door(*uris: str, **options: Any) -> Iterator[None]:
    """Let rules sleep as the portal does: in a transaction that wrote why (kernel.removing), or the database refuses."""
    from e2c_portal.kernel.models import Removal  # noqa: PLC0415  the apps are not loaded when this file is

    with _library_ignore(*uris, **options), transaction.atomic():
        Removal.objects.create(why="Essais")
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Make the tables as pytest-django does, then let an emptied database stay empty, and empty it quickly.

    Django would write the names of all types and permissions again each time, half the time of emptying it. Nothing of the
    portal reads them: rights are named in permissions.py and judged by rules.
    """
    from tests.factories.trainees import limits  # noqa: PLC0415  the apps are not loaded when this file is

    pgtrigger.ignore = _through_the_door  # type: ignore[misc, assignment]
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(create_permissions, dispatch_uid="django.contrib.auth.management.create_permissions")
    with django_db_blocker.unblock():
        # The last test that commits empties the tables, those that migrations filled too, and --reuse-db finds them so.
        limits()
        if _may_put_rules_to_sleep():
            connection.ops.sql_flush = _emptying  # type: ignore[method-assign]


def _may_put_rules_to_sleep() -> bool:
    """Tell whether the account of DATABASE_URL has that right; otherwise Django empties the tables its own way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])


def _emptying(style: Any, tables: list[str], **_options: Any) -> list[str]:
    names = [connection.ops.quote_name(table) for table in sorted(tables)]
    return [EMPTY.format(tables=", ".join(names), names=", ".join(f"'{name}'" for name in names))] if names else []
