"""Attendance sheets: print the one of a checkpoint, then enter what was signed on it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assises.models import Checkpoint, Edition
from assises.operations.badges import print_sheet
from assises.operations.paper import enter_sheet
from assises.reads.door import checkpoints_of, expected_at
from assises.reads.paper import signed_there
from assises.views.door import find_kept_door
from assises.views.editions import UNPROCESSABLE, show_or_save
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted

PER_PAGE = 50


@require_POST
def sheet_print(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Ask for the attendance sheet of a checkpoint, and follow its making."""
    edition = find_kept_door(request, year)
    checkpoint = _checkpoint(edition, pk)
    user: Any = request.user
    try:
        document = print_sheet(checkpoint, user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
        return redirect("assises:door", year)
    return redirect("documents:download", document.public_id)


@show_or_save
def sheet_entry(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Show those expected at a checkpoint, fifty a page as on paper, and count those who signed."""
    edition = find_kept_door(request, year)
    checkpoint = _checkpoint(edition, pk)
    page = Paginator(expected_at(checkpoint), PER_PAGE).get_page(request.GET.get("page"))
    chosen, refusal = _chosen(request, page), ""
    if request.method == "POST":
        user: Any = request.user
        try:
            added = enter_sheet(checkpoint, chosen, user)
        except PortalError as error:
            refusal = error.message
        else:
            messages.success(
                request, f"Page {page.number} : {counted(added, 'présence ajoutée', 'présences ajoutées')}."
            )
            return redirect(_next(year, checkpoint, page))
    there = signed_there(checkpoint, [row.pk for row in page])
    context = {
        "edition": edition, "checkpoint": checkpoint, "page_obj": page, "refusal": refusal,
        "lines": [(row, there.get(row.pk, ""), row.pk in chosen) for row in page],
    }  # fmt: skip
    return render(request, "assises/door/sheet.html", context, status=UNPROCESSABLE if refusal else 200)


def _chosen(request: HttpRequest, page: Page) -> set[int]:
    """Return who is ticked, among those of this page alone."""
    ticked = set(request.POST.getlist("present"))
    return {row.pk for row in page if str(row.pk) in ticked}


def _next(year: int, checkpoint: Checkpoint, page: Page) -> str:
    number = page.next_page_number() if page.has_next() else page.number
    return f"{reverse('assises:sheet_entry', args=[year, checkpoint.pk])}?page={number}"


def _checkpoint(edition: Edition, pk: int) -> Checkpoint:
    checkpoint = checkpoints_of(edition).filter(pk=pk).first()
    if checkpoint is None:
        raise Http404
    checkpoint.edition = edition
    return checkpoint
