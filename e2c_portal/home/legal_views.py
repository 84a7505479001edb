"""The pages that the law wants open to everybody: legal notice, personal data, accessibility, site map."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from e2c_portal.home import legal
from e2c_portal.ui.accessibility import STATES


@require_safe
@login_not_required
def notice(request: HttpRequest) -> HttpResponse:
    """Say who publishes the portal, who answers for it, who hosts it."""
    facts = [
        ("Éditeur", legal.said("LEGAL_PUBLISHER")),
        ("Direction de la publication", legal.said("LEGAL_DIRECTOR")),
        ("Hébergement", legal.said("LEGAL_HOST")),
    ]
    return render(request, "home/legal_notice.html", {"facts": facts})


@require_safe
@login_not_required
def your_data(request: HttpRequest) -> HttpResponse:
    """Say what is done with personal data, how long, on which ground, and how to act."""
    context = {
        "purposes": legal.PURPOSES,
        "rights": legal.RIGHTS,
        "contact": legal.said("LEGAL_DATA_CONTACT"),
        "cookies": legal.cookies(),
        "stored": legal.STORED,
        "durations": list(legal.durations()),
    }
    return render(request, "home/your_data.html", context)


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """The declaration of accessibility, on the official model (order of 20 September 2019)."""
    context = {
        "state": STATES[settings.LEGAL_ACCESSIBILITY_STATE],
        "audited": settings.LEGAL_ACCESSIBILITY_STATE != "non",
        "audit": settings.LEGAL_ACCESSIBILITY_AUDIT,
        "plan": settings.LEGAL_ACCESSIBILITY_PLAN,
        "publisher": settings.LEGAL_PUBLISHER or "La Région",
        "contact": legal.said("LEGAL_ACCESSIBILITY_CONTACT"),
        "address": settings.PORTAL_URL,
    }
    return render(request, "home/accessibility.html", context)


@require_safe
@login_not_required
def site_map(request: HttpRequest) -> HttpResponse:
    """A second way to every page (RGAA 12.1), beside the menu."""
    context = {"branches": legal.site_map(request), "common": legal.common_pages(request)}
    return render(request, "home/site_map.html", context)
