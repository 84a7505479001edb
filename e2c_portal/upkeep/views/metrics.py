"""The door of the supervision."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from e2c_portal.upkeep.metrics import CONTENT_TYPE, exposition, is_open, may_read

UNAUTHORIZED = 401


@require_safe
@login_not_required
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures to whoever bears the token; without one in the settings there is no such page."""
    if not is_open():
        raise Http404
    if not may_read(request):
        refused = HttpResponse(
            "Jeton absent ou inconnu.\n", status=UNAUTHORIZED, content_type="text/plain; charset=utf-8"
        )
        refused["WWW-Authenticate"] = 'Bearer realm="metriques"'
        return refused
    return HttpResponse(exposition(), content_type=CONTENT_TYPE)
