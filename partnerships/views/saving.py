"""Run an operation for a form: what it refuses is shown beside what was typed."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError

from e2c_portal.kernel.errors import PortalError
from e2c_portal.ui.refusals import add_refusal
from partnerships.operations.deliveries import ALREADY_SENT


def saved(form: forms.BaseForm, operation: Callable[[], object]) -> bool:
    """Say whether the operation was done; its refusal is then on the form."""
    try:
        operation()
    except (PortalError, ValidationError) as refusal:
        add_refusal(form, refusal)
        if isinstance(refusal, PortalError) and refusal.code == ALREADY_SENT:
            form.send_anew()  # type: ignore[attr-defined]
        return False
    return True
