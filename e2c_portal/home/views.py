"""The first page, and the health of the portal."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from e2c_portal.home import health, panels


@require_safe
@login_not_required
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Welcome a visitor, or show somebody signed in what to do today."""
    if not request.user.is_authenticated:
        return render(request, "home/welcome.html")
    return render(request, "home/today.html", {"today": panels.today_of(request.user)})


@require_safe
@login_not_required
@never_cache
def state(request: HttpRequest) -> JsonResponse:
    """Say as JSON whether the portal works: 200, or 503 when a vital part is away."""
    found = health.report()
    return JsonResponse(found, status=503 if found["status"] == "down" else 200)
