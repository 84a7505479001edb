"""The signing ceremony seen from its edition."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from assises.operations.ceremony import prepare_ceremony
from assises.views.editions import find_edition, require_preparing
from e2c_portal.kernel.errors import PortalError


@require_POST
def ceremony_prepare(request: HttpRequest, year: int) -> HttpResponse:
    """Make the ceremony of an edition, then choose its conventions."""
    require_preparing(request)
    edition = find_edition(request, year)
    user: Any = request.user
    try:
        event = prepare_ceremony(edition.pk, user)
    except (PortalError, ValidationError) as refusal:
        for sentence in getattr(refusal, "messages", None) or [str(refusal)]:
            messages.error(request, sentence)
        return redirect(edition)
    messages.success(request, "La cérémonie est prête : choisissez les conventions et leur ordre de passage.")
    return redirect("ceremonies:programme", event_pk=event.pk)
