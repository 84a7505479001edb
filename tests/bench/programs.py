"""The programs of a run, started as production starts them (docker-compose.yml) and stopped with it."""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

from dev.paths import ROOT
from dev.processes import Child, Program, Supervisor
from dev.valkey import free_port
from tests.bench.trust import ENVIRONMENT

READY_SECONDS = 90
ADDRESS = "127.0.0.1"
WEB = (
    "gunicorn", "e2c_portal.wsgi:application", "--workers=3", "--threads=4", "--graceful-timeout=5",
    "--config=python:e2c_portal.settings.gunicorn", "--no-control-socket",
)  # fmt: skip
WORKER = ("celery", "-A", "e2c_portal", "worker", "--concurrency=2", "--loglevel=INFO", "--without-mingle")


class Programs:
    """Starts programs in order, and stops them in the reverse order."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._supervisor = folder, Supervisor()

    def start_trust(self) -> None:
        """Start the services of trust, and let every program started from now on know them."""
        place = self._folder / "trust"
        (place / ENVIRONMENT).unlink(missing_ok=True)
        child = self._start("Les services de confiance", "tests.bench.trust", str(place))
        self._supervisor.wait_until(child, (place / ENVIRONMENT).exists, READY_SECONDS)
        os.environ.update(json.loads((place / ENVIRONMENT).read_text(encoding="utf-8")))

    def start_worker(self) -> Child:
        """Start the worker of documents, two processes, and wait until it takes jobs."""
        child = self._start("L’ouvrier", *WORKER)
        log = child.program.log
        self._supervisor.wait_until(child, lambda: b" ready." in log.read_bytes(), READY_SECONDS)
        return child

    def start_web(self) -> tuple[str, int]:
        """Start the pages, and return where they answer."""
        port = free_port()
        child = self._start("Les pages", *WEB, f"--bind={ADDRESS}:{port}")
        self._supervisor.wait_until(child, lambda: _answers(port), READY_SECONDS)
        return ADDRESS, port

    def _start(self, name: str, *command: str) -> Child:
        log = self._folder / "logs" / f"{command[0].rpartition('.')[2]}.log"
        program = Program(name, [sys.executable, "-m", *command], dict(os.environ), log, ROOT)
        return self._supervisor.start(program)[0]

    def stop(self) -> None:
        """Stop what was started, and only that."""
        self._supervisor.stop()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{ADDRESS}:{port}/sante/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def processor_seconds(parent: int) -> float:
    """Return the processor time that a process and its children have used so far, read from /proc."""
    total = 0.0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(entry.name) == parent or int(fields[1]) == parent:
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total
