"""The portal's own programs: the environment they share and how to call its management commands."""

import os
from pathlib import Path

from dev.paths import BYTECODE, ROOT, VENV, venv_program
from dev.processes import run
from dev.system_libraries import library_environment


def portal_environment(settings: str, files: Path) -> dict[str, str]:
    """Return the environment of every program of the portal: which settings it reads and under which folder it writes."""
    libraries = library_environment(os.environ)
    # Compiling everything again in each program costs five seconds of processor: it is kept, apart from the sources.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **libraries} | {
        "PYTHONPYCACHEPREFIX": str(BYTECODE),
        "DJANGO_SETTINGS_MODULE": f"e2c_portal.settings.{settings}",
        "VAR_DIR": str(files),
        "VIRTUAL_ENV": str(VENV),
        "PATH": os.pathsep.join([str(VENV / "bin"), libraries["PATH"]]),
        # Logs are read while the programs run.
        "PYTHONUNBUFFERED": "1",
    }


def manage(arguments: list[str], environment: dict[str, str], failure: str) -> str:
    """Run `manage.py` with these arguments and return what it printed. Raises ProgramFailed with `failure`."""
    return run([venv_program("python"), "manage.py", *arguments], failure, environment=environment, folder=ROOT)
