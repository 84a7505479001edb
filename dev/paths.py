"""Where things live in the project folder. Everything that a command makes is under `var/` or `.venv/`, both ignored by git."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"
VAR = ROOT / "var"
# What was fetched from outside outlives `make demo-reset`: only `make clean` removes it.
TOOLS = VAR / "tools"
SYSTEM = VAR / "system"
DEMO_RUN = VAR / "run"
TEST_RUN = VAR / "test"
# What Python compiles of the code, kept from one program to the next.
BYTECODE = VAR / "bytecode"


def venv_program(name: str) -> str:
    """Return the path of a program of the project's own environment (a string, ready for a command line)."""
    return str(VENV / "bin" / name)


def site_packages() -> Path:
    """Return the folder of installed packages of the project's environment, whose name carries the Python version."""
    found = sorted((VENV / "lib").glob("python3*/site-packages"))
    return found[-1] if found else VENV / "lib" / "missing"
