"""The programs of the portal, started from one that has loaded it already, and killed as a power cut would do it."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings as portal_settings

from tests.faults.portal.stops import PLACES
from tests.faults.waiting import until

READY_SECONDS = 60


@dataclass
class Running:
    """One program: the number of its process, which leads a group of its own."""

    number: int

    def lives(self) -> bool:
        try:
            os.kill(self.number, 0)
        except ProcessLookupError:
            return False
        return True

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to the whole group and wait for its end: by default no farewell, nothing is given back."""
        if self.lives():
            try:
                os.killpg(self.number, number)
            except ProcessLookupError:
                return
            until(lambda: not self.lives(), "the program ends", 20)


class Nursery:
    """Where programs are born (portal/nursery.py): on one database, one broker and one storage. `folder` keeps its logs."""

    def __init__(self, folder: Path, database: str, broker: str, **more: str) -> None:
        self.folder, self.storage, self.places = folder, folder / "documents", folder / "places"
        for path in (self.storage, self.places):
            path.mkdir(parents=True, exist_ok=True)
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.portal.settings",
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "FAULTS_STORAGE": str(self.storage),
            "FAULTS_PLACES": str(self.places),
            # The line by which a worker says that it is ready.
            "LOG_LEVEL": "INFO",
            **more,
        }
        self.process: subprocess.Popen[str] | None = None

    def open(self) -> None:
        with (self.folder / "nursery.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.portal.nursery"], cwd=portal_settings.BASE_DIR, text=True,
                env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
            )  # fmt: skip
        assert self._answer() == "ready", (self.folder / "nursery.log").read_text()[-3000:]

    def grow(self, command: list[str], log: Path, **more: Any) -> Running:
        """Have one more program (`hours`, `obeys_folders`: see portal/nursery.py)."""
        if self.process is None:
            self.open()
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"command": command, "log": str(log), **more}) + "\n")
        self.process.stdin.flush()
        return Running(int(self._answer()))

    def close(self) -> None:
        """End the nursery; its programs die with it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)

    def want(self, *names: str) -> None:
        """Have programs stop at these places, each at the first of them that comes by."""
        for path in self.places.iterdir():
            path.unlink()
        self.want_also(*names)

    def want_also(self, *names: str) -> None:
        """Have programs stop at more places."""
        for name in names:
            assert name in PLACES, name
            (self.places / name).touch()

    def stopped_at(self, name: str) -> int | None:
        """Return the number of the process that stands still at a place, None when nobody came by."""
        reached = self.places / f"{name}.reached"
        return int(reached.read_text()) if reached.exists() else None

    def _answer(self) -> str:
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()
