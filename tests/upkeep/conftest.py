"""What tests of operating the portal ask for: an empty database beside theirs, and backups of a small portal."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from tests.harness.worker import database_url
from tests.signing.conftest import envelope_of, mailbox, pacts

__all__ = ["envelope_of", "mailbox", "pacts"]


@pytest.fixture
def new_database(transactional_db: None) -> Iterator[Callable[[], str]]:
    """Return a function that makes an empty database on the same server and gives its address. All go after the test."""
    made: list[str] = []

    def make() -> str:
        name = f"restored_{uuid4().hex[:12]}"
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"CREATE DATABASE {name}")
        made.append(name)
        base, _, _ = database_url().rpartition("/")
        return f"{base}/{name}"

    yield make
    for name in made:
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def run_command(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return a function that runs a command as the operator does: `code, said = run_command("backup", folder)`."""

    def run(name: str, *arguments: str | Path) -> tuple[int, str]:
        capsys.readouterr()
        try:
            call_command(name, *map(str, arguments))
            code = 0
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = capsys.readouterr()
        return code, (said.out + said.err).replace("\N{NO-BREAK SPACE}", " ")

    return run


def said_by(capsys: pytest.CaptureFixture[str], name: str, *arguments: str) -> str:
    """Run a command and return what it printed."""
    capsys.readouterr()
    call_command(name, *arguments)
    return capsys.readouterr().out
