"""Validate a row against all its constraints on its own values in one question to the database, instead of one for each."""

import re
from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import DatabaseError, connections, models, router, transaction
from django.db.models import CheckConstraint

# At run time a plain class: it changes nothing of the tables, so that no migration follows.
if TYPE_CHECKING:
    _Base = models.Model
else:
    _Base = object


class ChecksAtOnce(_Base):
    """A model whose CHECK constraints are asked together; only those that a row breaks are asked one by one, to name them.

    The same question tells whether the row is one of those that an exclusion constraint keeps apart. Django asks each apart,
    with a savepoint around it: 42 queries to validate a convention, 6 this way, and 3 before it is signed.
    """

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        self._kept_for_sure = _kept_for_sure(self, exclude)
        try:
            super().validate_constraints(exclude=exclude)
        finally:
            del self._kept_for_sure

    def get_constraints(self) -> list[Any]:
        kept: frozenset[str] = getattr(self, "_kept_for_sure", frozenset())
        return [(model, [one for one in listed if one.name not in kept]) for model, listed in super().get_constraints()]


def _kept_for_sure(row: models.Model, exclude: Collection[str] | None) -> frozenset[str]:
    """Return the names of the constraints that need not be asked one by one.

    A CHECK is kept when it is true or unknown, as the database means it.
    """
    using = router.db_for_write(type(row), instance=row)
    question = _question(type(row), using)
    # A constraint may read a field left out: Django then passes over that one alone.
    if not question or question.names & set(exclude or ()):
        return frozenset()
    values = [getattr(row, field.attname) for field in question.fields]
    if any(hasattr(value, "resolve_expression") for value in values):
        return frozenset()
    return _answered(question, values, using)


@dataclass(frozen=True)
class _Question:
    """All the constraints of a model in one query, on a row made of the values of `fields`, whose names are apart."""

    sql: str
    fields: tuple[models.Field, ...]
    names: frozenset[str]
    constraints: tuple[str, ...]


@cache
def _question(model: type[models.Model], using: str) -> _Question | None:
    """Write the question once per model, None without a constraint: having the ORM write it for each row took most of the time."""
    asked = [one for one in model._meta.constraints if _is_asked(one)]
    if not asked:
        return None
    connection = connections[using]
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    names = {reference[0] for one in asked for reference in model._get_expr_references(one.condition)}  # type: ignore[attr-defined]
    fields = tuple({_field(model, name): None for name in sorted(names)})
    answers = ", ".join(_answer(one, model, editor) for one in asked)
    row = ", ".join(f"%s::{_bare_type(field, connection)} AS {editor.quote_name(field.column)}" for field in fields)
    sql = f"SELECT {answers} FROM (SELECT {row}) AS row"  # noqa: S608  names of our own columns
    return _Question(sql, fields, frozenset(field.name for field in fields), tuple(one.name for one in asked))


def _is_asked(constraint: models.BaseConstraint) -> bool:
    return isinstance(constraint, CheckConstraint | ExclusionConstraint) and bool(constraint.condition)


def _answer(constraint: Any, model: type[models.Model], editor: Any) -> str:
    """Write "it is kept" as the very text of the table's constraint, whose percent signs are not places for values."""
    where = CheckConstraint(name=constraint.name, condition=constraint.condition)._get_check_sql(model, editor)  # type: ignore[attr-defined]
    condition = where.replace("%", "%%")
    if isinstance(constraint, CheckConstraint):
        return f"coalesce(({condition}), true)"
    # What its condition leaves out is not kept apart from anything.
    return f"NOT coalesce(({condition}), false)"


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _bare_type(field: models.Field, connection: Any) -> str:
    """Return the type of a column without its size: a cast to varchar(3) would shorten the text instead of refusing it."""
    return re.sub(r"\([\d, ]+\)", "", field.db_type(connection) or "")


def _answered(question: _Question, values: list[Any], using: str) -> frozenset[str]:
    connection = connections[using]
    given = [field.get_db_prep_value(value, connection) for field, value in zip(question.fields, values, strict=True)]
    try:
        # In a savepoint: a value that the database cannot even read must not spoil the transaction.
        with transaction.atomic(using) if connection.in_atomic_block else nullcontext(), connection.cursor() as cursor:
            cursor.execute(question.sql, given)
            answers = zip(question.constraints, cursor.fetchone(), strict=True)
    except DatabaseError:
        return frozenset()
    return frozenset(name for name, kept in answers if kept)
