"""The page « Historique » of any record, for whoever may read the record itself; out of their reach it does not exist."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from e2c_portal.audit.forms import HistoryForm
from e2c_portal.audit.histories import history_of, name_of
from e2c_portal.audit.history import Asked, authors_of, page_of


@require_safe
def history(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Show who changed what, when and why, latest first."""
    found = history_of(request, name, pk)
    if found is None:
        raise Http404
    told, row = found
    # The number of a request is found again in the logs: of use to those who control, noise for the others.
    controls = getattr(request.user, "reads_the_network", False)
    seen = Asked(everything=controls)
    form = HistoryForm(request.GET, authors_of(row, told, seen))
    asked = form.asked(seen)
    page = page_of(row, told, asked, request.GET.get("page"))
    context = {
        "name": name_of(row),
        "kind": str(row._meta.verbose_name),
        "record_url": told.url(row),
        "form": form,
        "asks": any((asked.since, asked.until, asked.author)),
        "page_obj": page,
        "shows_requests": controls,
    }
    return render(request, "audit/history.html", context)
