"""PostgreSQL and Valkey for one command: those of DATABASE_URL and REDIS_URL when given, else embedded ones."""

import os
from collections.abc import Mapping
from pathlib import Path

from dev.console import say, step
from dev.postgres import start_postgres
from dev.processes import Supervisor
from dev.valkey import start_valkey


def start_services(supervisor: Supervisor, folder: Path, base: Mapping[str, str], *, throwaway: bool) -> dict[str, str]:
    """Make both services answer and return the environment that leads to them, on top of `base`.

    An address given by the person always wins: nothing is started in its place.
    """
    # PGPORT, PGDATABASE and their like would lead the servers and the programs elsewhere than the address says.
    environment = {name: value for name, value in base.items() if not name.startswith("PG")}
    if os.environ.get("DATABASE_URL"):
        say("• PostgreSQL : celui de DATABASE_URL")
        environment["DATABASE_URL"] = os.environ["DATABASE_URL"]
    else:
        with step("PostgreSQL"):
            postgres = start_postgres(supervisor, folder, environment, throwaway=throwaway)
        # PGHOST serves psql and `manage.py dbshell`, which do not read the address whole.
        environment |= {"DATABASE_URL": postgres.url, "PGHOST": str(postgres.socket_folder)}
    if os.environ.get("REDIS_URL"):
        say("• Valkey : celui de REDIS_URL")
        environment["REDIS_URL"] = os.environ["REDIS_URL"]
    else:
        with step("Valkey"):
            environment["REDIS_URL"] = start_valkey(supervisor, folder, environment, throwaway=throwaway)
    return environment
