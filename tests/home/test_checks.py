"""The check at start: the database sorts with the built-in C.UTF-8, or a warning says what to do."""

from collections.abc import Iterator

import psycopg
import pytest
from django.core.checks import Tags, run_checks
from django.db import connections
from psycopg import sql

from e2c_portal.home.checks import database_sorts_like_the_others

OTHER = "portail_tri_du_systeme"


@pytest.fixture
def database_sorted_by_the_system(transactional_db: None) -> Iterator[str]:
    """Another database on the same server, made with the locale of the system."""
    connection = connections["default"]
    where = connection.get_connection_params() | {"cursor_factory": None, "dbname": "postgres"}
    name = sql.Identifier(OTHER)
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(name)
    with psycopg.connect(**where, autocommit=True) as server:
        server.execute(drop)
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C' ENCODING 'UTF8'").format(
                name
            )
        )
    test_database = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = OTHER
    yield OTHER
    connection.close()
    connection.settings_dict["NAME"] = test_database
    with psycopg.connect(**where, autocommit=True) as server:
        server.execute(drop)


@pytest.mark.django_db
def test_database_of_the_portal_passes() -> None:
    assert database_sorts_like_the_others(databases=["default"]) == []
    assert database_sorts_like_the_others(databases=None) == []


def test_database_sorted_by_the_system_is_told_with_the_remedy(database_sorted_by_the_system: str) -> None:
    found = run_checks(tags=[Tags.database], databases=["default"])
    warning = next(message for message in found if message.id == "portal.W001")
    assert "(C)" in warning.msg
    assert "--builtin-locale=C.UTF-8" in warning.hint
