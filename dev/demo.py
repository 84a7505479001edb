"""`make demo`: the whole portal on this machine, kept running until Ctrl-C, its data kept for the next start."""

import os
import secrets
import shlex
import shutil
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

from dev import run_folder
from dev.console import Refusal, say, step
from dev.environment import prepare_environment
from dev.paths import DEMO_RUN, ROOT, VAR, venv_program
from dev.portal import manage, portal_environment
from dev.postgres import remove_data
from dev.processes import Program, Supervisor
from dev.services import start_services
from dev.stopping import StopRequested
from dev.system_libraries import DOCUMENTS, ensure

ADDRESS = "127.0.0.1"
# What `demo-reset` deletes: everything the demonstration wrote, nothing that was downloaded.
DEMO_DATA = ("run", "demo", "documents", "keys", "media", "static")
# Read by `python -m dev manage`, so that a second terminal works on the running demonstration.
ENVIRONMENT_FILE = DEMO_RUN / "environment"


def demo() -> None:
    """Start everything, say where it is, and watch it until it is stopped. Raises Refusal or ProgramFailed."""
    port = chosen_port()
    with run_folder.held(DEMO_RUN, "make demo"):
        check_port_is_free(port)
        _run(port)


def demo_reset() -> None:
    """Delete what the demonstration wrote, then start it afresh. Refuses to touch a database that is not its own."""
    if os.environ.get("DATABASE_URL"):
        raise Refusal(
            "DATABASE_URL est donné : cette base n’appartient pas à la démonstration, videz-la vous-même puis lancez make demo."
        )
    with run_folder.held(DEMO_RUN, "make demo-reset"):
        remove_data(DEMO_RUN)
        for name in DEMO_DATA:
            _empty(VAR / name)
        say("• Données de la démonstration effacées")
    demo()


def _run(port: int) -> None:
    prepare_environment()
    ensure(DOCUMENTS)
    supervisor = Supervisor()
    try:
        environment = start_services(supervisor, DEMO_RUN, demo_environment(port), throwaway=False)
        write_environment_file(environment)
        _prepare_data(environment)
        _start_portal(supervisor, environment, port)
        with step("Premier document scellé par la file"):
            ready = manage(["demo_ready"], environment, "Le document de démonstration n’a pas pu être scellé.")
        say(f"\nPrêt : http://{ADDRESS}:{port}\n")
        say(ready.strip())
        say(f"\nJournaux : {DEMO_RUN / 'logs'}   Ctrl-C arrête tout ; les données restent pour la prochaine fois.")
        supervisor.watch()
    except StopRequested:
        say("\nArrêt…")
    finally:
        ENVIRONMENT_FILE.unlink(missing_ok=True)
        supervisor.stop()
    say("Tout est arrêté.")


def demo_environment(port: int) -> dict[str, str]:
    """Return the environment of the demonstration, its secret included (drawn once, so that sessions outlive a restart)."""
    own = {
        "E2C_DEMO": "1",
        "PORTAL_URL": f"http://{ADDRESS}:{port}",
        "SECRET_KEY": kept_secret(DEMO_RUN / "secret-key"),
    }
    return portal_environment("dev", VAR) | own


