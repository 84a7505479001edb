"""Work on another database and another storage than those of the settings, for as long as a block lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.utils import load_backend

from e2c_portal.kernel.errors import Refused

POSTGRESQL = "django.db.backends.postgresql"


@contextmanager
def on_database(url: str) -> Iterator[Any]:
    """Make `url` the portal's database in this thread. Raises Refused when it is no address or nobody answers there."""
    former = connections[DEFAULT_DB_ALIAS]
    settings = {**former.settings_dict, **_settings_of(url)}
    own = load_backend(POSTGRESQL).DatabaseWrapper(settings, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = own
    try:
        try:
            own.ensure_connection()
        except OperationalError as error:
            raise Refused(f"La base de destination ne répond pas : {str(error).strip()}") from None
        yield own
    finally:
        own.close()
        connections[DEFAULT_DB_ALIAS] = former


def _settings_of(url: str) -> dict[str, Any]:
    try:
        found = environ.Env.db_url_config(url)
    except (ImproperlyConfigured, ValueError):
        found = {}
    if found.get("ENGINE") != POSTGRESQL or not found.get("NAME"):
        raise Refused(
            "L’adresse de la base n’est pas lisible. Écrivez : --database postgres://utilisateur:secret@hote:5432/base"
        )
    return {"OPTIONS": {"connect_timeout": 3}, "CONN_MAX_AGE": None, **found}
