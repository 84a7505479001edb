"""What every page needs to know."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from e2c_portal.kernel.requests import current_request_id
from e2c_portal.ui.navigation import links_for, ways_for
from e2c_portal.ui.version import PORTAL_VERSION


def portal(request: HttpRequest) -> dict[str, object]:
    """Give the pages the portal's mode, its menu, its version and the number of the request.

    The menu asks for rights, so it is drawn up only by the pages that print it.
    """
    return {
        "portal_demo": settings.DEMO,
        "portal_proconnect": bool(settings.SOCIALACCOUNT_PROVIDERS),
        "portal_version": PORTAL_VERSION,
        "portal_menu": SimpleLazyObject(lambda: links_for(request)),
        "portal_ways": SimpleLazyObject(lambda: ways_for(request)),
        "request_id": current_request_id(),
    }
