"""Being told to stop: a signal is only noted when it comes, and acted upon where everything can be tidied."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1

_noted: list[int] = []


class StopRequested(BaseException):
    """Ctrl-C, or the terminal or the system asked the launcher to stop. Its argument is the number of the signal."""


def note_signals() -> None:
    """Note Ctrl-C, SIGTERM and a closed terminal, for `pause` to act upon.

    An exception raised by the handler itself could fall in the middle of subprocess's own locks: the stop then waited for ever.
    """

    def note(number: int, _frame: object) -> None:
        _noted.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)
    # `nohup make demo` asked for a closed terminal to change nothing.
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, note)


def pause(seconds: float) -> None:
    """Sleep. Raises StopRequested when a signal was noted before or meanwhile, once."""
    time.sleep(seconds)
    if _noted:
        number = _noted[0]
        _noted.clear()
        raise StopRequested(number)


def die_with_make() -> None:
    """Stop when `make` itself is killed: it cannot tell us, and nobody would be left to read this terminal."""
    if sys.platform != "linux" or not os.environ.get("MAKELEVEL"):
        return
    if Path(f"/proc/{os.getppid()}/comm").read_text().strip() == "make":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
