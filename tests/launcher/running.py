"""A launcher run as a person runs it, in a process of its own and a run folder of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from dev.paths import ROOT

READY = "Ctrl-C arrête ces serveurs."


def clean_environment(**more: str) -> dict[str, str]:
    """Return this process's environment without the services that the test run itself uses."""
    unwanted = {"DATABASE_URL", "REDIS_URL", "MAKELEVEL", "MAKEFLAGS", "PORT"}
    return {
        name: value for name, value in os.environ.items() if name not in unwanted and not name.startswith("PG")
    } | more


class Launcher:
    """`python3 -m dev services` on a folder; `output` is what it has said so far."""

    def __init__(self, folder: Path, *options: str, **environment: str) -> None:
        command = [sys.executable, "-m", "dev", "services", "--run-folder", str(folder), *options]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=clean_environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # Under nohup the tests inherit an ignored hang-up, and the launcher would rightly go on ignoring it.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )
        self.output = ""

    def wait_until_ready(self) -> "Launcher":
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            if READY in line:
                return self
        raise AssertionError(f"the launcher ended before it was ready:\n{self.output}")

    def wait_for_end(self) -> int:
        """Return the exit code, with everything it said in `output`."""
        rest, _ = self.process.communicate(timeout=30)
        self.output += rest
        return self.process.returncode

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.wait_for_end()

    def address(self, name: str) -> str:
        found = re.search(rf"^export {name}='(.+)'$", self.output, re.MULTILINE)
        assert found, self.output
        return found[1]

    def children(self) -> list[int]:
        """Return the numbers of the servers and of their own children."""
        return list(descendants(self.process.pid))


def descendants(parent: int) -> Iterator[int]:
    """List the living processes under `parent`, read from /proc."""
    for entry in Path("/proc").glob("[0-9]*"):
        if parent_of(int(entry.name)) == parent:
            yield int(entry.name)
            yield from descendants(int(entry.name))


def parent_of(number: int) -> int | None:
    """Return the parent of a process, None when it is gone or only waits to be reaped."""
    try:
        state, parent = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in "ZX" else int(parent)


def wait_until_gone(numbers: list[int], seconds: float = 10) -> list[int]:
    """Wait for processes to end and return those that are still there."""
    limit = time.monotonic() + seconds
    while (left := [number for number in numbers if parent_of(number) is not None]) and time.monotonic() < limit:
        time.sleep(0.05)
    return left
