"""No social security number (NIR) in any text that people type here: the database refuses it, and the form says where it is."""

from functools import reduce
from operator import and_

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from e2c_portal.kernel.nir import NIR_PATTERN, REFUSAL, holds_nir


def without_nir(name: str, *fields: str) -> models.CheckConstraint:
    """Return the constraint that refuses what looks like a social security number in any of these texts."""
    free_of_it = reduce(and_, (~Q(**{f"{field}__regex": NIR_PATTERN}) for field in fields))
    return models.CheckConstraint(condition=free_of_it, name=name, violation_error_message=REFUSAL)


def refuse_nir_in(row: models.Model, *fields: str) -> None:
    """Raise ValidationError beside each free text that holds what looks like a social security number."""
    if found := {name: REFUSAL for name in fields if holds_nir(getattr(row, name) or "")}:
        raise ValidationError(found)
