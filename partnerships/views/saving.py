"""Run an operation for a form: what it refuses is shown beside what was typed."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from e2c_portal.kernel.errors import PortalError
from e2c_portal.ui.refusals import add_refusal, refusal_of_database

Made = TypeVar("Made")


def saved(form: forms.BaseForm, operation: Callable[[], Made]) -> Made | None:
    """Return what the operation made or changed; None when it refuses, and its refusal is then on the form."""
    try:
        return operation()
    except (PortalError, ValidationError) as refusal:
        add_refusal(form, refusal)
    except IntegrityError as error:
        add_refusal(form, refusal_of_database(error))
    return None
