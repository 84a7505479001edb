"""The databases of a run: one with few people, then its copy grown to the size of the country."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.core.management import call_command
from django.db import connection, connections


def use(name: str) -> None:
    """Make this process, and the programs it starts from now on, work on this database."""
    connections.close_all()
    connection.settings_dict["NAME"] = name
    os.environ["DATABASE_URL"] = address()


def address() -> str:
    """Return the address of the present database, as another process needs it: that of the server, under another name."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def make(name: str, template: str = "") -> None:
    """Make a database: a copy of `template`, to which nobody may be connected, or an empty one with every migration."""
    former = str(connection.settings_dict["NAME"])
    with _outside() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {_quoted(name)}" + (f" TEMPLATE {_quoted(template)}" if template else ""))
    use(name)
    if not template:
        call_command("migrate", verbosity=0)
        connections.close_all()
    use(former)


def drop(*names: str) -> None:
    """Remove databases, whoever is still connected."""
    with _outside() as cursor:
        for name in names:
            cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


@contextmanager
def _outside() -> Iterator[object]:
    """Give a cursor of the server's own database: the one worked on must have nobody inside while it is copied or removed."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        yield cursor


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
