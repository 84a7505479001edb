"""The project's virtual environment: made with uv, or with venv and pip, from the locked and hashed requirement files."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from dev import run_folder
from dev.console import ProgramFailed, complain, step
from dev.paths import REQUIREMENTS, TOOLS, VENV, venv_program
from dev.processes import run
from dev.system_libraries import fetch_packages, package_root

LOCK = REQUIREMENTS / "development.txt"
STAMP = VENV / "locked-requirements.sha256"


def prepare_environment() -> None:
    """Install what the lock names, and nothing when it is already there. Raises ProgramFailed when no installer succeeds."""
    if is_up_to_date():
        return
    with run_folder.waited_for(TOOLS, "Une autre commande installe les dépendances : on l’attend."):
        if is_up_to_date():
            return
        with step("Dépendances verrouillées (environnement .venv)"):
            _install()
            STAMP.write_text(lock_mark())


def is_up_to_date() -> bool:
    """Tell whether the environment was made whole from the present lock by the present Python."""
    try:
        return STAMP.read_text() == lock_mark() and Path(venv_program("python")).exists()
    except FileNotFoundError:
        return False


def lock_mark() -> str:
    """Return what the environment depends on: the lock's bytes, the version of Python and the folder (scripts carry it)."""
    text = f"{sys.version_info[:3]} {VENV} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    return hashlib.sha256(text.encode()).hexdigest()


def _install() -> None:
    STAMP.unlink(missing_ok=True)
    try:
        _install_with_uv(find_uv())
    except ProgramFailed as failure:
        complain(f"\nuv n’a pas abouti, essai avec pip (plus lent).\n{failure}")
        _install_with_pip()


def find_uv() -> str:
    """Return a path to uv: the machine's own, else one installed by pip into a folder of the project.

    Raises ProgramFailed when pip cannot bring it.
    """
    local = TOOLS / "uv" / "bin" / "uv"
    if not local.exists() and (own := shutil.which("uv")):
        return own
    if not local.exists():
        pip, environment = _pip()
        command = [*pip, "install", "--quiet", "--disable-pip-version-check", "--target", str(TOOLS / "uv"), "uv"]
        run(command, "pip n’a pas pu installer uv.", environment=environment)
    return str(local)


def _install_with_uv(uv: str) -> None:
    environment = uv_environment(os.environ)
    if not _same_python():
        create = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
        run(create, "uv n’a pas pu créer .venv.", environment=environment)
    install = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", venv_program("python"), str(LOCK)]
    run(install, "uv n’a pas pu installer les dépendances.", environment=environment)


def uv_environment(base: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for uv: no Python of its own, and the certificates and index that pip was told to use here."""
    # A Région's network often inspects TLS with a certificate of its own: uv trusts what the system trusts, as pip does.
    environment = {**base, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "UV_SYSTEM_CERTS": "1"}
    environment.pop("VIRTUAL_ENV", None)
    for ours, pips in (
        ("UV_DEFAULT_INDEX", "PIP_INDEX_URL"),
        ("UV_INDEX", "PIP_EXTRA_INDEX_URL"),
        ("SSL_CERT_FILE", "PIP_CERT"),
    ):
        if base.get(pips) and not base.get(ours):
            environment[ours] = base[pips]
    return environment


def _install_with_pip() -> None:
    environment = dict(os.environ)
    if not _same_python():
        shutil.rmtree(VENV, ignore_errors=True)
        # Without pip: Debian keeps the module that brings it (ensurepip) in a package of its own.
        run(
            [sys.executable, "-m", "venv", "--without-pip", str(VENV)],
            "Python n’a pas pu créer .venv.",
            environment=environment,
        )
    pip, environment = _pip()
    install = [
        *pip,
        "--python",
        venv_program("python"),
        "install",
        "--quiet",
        "--require-hashes",
        "--requirement",
        str(LOCK),
    ]
    run(install, "pip n’a pas pu installer les dépendances.", environment=environment)


def _same_python() -> bool:
    """Tell whether .venv already runs this very version of Python."""
    question = "import sys; print(sys.version_info[:3])"
    try:
        answer = subprocess.run([venv_program("python"), "-c", question], check=False, capture_output=True, text=True)
    except OSError:
        return False
    return answer.stdout.strip() == str(sys.version_info[:3])


def _pip() -> tuple[list[str], dict[str, str]]:
    """Return a command and an environment that run pip: this Python's module, a private one, or Debian's wheel of it."""
    environment = dict(os.environ)
    ways: tuple[Callable[[], str | None], ...] = (lambda: "", _pip_by_ensurepip, _pip_from_debian)
    for way in ways:
        if (path := way()) is not None:
            candidate = {**environment, "PYTHONPATH": path} if path else environment
            if _runs([sys.executable, "-m", "pip", "--version"], candidate):
                return [sys.executable, "-m", "pip"], candidate
    raise ProgramFailed("Il manque pip. Tapez : sudo apt-get install -y python3-pip python3-venv", "")


def _pip_by_ensurepip() -> str | None:
    target = TOOLS / "pip"
    made = target.exists() or _runs([sys.executable, "-m", "ensurepip", "--root", str(target)], dict(os.environ))
    found = sorted(target.rglob("site-packages")) if made else []
    return str(found[0]) if found else None


def _pip_from_debian() -> str | None:
    fetch_packages(["python3-pip-whl"])
    wheels = [
        *package_root().glob("usr/share/python-wheels/pip-*.whl"),
        *Path("/usr/share/python-wheels").glob("pip-*.whl"),
    ]
    return str(wheels[0]) if wheels else None


def _runs(command: list[str], environment: dict[str, str]) -> bool:
    return subprocess.run(command, env=environment, check=False, capture_output=True).returncode == 0
