"""Workers of the test's own, killed and replaced as a power cut and a supervisor would do it."""

import signal
from pathlib import Path
from typing import Any

from tests.faults.programs import READY_SECONDS, Nursery, Running
from tests.faults.waiting import until

LEASE_SECONDS = 5
PROCESSES = 2


class Workshop:
    """One worker at a time, with some processes for documents, on the broker and the storage of its nursery."""

    def __init__(self, nursery: Nursery, log: Path) -> None:
        self.nursery, self.log = nursery, log
        self.running: Running | None = None
        self.started = 0
        self.processes = PROCESSES
        # How its programs are born: with another clock, held to the rights of folders (portal/nursery.py).
        self.manners: dict[str, Any] = {}

    def start(self) -> None:
        """Start a worker and return once it takes tasks."""
        command = ["celery", "-c", str(self.processes), "-l", "INFO", "--without-mingle", "--without-gossip"]
        self.running = self.nursery.grow(command, self.log, **self.manners)
        self.started += 1
        until(self._is_ready, f"the worker is ready:\n{self.log}", READY_SECONDS)

    def kill(self) -> None:
        """SIGKILL to the whole group: no farewell, nothing is given back."""
        if self.running:
            self.running.end(signal.SIGKILL)

    def start_again_if_dead(self) -> None:
        """Do what the restart policy of production does."""
        if self.running is None or not self.running.lives():
            self.start()

    def _is_ready(self) -> bool:
        assert self.running is not None
        assert self.running.lives(), f"the worker ended:\n{self.log.read_text()[-3000:]}"
        return self.log.exists() and self.log.read_bytes().count(b" ready.") >= self.started
