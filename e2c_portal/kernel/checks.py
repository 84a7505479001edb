"""Validate a row against all its CHECK constraints in one question to the database, instead of one for each."""

from collections.abc import Collection
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models, router
from django.db.models import BooleanField, CheckConstraint, Q
from django.db.models.functions import Coalesce

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
    checks = [Q(one.condition) for one in row._meta.constraints if isinstance(one, CheckConstraint)]
    if not checks:
        return True
    together = reduce(and_, (Q(Coalesce(one, True, output_field=BooleanField())) for one in checks))
    against = row._get_field_expression_map(meta=row._meta, exclude=exclude)  # type: ignore[attr-defined]
    try:
        return together.check(against, using=router.db_for_write(type(row), instance=row))
    except FieldError:
        # A check reads a field left out: Django then passes over that one alone.
        return False
