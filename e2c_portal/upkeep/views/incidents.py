"""What is stopped now, since when, what it changes for people, what the portal does by itself and what is left to do."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from e2c_portal.ui.pages import ShortPaginator
from e2c_portal.upkeep import incidents
from e2c_portal.upkeep.incidents_finding import clock_fault
from e2c_portal.upkeep.incidents_list import IncidentFilter, lasting
from e2c_portal.upkeep.incidents_words import WORDS, Words
from e2c_portal.upkeep.models import Incident
from e2c_portal.upkeep.permissions import UpkeepPermission

PER_PAGE = 50


@dataclass(frozen=True)
class Told:
    """One incident as the page prints it."""

    words: Words
    number: str
    reason: str
    since: datetime
    seen: datetime
    lasted: str


@require_safe
@never_cache
def incident_list(request: HttpRequest) -> HttpResponse:
    """Show what is stopped, then what was, as it is asked for."""
    if not request.user.has_perm(UpkeepPermission.VIEW_WORK):
        raise PermissionDenied
    asked = IncidentFilter(request.GET)
    page = ShortPaginator(asked.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "now": [_told(row) for row in incidents.open_incidents()],
        "past": [_told(row) for row in page],
        "page_obj": page,
        "form": asked,
        "clock": next((fault.reason for fault in clock_fault()), ""),
    }
    return render(request, "upkeep/incidents.html", context)


def _told(row: Incident) -> Told:
    words = WORDS[row.kind]
    since, seen = timezone.localtime(row.opened_at), timezone.localtime(row.closed_at or row.seen_at)
    return Told(words, words.counted(row.count), row.reason, since, seen, lasting(row))
