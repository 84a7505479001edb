"""A worker of the drill's own: a program by itself, which knows nothing of the one that tests."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings as portal_settings

from tests.faults.waiting import until
from tests.harness.worker import database_url

READY_SECONDS = 40
LEASE_SECONDS = 5


class Workshop:
    """One worker at a time, with two processes for documents, on a broker and a storage that the test chose."""

    def __init__(self, folder: Path, broker: str, storage: Path) -> None:
        self.log = folder / "workers.log"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.upkeep.worker_settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": broker,
            "NOTICES_STORAGE": str(storage),
            # The line by which a worker says that it is ready.
            "LOG_LEVEL": "INFO",
            "DOCUMENT_CLAIM_LEASE_SECONDS": str(LEASE_SECONDS),
        }
        self.process: subprocess.Popen | None = None
        self.started = 0

    def start(self) -> None:
        """Start a worker and return once it takes tasks."""
        command = [
            sys.executable, "-m", "celery", "-A", "e2c_portal", "worker", "-c", "2", "-l", "INFO",
            "--without-mingle", "--without-gossip",
        ]  # fmt: skip
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command, cwd=portal_settings.BASE_DIR, env=self.environment, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
        self.started += 1
        until(self._is_ready, f"the worker is ready:\n{self.log}", READY_SECONDS)

    def kill(self) -> None:
        """SIGKILL to the whole group: no farewell, nothing is given back."""
        assert self.process is not None
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the worker ended:\n{self.log.read_text()[-3000:]}"
        return self.log.read_bytes().count(b" ready.") >= self.started
