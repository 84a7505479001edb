"""The figures that the Région published: a page that anybody reads, and the same as open data."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from e2c_portal.figures.models import PublishedYear
from e2c_portal.figures.open_data import DICTIONARY, csv_of, json_of
from e2c_portal.figures.publishing import published, versions_of, years_published

YEAR_DIGITS = 4


def shown_groups(content: Mapping[str, Any], code: str) -> list[dict[str, Any]]:
    """Return the groups of figures of one place, as a page prints them."""
    return [
        {
            "title": group["title"], "key": group["key"],
            "lines": [
                {**one, "shown": next(value for value in one["values"] if value["place"] == code)} for one in group["indicators"]
            ],
        }
        for group in content["groups"] if group["indicators"]
    ]  # fmt: skip


@login_not_required
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """Show the published figures of a year, of the network or of a department."""
    years = years_published()
    typed = request.GET.get("annee", "")
    year = (
        int(typed)
        if typed.isdecimal() and len(typed) == YEAR_DIGITS and int(typed) in years
        else next(iter(years), None)
    )
    row = published(year) if year else None
    if row is None:
        return render(request, "figures/public_none.html")
    places = row.content["places"]
    code = request.GET.get("lieu", "")
    place = next((one for one in places if one["code"] == code), places[0])
    context = {
        "row": row, "years": years, "places": places, "place": place, "groups": shown_groups(row.content, place["code"]),
        "versions": versions_of(row.year), "dictionary": DICTIONARY.items(),
    }  # fmt: skip
    return render(request, "figures/public.html", context)


@login_not_required
@require_safe
def public_csv(request: HttpRequest, year: int) -> HttpResponse:
    """Give the published figures of a year as CSV."""
    return _given(_row(year), "csv", "text/csv; charset=utf-8")


@login_not_required
@require_safe
def public_json(request: HttpRequest, year: int) -> HttpResponse:
    """Give the published figures of a year as JSON."""
    return _given(_row(year), "json", "application/json; charset=utf-8")


def _row(year: int) -> PublishedYear:
    row = published(year)
    if row is None:
        raise Http404
    return row


def _given(row: PublishedYear, extension: str, mime: str) -> HttpResponse:
    response = HttpResponse(csv_of(row) if extension == "csv" else json_of(row), content_type=mime)
    name = f"chiffres-ecoles-2e-chance-{row.year}-v{row.number}.{extension}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
