"""Small commands for those who develop: the servers alone, a management command on the demonstration, a clean folder."""

import os
import shutil
from pathlib import Path

from dev import run_folder
from dev.console import Refusal, say
from dev.demo import demo_environment, read_environment_file
from dev.environment import prepare_environment
from dev.paths import DEMO_RUN, ROOT, TEST_RUN, VAR, VENV, venv_program
from dev.postgres import remove_data
from dev.processes import Supervisor, run_in_foreground
from dev.services import start_services
from dev.stopping import StopRequested
from dev.system_libraries import DOCUMENTS, ensure

CACHES = (".pytest_cache", ".ruff_cache", ".mypy_cache", ".import_linter_cache", ".hypothesis")


def serve(folder: Path = DEMO_RUN, *, throwaway: bool = False) -> None:
    """Start PostgreSQL and Valkey alone, print the lines that lead to them, and keep them until Ctrl-C."""
    supervisor = Supervisor()
    with run_folder.held(folder, "make services"):
        prepare_environment()
        try:
            environment = start_services(supervisor, folder, os.environ, throwaway=throwaway)
            say("\nÀ coller dans un autre terminal :")
            for name in ("DATABASE_URL", "REDIS_URL"):
                say(f"export {name}='{environment[name]}'")
            say("\nCtrl-C arrête ces serveurs.")
            supervisor.watch()
        except StopRequested:
            say("\nArrêt…")
        finally:
            supervisor.stop()


def run_manage(arguments: list[str]) -> int:
    """Run `manage.py` on the demonstration: on its servers when it runs, else on servers started for this one command."""
    prepare_environment()
    ensure(DOCUMENTS)
    command = [venv_program("python"), "manage.py", *arguments]
    if running := read_environment_file() if run_folder.is_held(DEMO_RUN) else {}:
        return run_in_foreground(command, demo_environment(0) | running, ROOT)
    supervisor = Supervisor()
    with run_folder.held(DEMO_RUN, "make manage"):
        try:
            environment = start_services(supervisor, DEMO_RUN, demo_environment(8000), throwaway=False)
            return run_in_foreground(command, environment, ROOT)
        finally:
            supervisor.stop()


def clean() -> None:
    """Delete all that the commands made: the environment, the demonstration's data and the caches. Refuses while one runs."""
    for folder in (DEMO_RUN, TEST_RUN):
        if run_folder.is_held(folder):
            raise Refusal(f"Une commande travaille dans {folder} : arrêtez-la d’abord.")
        remove_data(folder)
    for folder in (VENV, VAR, *(ROOT / name for name in CACHES)):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in ROOT.rglob("__pycache__"):
        shutil.rmtree(folder, ignore_errors=True)
    say("Environnement, données de démonstration et fichiers de travail effacés.")
