"""Make the databases of the tests once, beside the checks of the source: `python -m tests.harness.make_databases`.

Migrating takes ten seconds; a copy takes less than one. pytest --reuse-db then finds one database for each of its workers.
With a group and a number, it makes those of that group alone: `python -m tests.harness.make_databases faults 3`.
"""

import sys
from itertools import product

import django
from django.db import connection

GROUPS = ("main", "browser")
WORKERS = ("gw0", "gw1")


def main(groups: tuple[str, ...] = GROUPS, workers: tuple[str, ...] = WORKERS) -> int:
    """Migrate a database and copy it for each worker of each group (dev/tests.py names them). Returns 0."""
    django.setup()
    made = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        for group, worker in product(groups, workers):
            copy = connection.ops.quote_name(f"{made}_{group}_{worker}")
            cursor.execute(f"DROP DATABASE IF EXISTS {copy}")
            cursor.execute(f"CREATE DATABASE {copy} TEMPLATE {connection.ops.quote_name(made)}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        group, number = sys.argv[1:]
        sys.exit(main((group,), tuple(f"gw{each}" for each in range(int(number)))))
    sys.exit(main())
