"""The agreements that wait for a signature, and those that came late, as a list and as a file."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from e2c_portal.exports.lists import Listing, register
from schools.scope import scope_of
from trainees.exports.agreements import WAITING_COLUMNS
from trainees.forms.agreements import WaitingForm
from trainees.models import Internship
from trainees.permissions import TraineePermission
from trainees.reads.agreements import agreements_waiting, overdue_count
from trainees.sheets.waiting_line import WaitingLine, waiting_lines

PER_PAGE = 25
LIST = "conventions-de-stage-a-signer"


def waiting_on_screen(request: HttpRequest) -> QuerySet[Internship] | None:
    """Return the internships of the list, all pages together; None for whoever may not read them."""
    if not request.user.has_perm(TraineePermission.VIEW_INTERNSHIP):
        return None
    reader: Any = request.user
    return agreements_waiting(scope_of(reader), WaitingForm(request.GET).narrowed(), reader)


@require_safe
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Show what waits, the nearest first day first."""
    rows = waiting_on_screen(request)
    if rows is None:
        raise Http404
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines: Sequence[WaitingLine] = waiting_lines(list(page.object_list))
    form = WaitingForm(request.GET)
    context = {
        "page_obj": page, "lines": lines, "form": form, "narrowed": form.narrowed(),
        "overdue": overdue_count(scope_of(request.user)), "several_schools": scope_of(request.user).whole_network,
    }  # fmt: skip
    return render(request, "trainees/agreements_waiting.html", context)


def register_list() -> None:
    """Register the list as a file."""
    register(Listing(LIST, "Conventions de stage à signer", WAITING_COLUMNS, waiting_on_screen))
