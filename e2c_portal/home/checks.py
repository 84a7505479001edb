"""What the portal looks at when it starts: a database that sorts and compares like all the others."""

from collections.abc import Sequence

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

WANTED = ("b", "C.UTF-8")
# One row as JSON: the column of the locale changed its name with PostgreSQL 17.
QUESTION = """
    SELECT row_to_json(d)->>'datlocprovider',
           coalesce(row_to_json(d)->>'datlocale', row_to_json(d)->>'daticulocale', d.datcollate)
    FROM pg_database d WHERE d.datname = current_database()
"""


@register(Tags.database)
def database_sorts_like_the_others(databases: Sequence[str] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Warn when the database was not made with the built-in C.UTF-8 locale, the same on every machine."""
    return [warning for alias in databases or () for warning in _warnings(alias)]


def _warnings(alias: str) -> list[CheckMessage]:
    with connections[alias].cursor() as cursor:
        cursor.execute(QUESTION)
        provider, locale = cursor.fetchone()
    if (provider, locale) == WANTED:
        return []
    return [
        Warning(
            f"La base « {alias} » trie avec la langue du système ({locale}) et non avec C.UTF-8 intégré à PostgreSQL.",
            hint="Recréez la base avec : initdb --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C.UTF-8. "
            "Sinon, une mise à jour du système peut abîmer ses index.",
            id="portal.W001",
        )
    ]
