"""Every scan of an edition, those refused with their reason; void one that should not have counted."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assises.exports.scans import SCAN_COLUMNS
from assises.forms.door import ScanFilter, VoidForm
from assises.models import Scan
from assises.operations.voiding import void_scan
from assises.permissions import AssisesPermission
from assises.reads.editions import edition_of
from assises.reads.scans import scan_of, scans_shown
from assises.views.door import find_door, find_kept_door, may_keep
from assises.views.editions import act, show_or_save
from e2c_portal.exports.lists import Listing, register
from e2c_portal.ui.pages import ShortPaginator
from partnerships.views.saving import saved

PER_PAGE = 50
LIST = "passages"


@require_safe
def scan_list(request: HttpRequest, year: int) -> HttpResponse:
    """Show the scans of an edition, the latest first."""
    edition = find_door(request, year)
    form = ScanFilter(request.GET, edition)
    chosen = form.chosen()
    page = ShortPaginator(scans_shown(edition, chosen), PER_PAGE).get_page(request.GET.get("page"))
    filters = {name: getattr(value, "pk", value) for name, value in chosen.items()}
    context = {
        "edition": edition, "form": form, "page_obj": page, "filters": filters, "keeps": may_keep(request),
        "filtered": any(filters.values()),
    }  # fmt: skip
    return render(request, "assises/door/scans.html", context)


@show_or_save
def scan_void(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Void a scan that counted, with a reason."""
    edition = find_kept_door(request, year)
    scan = scan_of(edition, pk)
    if scan is None or scan.outcome != Scan.Outcome.OK:
        raise Http404
    here = reverse("assises:scans", args=[year])
    form = VoidForm(request.POST or None, cancel_url=here)
    user: Any = request.user
    if form.is_valid() and saved(form, lambda: void_scan(scan.pk, form.cleaned_data["reason"], user)):
        messages.success(request, "Le passage est annulé : cette personne peut être scannée de nouveau.")
        return redirect(here)
    return act(request, edition, form, "Annuler un passage")


def scans_on_screen(request: HttpRequest) -> QuerySet[Scan] | None:
    """Return the scans of the edition named by `edition`, all pages together; None for whoever may not read them."""
    year = request.GET.get("edition", "")
    if not year.isdecimal() or not request.user.has_perm(AssisesPermission.VIEW_DOOR):
        return None
    edition = edition_of(int(year[:6]))
    return scans_shown(edition, ScanFilter(request.GET, edition).chosen()) if edition else None


def register_list() -> None:
    """Let the scans leave as a file."""
    register(Listing(LIST, "Passages à la porte", SCAN_COLUMNS, scans_on_screen))
