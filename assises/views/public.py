"""What anybody reads of the Assises: the editions announced, the programme published, a calendar file. Nobody signs in."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assises.life.editions import ANNOUNCED, CLOSED, DRAFT
from assises.models import Edition
from assises.permissions import AssisesPermission
from assises.reads.calendar import PUBLISH, Source, calendar_of, media_type
from assises.reads.editions import edition_of, public_edition_of, public_editions, situation_of
from assises.reads.own_registration import why_not_now
from assises.reads.programme import last_version
from assises.reads.report import public_paper
from assises.views.editions import edition_list

LATEST = 20


@login_not_required
@require_safe
def edition_index(request: HttpRequest) -> HttpResponse:
    """Show the editions that were announced, the latest first; every edition to whoever works in the network."""
    if _works_here(request):
        return edition_list(request)
    rows = list(public_editions()[:LATEST])
    for edition in rows:
        edition.where = situation_of(edition)
    return render(request, "assises/public_list.html", {"editions": rows})


@login_not_required
@require_safe
def edition_public(request: HttpRequest, year: int) -> HttpResponse:
    """Show an edition to anybody; the network reads the page of a draft beforehand, and is told that nobody else does."""
    edition, is_preview = _readable(request, year)
    version, why_not = last_version(edition), why_not_now(edition)
    # A draft is read as it will be once announced.
    to_come = edition.status in (DRAFT, ANNOUNCED) and edition.held_on >= timezone.localdate()
    context = {
        "edition": edition, "where": situation_of(edition), "version": version, "is_preview": is_preview,
        "works_here": _works_here(request), "registers": not why_not, "to_come": to_come,
        "why_not": why_not if to_come and edition.status == ANNOUNCED else "",
        "report_paper": public_paper(year) if edition.status == CLOSED else None,
    }  # fmt: skip
    return render(request, "assises/public.html", context)


@login_not_required
@require_safe
def edition_calendar(request: HttpRequest, year: int) -> HttpResponse:
    """Return the calendar file of an edition."""
    edition, _ = _readable(request, year)
    url = request.build_absolute_uri(f"/assises/{edition.year}/")
    content = calendar_of(Source(edition, last_version(edition), url, request.get_host().split(":")[0]))
    response = HttpResponse(content, content_type=f"{media_type(PUBLISH)}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="assises-{edition.year}.ics"'
    return response


def _readable(request: HttpRequest, year: int) -> tuple[Edition, bool]:
    if edition := public_edition_of(year):
        return edition, False
    draft = edition_of(year) if _works_here(request) else None
    if draft is None:
        raise Http404
    return draft, True


def _works_here(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.has_perm(AssisesPermission.VIEW_EDITION)
