"""The first page of « Exploitation »: its sections, each with how it stands."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from e2c_portal.upkeep.sections import sees_some, tiles_for


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """List the sections this person may open."""
    if not sees_some(request.user):
        raise PermissionDenied
    return render(request, "upkeep/index.html", {"tiles": tiles_for(request.user)})
