"""What the launcher promises about its children, shown with real processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import run_folder
from dev.console import ProgramFailed, Refusal
from dev.demo import check_port_is_free, chosen_port, kept_secret
from dev.processes import CRASH_LIMIT, Child, Program, Supervisor
from dev.valkey import answers, free_port
from tests.launcher.running import clean_environment, descendants, parent_of, wait_until_gone

FOREVER = "import time\nwhile True: time.sleep(60)"
DEAF = f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('sourd', flush=True)\n{FOREVER}"
# A program whose own child outlives it unless the whole session is ended.
FAMILY = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {FOREVER!r}])\nprint('prêt', flush=True)\n{FOREVER}"


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.stop()


def python(source: str, folder: Path, *, restart: bool = False) -> Program:
    return Program(
        "Le programme",
        [sys.executable, "-c", source],
        clean_environment(),
        folder / "program.log",
        folder,
        restart=restart,
    )


def wait_for(supervisor: Supervisor, child: Child, text: str) -> None:
    supervisor.wait_until(child, lambda: text in child.program.log.read_text(), 10)


def test_a_child_that_dies_while_it_is_waited_for_is_reported_with_its_last_lines(supervisor, tmp_path):
    [child] = supervisor.start(python("raise SystemExit('plus de place sur le disque')", tmp_path))
    with pytest.raises(ProgramFailed, match=r"(?s)s’est arrêté au démarrage \(code 1\).*plus de place sur le disque"):
        supervisor.wait_until(child, lambda: False, 10)


def test_a_child_that_never_answers_is_given_up(supervisor, tmp_path):
    [child] = supervisor.start(python(FOREVER, tmp_path))
    with pytest.raises(ProgramFailed, match="ne répond pas"):
        supervisor.wait_until(child, lambda: False, 0.2)


def test_stopping_ends_the_children_of_the_children_and_the_deaf_ones(tmp_path, monkeypatch):
    monkeypatch.setattr("dev.processes.STOP_SECONDS", 0.3)
    supervisor = Supervisor()
    [family] = supervisor.start(python(FAMILY, tmp_path / "family"))
    [deaf] = supervisor.start(python(DEAF, tmp_path / "deaf"))
    wait_for(supervisor, family, "prêt")
    wait_for(supervisor, deaf, "sourd")
    numbers = [family.process.pid, deaf.process.pid, *descendants(family.process.pid)]
    assert len(numbers) == 3
    bystander = subprocess.Popen([sys.executable, "-c", FOREVER])
    try:
        supervisor.stop()
        assert wait_until_gone(numbers, seconds=2) == []
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_worker_that_dies_is_started_again_and_a_crash_loop_is_given_up(supervisor, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("dev.processes.time.sleep", lambda seconds: None)
    [worker] = supervisor.start(python(FOREVER, tmp_path, restart=True))
    numbers = {worker.process.pid}
    for _ in range(CRASH_LIMIT - 1):
        worker.process.kill()
        worker.process.wait()
        supervisor.mend()
        numbers.add(worker.process.pid)
    assert len(numbers) == CRASH_LIMIT
    assert "redémarrage" in capsys.readouterr().err
    worker.process.kill()
    worker.process.wait()
    with pytest.raises(ProgramFailed, match="journal"):
        supervisor.mend()


def test_a_taken_port_is_refused_with_another_one_to_try(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Refusal, match=rf"{port} est déjà pris.*make demo PORT={port + 1}"):
            check_port_is_free(port)
    check_port_is_free(free_port())


@pytest.mark.parametrize("text", ["quatre-vingts", "0", "80", "65536", "8000x", "²"])
def test_an_impossible_port_is_refused(monkeypatch, text):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Refusal, match="PORT="):
        chosen_port()


def test_the_port_is_8000_unless_the_person_says_otherwise(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    assert chosen_port() == 8000
    monkeypatch.setenv("PORT", "8123")
    assert chosen_port() == 8123


def test_another_server_on_the_port_is_not_taken_for_ours():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert not answers(listener.getsockname()[1], "secret")


def test_the_secret_is_drawn_once_and_read_by_its_owner_alone(tmp_path):
    path = tmp_path / "secret-key"
    secret = kept_secret(path)
    assert len(secret) >= 50
    assert kept_secret(path) == secret
    assert path.stat().st_mode & 0o077 == 0


def test_the_lock_of_a_dead_holder_is_free(tmp_path):
    code = "import os, sys; from pathlib import Path; from dev import run_folder\n"
    code += "with run_folder.held(Path(sys.argv[1]), 'make demo'):\n    print('tenu', flush=True)\n    import time; time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "tenu\n"
        assert run_folder.is_held(tmp_path)
        with pytest.raises(Refusal, match=f"processus {holder.pid} make demo"), run_folder.held(tmp_path, "make demo"):
            pass
        os.kill(holder.pid, signal.SIGKILL)
    limit = time.monotonic() + 5
    while run_folder.is_held(tmp_path) and time.monotonic() < limit:
        time.sleep(0.05)
    with run_folder.held(tmp_path, "make demo"):
        assert run_folder.is_held(tmp_path)


def test_what_a_test_forgot_ends_with_the_run_and_nothing_else_does():
    """The launcher's part is played by a process of its own: adopting orphans is for the whole life of a process."""
    forgetful = (
        "import subprocess, sys\n"
        # Without an output of its own it would keep ours open, and we would wait for it.
        f"child = subprocess.Popen([sys.executable, '-c', {FOREVER!r}], start_new_session=True, stdout=subprocess.DEVNULL)\n"
        "print(child.pid)"
    )
    launcher = (
        "import subprocess, sys\nfrom dev.orphans import adopt_orphans, end_orphans\nadopt_orphans()\n"
        f"known = subprocess.Popen([sys.executable, '-c', {FOREVER!r}], stdout=subprocess.DEVNULL)\n"
        f"number = subprocess.check_output([sys.executable, '-c', {forgetful!r}], text=True).strip()\n"
        "names = end_orphans({known.pid})\nprint(number, len(names), known.poll())\nknown.kill()\nknown.wait()"
    )
    done = subprocess.run([sys.executable, "-c", launcher], capture_output=True, text=True, check=True, timeout=30)
    number, count, known = done.stdout.split()
    assert (count, known) == ("1", "None")
    assert parent_of(int(number)) is None
