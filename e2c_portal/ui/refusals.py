"""What an operation or the database refuses, brought back to the form where it was typed."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.http import HttpRequest

from e2c_portal.kernel.errors import Overtaken, PortalError, Refused
from e2c_portal.kernel.submissions import AlreadySent
from e2c_portal.ui.revised import Revised

# check_violation and restrict_violation, which kernel.triggers raises by name and without a constraint.
RAISED_BY_OUR_TRIGGERS = ("23514", "23001")
# What answers a form that is refused: the page again, with what was typed and what is wrong.
UNPROCESSABLE = 422
BY_THE_DATABASE = (
    "Une règle de la base refuse cet enregistrement : rechargez la page et vérifiez ce que vous avez saisi."
)


# What the storage says speaks to whoever operates the portal: whoever sent a file needs to know what to do with it.
STORAGE = "storage"
STORAGE_AWAY = (
    "Le portail ne peut pas garder de fichier pour le moment. Rien n’est enregistré : dans quelques minutes, choisissez le "
    "fichier de nouveau et renvoyez. L’équipe qui s’occupe du portail est prévenue."
)
TOO_LARGE = "Ce fichier est trop lourd : 10 Mo au plus. Numérisez-le en qualité normale, puis choisissez-le de nouveau."


def note_too_large(form: forms.BaseForm, request: HttpRequest, field: str, text: str = TOO_LARGE) -> None:
    """Say on its field that a file was too large to be received: to the form it looks as if none was chosen."""
    if getattr(request, "upload_too_large", False) and field in form.fields:
        form.errors.pop(field, None)
        form.add_error(field, text)


def status_of(*forms: forms.BaseForm) -> int:
    """Return what a page with these forms answers: 422 when one of them refuses what was sent, else 200."""
    return UNPROCESSABLE if any(form.errors for form in forms) else 200


def add_refusal(form: forms.BaseForm, refusal: PortalError | ValidationError) -> None:
    """Put a refusal on the field it speaks of when the form has it, else at the top of the form."""
    if isinstance(refusal, PortalError):
        details = refusal.details if isinstance(refusal, Refused) else []
        told = STORAGE_AWAY if refusal.code == STORAGE else refusal.message
        form.add_error(None, [told, *details, *_ready_to_send_again(form, refusal)])
    elif hasattr(refusal, "error_dict"):
        for name, errors in refusal.error_dict.items():
            form.add_error(name if name in form.fields else None, _named(form, name, errors))
    else:
        form.add_error(None, refusal)


def _ready_to_send_again(form: forms.BaseForm, refusal: PortalError) -> list[str]:
    """Let whoever has read the refusal send the form again as it is; return what more there is to tell."""
    if isinstance(refusal, AlreadySent) and hasattr(form, "send_anew"):
        form.send_anew()
    if isinstance(refusal, Overtaken) and isinstance(form, Revised):
        return [told] if (told := form.now_seeing()) else []
    return []


def _named(form: forms.BaseForm, name: str, errors: list[ValidationError]) -> list[ValidationError]:
    """Keep the name of a field that the form does not show, or its error would speak of nothing."""
    if name == NON_FIELD_ERRORS or name in form.fields:
        return errors
    return [ValidationError(f"{name} : {' '.join(error.messages)}") for error in errors]


def refusal_of_database(error: IntegrityError) -> Refused:
    """Return what the database refused: its own French sentence when a trigger of ours spoke, else a plain one."""
    told: Any = getattr(error.__cause__, "diag", None)
    if told is None or told.constraint_name or told.sqlstate not in RAISED_BY_OUR_TRIGGERS:
        return Refused(BY_THE_DATABASE, code="database")
    return Refused(told.message_primary, code="database")
