"""A real Celery worker, in a process of its own, on the database and the queue of the test run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as portal_settings
from django.db import connection

from e2c_portal.celery import app

READY_SECONDS = 40


@cache
def load_tasks() -> None:
    """Load the tasks of every app as a worker does when it starts; it also runs all the checks of Django: once is enough."""
    app.loader.import_default_modules()


def database_url() -> str:
    """Return the address of the test database, as another process needs it."""
    values = connection.settings_dict
    who = quote(str(values["USER"])) + (f":{quote(str(values['PASSWORD']))}" if values["PASSWORD"] else "")
    host = quote(str(values["HOST"]), safe="")
    return f"postgres://{who}@{host}:{values['PORT'] or 5432}/{values['NAME']}"


class Worker:
    """One worker with one process for documents. `kill` is SIGKILL to the whole group: no farewell, as in a power cut."""

    def __init__(self, log: Path) -> None:
        self.log = log
        environment = os.environ | {
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "e2c_portal.settings.test",
            "LOG_LEVEL": "INFO",
        }
        command = [sys.executable, "-m", "celery", "-A", "e2c_portal", "worker", "-c", "1", "-l", "INFO", "--without-mingle", "--without-gossip"]  # fmt: skip
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=portal_settings.BASE_DIR,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait_until_ready(self) -> "Worker":
        limit = time.monotonic() + READY_SECONDS
        while b" ready." not in self.log.read_bytes():
            assert self.process.poll() is None, f"the worker ended:\n{self.log.read_text()}"
            assert time.monotonic() < limit, f"the worker is not ready:\n{self.log.read_text()}"
            time.sleep(0.05)
        return self

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask politely, then insist."""
        self._signal(signal.SIGTERM, wait=10)
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals, wait: float = 5) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        try:
            self.process.wait(wait)
        except subprocess.TimeoutExpired:
            assert number != signal.SIGKILL, "the worker survived SIGKILL"


@pytest.fixture
def empty_queue() -> Iterator[None]:
    """Throw away the tasks that earlier tests left in the queue of this run."""
    app.control.purge()
    yield
    app.control.purge()


@pytest.fixture
def run_worker(
    transactional_db: None, seal_key: None, empty_queue: None, tmp_path: Path
) -> Iterator[Callable[[], Worker]]:
    """Return a function that starts a real worker and waits until it takes tasks. All are stopped after the test."""
    started: list[Worker] = []

    def start() -> Worker:
        worker = Worker(tmp_path / f"worker-{len(started)}.log")
        started.append(worker)
        return worker.wait_until_ready()

    yield start
    for worker in started:
        worker.stop()


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Return a function that waits until a condition holds, and fails with its own words after some seconds."""

    def wait(condition: Callable[[], object], why: str, seconds: float = 20) -> None:
        limit = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < limit, f"after {seconds} s, still not: {why}"
            time.sleep(0.05)

    return wait
