"""The database at one moment: pg_dump, the list of files and the counts of rows all read the same frozen state."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from e2c_portal.upkeep.backup import programs
from e2c_portal.upkeep.backup.stored_files import named_files

# Who is signed in where: nobody wants to be again after a restore. Their tables are restored empty.
LEFT_EMPTY = ("django_session", "usersessions_usersession")
TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY c.relname
"""


@dataclass(frozen=True)
class Snapshot:
    """The name by which other sessions see the same state, when it was taken, and the server's major version."""

    name: str
    at: datetime
    major: int


@contextmanager
def frozen() -> Iterator[Snapshot]:
    """Keep one state of the database in sight while the block lasts; people go on writing."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), clock_timestamp()")
        name, at = cursor.fetchone()
        yield Snapshot(name, at, connection.connection.info.server_version // 10000)


def dump(snapshot: Snapshot, path: Path) -> None:
    """Write the database as it is in the snapshot. Raises DatabaseProgramFailed."""
    command = [
        str(programs.program("pg_dump", snapshot.major)), "--format=custom", f"--snapshot={snapshot.name}", "--no-password",
        "--no-owner", "--no-privileges", f"--file={path}", *(f"--exclude-table-data=public.{name}" for name in LEFT_EMPTY),
    ]  # fmt: skip
    parameters = connection.get_connection_params()
    programs.run(command, parameters, "La base de données n’a pas pu être copiée.")


def rows_by_table() -> dict[str, int]:
    """Return how many rows each table of the portal holds."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall() if name not in LEFT_EMPTY]
        counts = {}
        for name in names:
            cursor.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name)))
            counts[name] = cursor.fetchone()[0]
    return counts


def is_empty() -> bool:
    """Say whether the database holds no table of anybody."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return cursor.fetchone() is None


def schema() -> list[str]:
    """Return the migrations applied, "app.name"."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def list_files(path: Path, advance: Callable[[int], None]) -> int:
    """Write the files that the snapshot names, one a line, in the order of keys. Returns how many."""
    number = 0
    with path.open("w", encoding="utf-8") as listing:
        for number, named in enumerate(named_files(), 1):
            listing.write(json.dumps(asdict(named), ensure_ascii=False) + "\n")
            advance(number)
    return number
