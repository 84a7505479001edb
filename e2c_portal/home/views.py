"""The first page, and the health of the portal."""

from datetime import UTC, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
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


# Read anew at each request, it is always true; its readers are asked to look again within half a year.
SECURITY_NOTICE_LASTS = timedelta(days=180)


@require_safe
@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """Tell whom to write to about a flaw (RFC 9116)."""
    expires = (
        (timezone.now() + SECURITY_NOTICE_LASTS).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    )
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.PORTAL_URL}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
