"""Give a list as a file. Whoever may not read the list is told that it does not exist."""

from collections.abc import Iterator, Sequence

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from e2c_portal.audit.trail import record
from e2c_portal.exports.asking import ask_who_is_there
from e2c_portal.exports.cells import Cell, cell
from e2c_portal.exports.formats import FORMATS
from e2c_portal.exports.lists import Column, Listing, Rows, listing_named
from e2c_portal.kernel.french import counted

ROWS_AT_ONCE = 500


@require_GET
@never_cache
def export(request: HttpRequest, name: str, extension: str) -> HttpResponseBase:
    """Answer the rows that the list of that name shows for the same parameters, all its pages together.

    A list of people asks first who is there, unless they proved it lately.
    """
    listing, chosen = listing_named(name), FORMATS.get(extension)
    rows = listing.rows(request) if listing and chosen else None
    if listing is None or chosen is None or rows is None:
        raise Http404
    if listing.personal:
        ask_who_is_there(request)
    _leave_a_trace(request, listing, extension, rows.count())
    columns = listing.columns_for(request)
    response = chosen.answer(listing.title, columns, _cells(columns, rows))
    response["Content-Disposition"] = content_disposition_header(True, _file_name(listing, extension))
    return response


def _cells(columns: Sequence[Column], rows: Rows) -> Iterator[Sequence[Cell]]:
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        yield [cell(column.value(row)) for column in columns]


def _leave_a_trace(request: HttpRequest, listing: Listing, extension: str, count: int) -> None:
    """Say who took which list with which filters: the trail of that person's own account."""
    asked = {key: request.GET.getlist(key) for key in request.GET if key != "page" and any(request.GET.getlist(key))}
    summary = f"Export {extension.upper()} de « {listing.title} » : {counted(count, 'ligne', 'lignes')}"
    record(
        request.user, "export", request.user, summary,
        list=listing.name, format=extension, filters=asked, rows=count,
    )  # fmt: skip


def _file_name(listing: Listing, extension: str) -> str:
    return f"{listing.name}-{timezone.localdate().isoformat()}.{extension}"
