"""Make the databases of the tests once, beside the checks of the source: `python -m tests.harness.make_databases`.

Migrating takes half a minute; a copy takes a second. pytest --reuse-db then finds one database for each of its workers.
"""

import sys

import django
from django.db import connection

WORKERS = ("gw0", "gw1")


def main() -> int:
    """Migrate a database and copy it for each worker. Returns 0."""
    django.setup()
    made = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        for worker in WORKERS:
            copy = connection.ops.quote_name(f"{made}_{worker}")
            cursor.execute(f"DROP DATABASE IF EXISTS {copy}")
            cursor.execute(f"CREATE DATABASE {copy} TEMPLATE {connection.ops.quote_name(made)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
