"""A broker of the test's own, that it may stop and start, and the way to make this process talk to it."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kombu import pools

from dev.valkey import answers, free_port, server_program
from e2c_portal.celery import app
from e2c_portal.kernel import jobs
from tests.faults.waiting import until

NOWHERE = "redis://127.0.0.1:1/0"


@contextmanager
def publishing_to(address: str) -> Iterator[None]:
    """Send the tasks of this process to another broker while the block runs."""
    before = app.conf.broker_url
    _point_at(address)
    try:
        yield
    finally:
        _point_at(before)


def _point_at(address: str) -> None:
    app.conf.broker_url = address
    # Connections are kept by address: the former ones would still be used.
    pools.reset()
    app._pool = None
    app.amqp._producer_pool = None
    jobs._broker.away_until = 0


class Broker:
    """A Valkey on a port of its own. What it holds is on disk, as in production: a restart keeps the queue."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.password = "essai"
        self.address = f"redis://:{self.password}@127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [
            str(server_program()), "--port", str(self.port), "--bind", "127.0.0.1", "--requirepass", self.password,
            "--dir", str(self.folder), "--appendonly", "yes", "--save", "",
        ]  # fmt: skip
        with (self.folder / "valkey.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ))
        until(lambda: answers(self.port, self.password), "the broker answers", 10)

    def forget(self) -> None:
        """Lose what was queued: another test begins."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()

    def stop(self, number: signal.Signals = signal.SIGKILL) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(10)
