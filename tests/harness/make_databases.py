"""Make the databases of the tests once, beside the checks of the source: `python -m tests.harness.make_databases main 3 browser 2`.

Migrating takes ten seconds; a copy takes less than one. pytest --reuse-db then finds one database for each of its processes.
"""

import sys

import django
from django.db import connection


def main(workers: dict[str, int]) -> int:
    """Migrate a database and copy it for each process of each group (dev/tests.py counts them). Returns 0."""
    django.setup()
    made = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        for group, number in workers.items():
            for worker in range(number):
                copy = connection.ops.quote_name(f"{made}_{group}_gw{worker}")
                cursor.execute(f"DROP DATABASE IF EXISTS {copy}")
                cursor.execute(f"CREATE DATABASE {copy} TEMPLATE {connection.ops.quote_name(made)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(dict(zip(sys.argv[1::2], map(int, sys.argv[2::2]), strict=True))))