def kept_secret(path: Path) -> str:
    """Return the secret of this file, drawn and written for its owner alone the first time."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(60), encoding="ascii")
    return path.read_text(encoding="ascii")


def write_environment_file(environment: dict[str, str]) -> None:
    """Leave the addresses and the secret of the running demonstration to the other commands of the same person."""
    names = (
        "DJANGO_SETTINGS_MODULE",
        "DATABASE_URL",
        "REDIS_URL",
        "E2C_DEMO",
        "PORTAL_URL",
        "SECRET_KEY",
        "VAR_DIR",
        "PGHOST",
    )
    ENVIRONMENT_FILE.unlink(missing_ok=True)
    ENVIRONMENT_FILE.touch(mode=0o600)
    lines = [f"{name}={shlex.quote(environment[name])}" for name in names if name in environment]
    ENVIRONMENT_FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_environment_file() -> dict[str, str]:
    """Return what a running demonstration wrote, or nothing."""
    if not ENVIRONMENT_FILE.exists():
        return {}
    lines = (line.partition("=") for line in ENVIRONMENT_FILE.read_text(encoding="utf-8").splitlines())
    return {name: shlex.split(value)[0] for name, _, value in lines}


def _prepare_data(environment: dict[str, str]) -> None:
    # WhiteNoise warns about a folder that is not there, even when it serves the sources themselves.
    (VAR / "static").mkdir(parents=True, exist_ok=True)
    with step("Base de données"):
        manage(["migrate", "--verbosity=0"], environment, "Les migrations ont échoué.")
    with step("Autorité de certification de développement"):
        manage(["create_development_authority"], environment, "L’autorité de développement n’a pas pu être créée.")
    with step("Données de démonstration"):
        manage(["seed_demo"], environment, "Les données de démonstration n’ont pas pu être chargées.")


def _start_portal(supervisor: Supervisor, environment: dict[str, str], port: int) -> None:
    with step("Portail, ouvrier, planificateur et surveillant"):
        web, *_ = supervisor.start(*portal_programs(environment, port))
        supervisor.wait_until(web, lambda: is_healthy(port), 60)


def portal_programs(environment: dict[str, str], port: int) -> list[Program]:
    """Describe the four programs of the portal: pages, document worker, clock, and the watcher that needs no queue."""
    python = venv_program("python")
    celery = [python, "-m", "celery", "-A", "e2c_portal"]
    pages = [
        python, "-m", "gunicorn", "e2c_portal.wsgi:application", f"--bind={ADDRESS}:{port}", "--workers=2", "--threads=4",
        "--graceful-timeout=5", "--config=python:e2c_portal.settings.gunicorn", "--access-logfile=-", "--no-control-socket",
    ]  # fmt: skip

    def program(name: str, command: list[str], log: str, death: signal.Signals = signal.SIGTERM) -> Program:
        return Program(name, command, environment, DEMO_RUN / "logs" / log, ROOT, death_signal=death, restart=True)

    return [
        program("Le portail", pages, "web.log"),
        # Killed outright with the launcher: its polite stop would wait for a queue that is gone.
        program(
            "L’ouvrier", [*celery, "worker", "-c", "2", "-l", "INFO", "--without-mingle"], "worker.log", signal.SIGKILL
        ),
        program("Le planificateur", [*celery, "beat", "-l", "INFO", "--pidfile="], "beat.log", signal.SIGKILL),
        program("Le surveillant", [python, "manage.py", "run_sweeper"], "sweeper.log"),
    ]


def is_healthy(port: int) -> bool:
    """Tell whether the portal says that all it needs is well."""
    try:
        with urllib.request.urlopen(f"http://{ADDRESS}:{port}/sante/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def chosen_port() -> int:
    """Return the port of PORT, 8000 by default. Raises Refusal when it is not one."""
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise Refusal(f"PORT vaut « {text} » : il faut un nombre entre 1024 et 65535, par exemple PORT=8001.")
    return int(text)


def check_port_is_free(port: int) -> None:
    """Raise Refusal when somebody else listens to the port: we would wait for our portal and greet theirs."""
    with socket.socket() as listener:
        # As the web server does: a port left by a connection that just closed is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, port))
        except OSError:
            raise Refusal(
                f"Le port {port} est déjà pris. Choisissez-en un autre, par exemple : make demo PORT={port + 1}"
            ) from None


def _empty(folder: Path) -> None:
    """Delete what the folder holds, but the lock that this process is holding."""
    for entry in folder.iterdir() if folder.exists() else ():
        if entry == DEMO_RUN / "lock":
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
