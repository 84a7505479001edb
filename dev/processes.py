"""Children: started tied to this process, watched while they live, stopped all of them and nothing else."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from dev.console import ProgramFailed, complain, read_log
from dev.stopping import PR_SET_PDEATHSIG, StopRequested, pause

POLL_SECONDS = 0.05
STOP_SECONDS = 10.0
FOREGROUND_STOP_SECONDS = 20.0
# A child that dies this many times within the window will not get better by being started again.
CRASH_LIMIT = 5
CRASH_WINDOW_SECONDS = 60.0


@dataclass
class Program:
    """How to run one child. `death_signal` reaches it when the launcher itself dies, even by kill -9."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGTERM
    restart: bool = False
    # Runs in the child just before the program, to give up rights (see dev/unprivileged.py).
    give_up_rights: Callable[[], None] | None = None


@dataclass
class Child:
    """One running program, with the moments of its past deaths."""

    program: Program
    process: subprocess.Popen[bytes]
    deaths: list[float] = field(default_factory=list)


def tied_to_this_process(death_signal: signal.Signals, before: Callable[[], None] | None = None) -> Callable[[], None]:
    """Return what a child runs before its program, so that it never outlives this process.

    Without it a launcher killed by SIGKILL left servers behind, and the next run used them without saying so.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True)

    def prepare() -> None:
        if before is not None:
            before()
        if sys.platform == "linux":
            # After the rights: the kernel forgets this request when the account changes.
            libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)

    return prepare


def launch(program: Program, log_mode: str = "ab") -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C reaches the launcher alone and the order of stopping is kept."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    with program.log.open(log_mode) as log:
        return subprocess.Popen(
            program.command,
            env=dict(program.environment),
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tied_to_this_process(program.death_signal, program.give_up_rights),
        )


class Supervisor:
    """Holds the children in the order they were started and stops them in the reverse order."""

    def __init__(self) -> None:
        self._stages: list[list[Child]] = []
        self._afterwards: list[Callable[[], None]] = []

    def after_stop(self, tidy: Callable[[], None]) -> None:
        """Ask for something to be tidied once every child is stopped."""
        self._afterwards.append(tidy)

    def start(self, *programs: Program) -> list[Child]:
        """Start programs that do not need one another; they are also stopped together."""
        stage: list[Child] = []
        self._stages.append(stage)
        for program in programs:
            stage.append(Child(program, launch(program, "wb")))
        return stage

    def numbers(self) -> set[int]:
        """Return the process numbers of the children."""
        return {child.process.pid for stage in self._stages for child in stage}

    def wait_until(self, child: Child, ready: Callable[[], bool], seconds: float) -> None:
        """Wait for `ready()`, and give up as soon as the child is dead: another server may be answering in its place.

        Raises ProgramFailed when it died or was not ready after `seconds`.
        """
        limit = time.monotonic() + seconds
        while True:
            code = child.process.poll()
            if code is not None:
                raise ProgramFailed(
                    f"{child.program.name} s’est arrêté au démarrage (code {code}).", read_log(child.program.log)
                )
            if ready():
                return
            if time.monotonic() > limit:
                raise ProgramFailed(
                    f"{child.program.name} ne répond pas après {seconds:.0f} s.", read_log(child.program.log)
                )
            pause(POLL_SECONDS)

    def watch(self) -> None:
        """Look after the children until told to stop. Raises StopRequested then, ProgramFailed on a crash loop."""
        while True:
            self.mend()
            pause(0.1)

    def mend(self) -> None:
        """Start again every child that died and may be started again."""
        for stage in self._stages:
            for child in stage:
                if child.process.poll() is not None:
                    self._revive(child)

    def _revive(self, child: Child) -> None:
        program, now = child.program, time.monotonic()
        child.deaths = [moment for moment in child.deaths if now - moment < CRASH_WINDOW_SECONDS] + [now]
        code = child.process.returncode
        if not program.restart or len(child.deaths) >= CRASH_LIMIT:
            raise ProgramFailed(
                f"{program.name} s’est arrêté (code {code}) ; journal : {program.log}", read_log(program.log)
            )
        complain(f"{program.name} s’est arrêté (code {code}) : redémarrage.")
        pause(0.2 * len(child.deaths))
        child.process = launch(program)

    def stop(self) -> None:
        """Stop everything that was started, last started first, and only that."""
        while self._stages:
            stage = self._stages[-1]
            for child in stage:
                if child.process.poll() is None:
                    child.process.send_signal(child.program.stop_signal)
            limit = time.monotonic() + STOP_SECONDS
            for child in stage:
                end(child.process, limit)
            self._stages.pop()
        while self._afterwards:
            self._afterwards.pop()()


def end(process: subprocess.Popen[bytes], limit: float) -> None:
    """Wait for a child until `limit` (monotonic seconds), then kill what is left of its session and reap it."""
    if process.returncode is not None:
        return
    options = os.WEXITED | os.WNOHANG | os.WNOWAIT
    while os.waitid(os.P_PID, process.pid, options) is None and time.monotonic() < limit:
        time.sleep(POLL_SECONDS)
    # Not reaped yet, so its number cannot have been given to another process: the group is surely ours.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(
    command: Sequence[str],
    failure: str,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    give_up_rights: Callable[[], None] | None = None,
) -> str:
    """Run a command to its end and return its output.

    Raises ProgramFailed with `failure`, and all it said, when it fails; StopRequested, once it is ended, when told to stop.
    """
    # In files: nobody has to read while it runs, so that a request to stop is heard at once.
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                command,
                env=None if environment is None else dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                preexec_fn=tied_to_this_process(signal.SIGTERM, give_up_rights),
            )
        except OSError as error:
            raise ProgramFailed(failure, str(error)) from None
        code = wait_attentively(process)
        said = [_text(output), _text(errors)]
    if code != 0:
        raise ProgramFailed(failure, "\n".join(said))
    return said[0]


def run_in_foreground(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> int:
    """Run a command on the terminal itself, to its end, and return its exit code. Raises StopRequested as `run` does."""
    tie = tied_to_this_process(signal.SIGINT)
    return wait_attentively(subprocess.Popen(command, env=dict(environment), cwd=folder, preexec_fn=tie))


def wait_attentively(process: subprocess.Popen[bytes]) -> int:
    """Wait for a child that shares our terminal and return its exit code.

    Told to stop, ask it to stop too, give it FOREGROUND_STOP_SECONDS to tidy, then raise StopRequested.
    """
    try:
        while process.poll() is None:
            pause(POLL_SECONDS)
        # A child that Ctrl-C ended has not failed: we were interrupted.
        pause(0)
    except StopRequested as request:
        # Ctrl-C reached it through the terminal; a second one would cut its own cleaning.
        if request.args[0] != signal.SIGINT and process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(FOREGROUND_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    return process.returncode


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
