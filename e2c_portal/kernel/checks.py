"""Validate a row against all its CHECK constraints in one question to the database, instead of one for each."""

import re
from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connections, models, router, transaction
from django.db.models import CheckConstraint

# At run time a plain class: it changes nothing of the tables, so that no migration follows.
if TYPE_CHECKING:
    _Base = models.Model
else:
    _Base = object


class ChecksAtOnce(_Base):
    """A model whose CHECK constraints are asked together; only a row that breaks one has them asked one by one, to name it.

    Django asks each apart, with a savepoint around it: 42 queries to validate a convention, 6 this way.
    """

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        self._checks_hold = _all_hold(self, exclude)
        try:
            super().validate_constraints(exclude=exclude)
        finally:
            del self._checks_hold

    def get_constraints(self) -> list[Any]:
        found = super().get_constraints()
        if not getattr(self, "_checks_hold", False):
            return found
        return [(model, [one for one in listed if not isinstance(one, CheckConstraint)]) for model, listed in found]


def _all_hold(row: models.Model, exclude: Collection[str] | None) -> bool:
    """Say whether every CHECK is true or unknown, as the database means it; False when they must be asked one by one."""
    using = router.db_for_write(type(row), instance=row)
    question = _question(type(row), using)
    if question is None:
        return True
    if question.names & set(exclude or ()):
        # A check reads a field left out: Django then passes over that one alone.
        return False
    values = [getattr(row, field.attname) for field in question.fields]
    if any(hasattr(value, "resolve_expression") for value in values):
        return False
    return _answered(question, values, using)


@dataclass(frozen=True)
class _Question:
    """All the checks of a model in one query, on a row made of the values of `fields`, and the names of these fields."""

    sql: str
    fields: tuple[models.Field, ...]
    names: frozenset[str]


@cache
def _question(model: type[models.Model], using: str) -> _Question | None:
    """Write the question once per model, None without a check: having the ORM write it for each row took most of the time."""
    checks = [one for one in model._meta.constraints if isinstance(one, CheckConstraint)]
    if not checks:
        return None
    connection = connections[using]
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    names = {reference[0] for one in checks for reference in model._get_expr_references(one.condition)}  # type: ignore[attr-defined]
    fields = tuple({_field(model, name): None for name in sorted(names)})
    # The very text of the constraint in the table, whose percent signs are not places for values.
    rules = " AND ".join(f"coalesce(({one._get_check_sql(model, editor)}), true)" for one in checks).replace("%", "%%")  # type: ignore[attr-defined]
    row = ", ".join(f"%s::{_bare_type(field, connection)} AS {editor.quote_name(field.column)}" for field in fields)
    return _Question(f"SELECT {rules} FROM (SELECT {row}) AS row", fields, frozenset(field.name for field in fields))  # noqa: S608  names of our own columns


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _bare_type(field: models.Field, connection: Any) -> str:
    """Return the type of a column without its size: a cast to varchar(3) would shorten the text instead of refusing it."""
    return re.sub(r"\([\d, ]+\)", "", field.db_type(connection) or "")


def _answered(question: _Question, values: list[Any], using: str) -> bool:
    connection = connections[using]
    given = [field.get_db_prep_value(value, connection) for field, value in zip(question.fields, values, strict=True)]
    try:
        # In a savepoint: a value that the database cannot even read must not spoil the transaction.
        with transaction.atomic(using) if connection.in_atomic_block else nullcontext(), connection.cursor() as cursor:
            cursor.execute(question.sql, given)
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        return False
