"""`make bench`: every figure of speed, measured on servers of its own; the demonstration's are never touched."""

import contextlib
import shutil
import sys

from dev import run_folder
from dev.environment import prepare_environment
from dev.paths import ROOT, VAR, venv_program
from dev.portal import portal_environment
from dev.postgres import remove_data
from dev.processes import Supervisor, run_in_foreground
from dev.services import start_services
from dev.system_libraries import DOCUMENTS, ensure

BENCH_RUN = VAR / "bench"


def bench(arguments: list[str]) -> int:
    """Measure everything, or what the arguments choose, and return 0 when every figure was measured.

    The standard output carries the figures alone, one JSON object a line; the launcher's own words go to the error stream.
    The servers keep the settings of a demonstration, which writes safely to the disk: figures without it would flatter.
    """
    supervisor = Supervisor()
    with contextlib.redirect_stdout(sys.stderr), run_folder.held(BENCH_RUN, "make bench"):
        prepare_environment()
        ensure(DOCUMENTS)
        remove_data(BENCH_RUN)
        for name in ("logs", "files", "valkey"):
            shutil.rmtree(BENCH_RUN / name, ignore_errors=True)
        base = portal_environment("base", BENCH_RUN / "files") | {"DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
        try:
            environment = start_services(supervisor, BENCH_RUN, base, throwaway=False)
            return run_in_foreground([venv_program("python"), "-m", "tests.bench", *arguments], environment, ROOT)
        finally:
            supervisor.stop()
            # Two gigabytes at the size of the country.
            remove_data(BENCH_RUN)
