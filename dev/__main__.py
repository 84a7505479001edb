"""The commands behind `make`: `python3 -m dev COMMAND`. `make help` lists them."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  said before the imports that an older Python cannot read
    sys.exit(
        f"Il faut Python 3.11 ou plus récent (ici {sys.version.split()[0]}). Exemple : make demo PYTHON=python3.12"
    )

import argparse
import io
from collections.abc import Callable
from pathlib import Path

from dev.audit import audit
from dev.bench import bench
from dev.console import Refusal, complain
from dev.demo import demo, demo_reset
from dev.paths import DEMO_RUN
from dev.requirements_lock import lock
from dev.stopping import StopRequested, die_with_make, note_signals
from dev.tests import faults, lint, test
from dev.workshop import clean, run_manage, serve


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or failed, 130 interrupted before its end."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # An old terminal shows a question mark for a letter it lacks, instead of ending the command.
        sys.stdout.reconfigure(errors="replace")
    note_signals()
    die_with_make()
    try:
        return dispatch(arguments)
    except Refusal as refusal:
        complain(str(refusal))
        return 1
    except StopRequested:
        complain("Interrompu.")
        return 130


def dispatch(arguments: list[str]) -> int:
    """Read the command line and call the command."""
    parser = argparse.ArgumentParser(prog="python3 -m dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("demo", "demo-reset", "lint", "clean"):
        commands.add_parser(name)
    services = commands.add_parser("services")
    services.add_argument("--run-folder", type=Path, default=DEMO_RUN)
    services.add_argument("--throwaway", action="store_true")
    commands.add_parser("bench", add_help=False)
    for name in ("test", "faults", "lock", "manage", "audit"):
        commands.add_parser(name).add_argument("rest", nargs=argparse.REMAINDER)
    # The measures read their own options, dashes first.
    options, own = parser.parse_known_args(arguments)
    if own and options.command != "bench":
        parser.error(f"unrecognized arguments: {' '.join(own)}")
    actions: dict[str, Callable[[], int | None]] = {
        "demo": demo,
        "demo-reset": demo_reset,
        "lint": lint,
        "clean": clean,
        "services": lambda: serve(options.run_folder.resolve(), throwaway=options.throwaway),
        "test": lambda: test(options.rest),
        "faults": lambda: faults(options.rest),
        "audit": lambda: audit(options.rest),
        "bench": lambda: bench(own),
        "lock": lambda: lock(options.rest),
        "manage": lambda: run_manage(options.rest),
    }
    return actions[options.command]() or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
