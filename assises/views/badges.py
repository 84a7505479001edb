"""Badges: for everybody or for some, in sheets to cut; the badge of one person again."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assises.forms.badges import BadgeForm
from assises.models import Edition
from assises.operations.badges import print_badges, reprint_badge
from assises.permissions import AssisesPermission
from assises.reads.badges import schools_of, sheets_made
from assises.reads.door import people_named
from assises.sheets.door import found_people
from assises.views.editions import UNPROCESSABLE, find_edition, show_or_save
from e2c_portal.documents.models import Batch
from e2c_portal.documents.states import state_named
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.submissions import record_of
from partnerships.views.saving import saved


@show_or_save
def badges(request: HttpRequest, year: int) -> HttpResponse:
    """Ask for badges, follow those that were asked for, look for the one to print again."""
    edition = _managed(request, year)
    form = BadgeForm(request.POST or None, schools=schools_of(edition))
    user: Any = request.user
    if sent_before := record_of(form.sending(), user, Batch):
        return redirect("documents:batch", sent_before.public_id)
    if form.is_valid() and (
        batch := saved(form, lambda: print_badges(edition, form.choice(), user, sending=form.sending()))
    ):
        return redirect("documents:batch", batch.public_id)
    typed = request.GET.get("nom", "")
    context = {
        "edition": edition, "form": form, "typed": typed, "found": found_people(people_named(edition, typed)),
        "sheets": [(row, paper, state_named(paper.status) if paper else None) for row, paper in sheets_made(edition)],
    }  # fmt: skip
    return render(request, "assises/door/badges.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def badge_one(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Print the badge of one person again."""
    edition = _managed(request, year)
    user: Any = request.user
    try:
        document = reprint_badge(edition, pk, user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse('assises:badges', args=[year])}?{urlencode({'nom': request.POST.get('nom', '')})}")
    return redirect("documents:download", document.public_id)


def _managed(request: HttpRequest, year: int) -> Edition:
    edition = find_edition(request, year)
    if not request.user.has_perm(AssisesPermission.MANAGE_REGISTRATIONS):
        raise PermissionDenied
    return edition
