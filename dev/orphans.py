"""Processes that a test started and forgot: they come to this process when their parent ends, and end with the run."""

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """From now on, a descendant whose parent dies becomes a child of this process instead of escaping to the system's first."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_orphans(known: Collection[int]) -> list[str]:
    """Kill the children that this process adopted, theirs too, and return what they were. `known` are its own, left alone."""
    names: list[str] = []
    # Killing one gives us its children: again until there is none.
    while adopted := [number for number in children() if number not in known]:
        for number in adopted:
            names += command_line(number)
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
            os.waitpid(number, 0)
    return names


def children() -> Iterator[int]:
    """List the processes whose parent is this one."""
    me = str(os.getpid())
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # The name in parentheses may hold spaces: what follows it does not.
            if (folder / "stat").read_text().rpartition(")")[2].split()[1] == me:
                yield int(folder.name)


def command_line(number: int) -> list[str]:
    """Return the command of a process as a list of one line, empty when it was only waiting to be reaped."""
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        return [text] if text else []
    return []
