"""What the person at the keyboard reads: short French lines, one per step, and refusals in one sentence."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Refusal(Exception):
    """The command cannot go on; its text is the French sentence to show, with what to do about it."""


class ProgramFailed(Refusal):
    """A program started by the launcher failed; its last lines are shown under the sentence."""

    def __init__(self, sentence: str, log: str) -> None:
        super().__init__(f"{sentence}\n{indented(last_lines(log))}" if log.strip() else sentence)


def say(text: str = "", end: str = "\n") -> None:
    """Print one line at once, even when the output goes to a file or a pipe."""
    # Nobody reads any more (a closed terminal, `make demo | head`): that is no reason to stop in the middle of something.
    with suppress(OSError):
        print(text, end=end, flush=True)


def complain(text: str) -> None:
    """Print a refusal or a warning on the error stream."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is being done, then how long it took."""
    started = time.monotonic()
    say(f"• {title}…", end="")
    try:
        yield
    except BaseException:
        say()
        raise
    say(f" {time.monotonic() - started:.1f} s".replace(".", ","))


def last_lines(text: str, count: int = 25) -> str:
    """Return the end of a log: the only part that says why a program stopped."""
    return "\n".join(text.strip().splitlines()[-count:])


def read_log(path: Path) -> str:
    """Return the text of a log file, empty when it was never written."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def indented(text: str) -> str:
    """Shift quoted output, so that it is not taken for the launcher's own words."""
    return "\n".join(f"    {line}" for line in text.splitlines())
