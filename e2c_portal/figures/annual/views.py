"""The yearly reports: the public list and files; for the Région, the page where one is prepared, previewed, published."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from e2c_portal.documents.models import Document
from e2c_portal.documents.views.handing_over import public_file
from e2c_portal.exports.workbook import XLSX_MIME
from e2c_portal.figures.annual.content import years_to_report
from e2c_portal.figures.annual.document import WORKBOOK_NAME
from e2c_portal.figures.annual.forms import IntroductionForm, PublishForm
from e2c_portal.figures.annual.models import AnnualReportDraft
from e2c_portal.figures.annual.operations import publish, write_introduction
from e2c_portal.figures.annual.reads import draft_of, published_years, sealed_paper
from e2c_portal.figures.annual.sheet import report_sheet
from e2c_portal.figures.permissions import FigurePermission
from partnerships.views.saving import saved

UNAVAILABLE, UNPROCESSABLE, PDF = 503, 422, "application/pdf"
NOT_READ = "Le rapport ne peut pas être lu pour le moment. Réessayez dans quelques minutes."
show_or_save = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Show anybody the reports that are published; to whoever publishes them, the years to report too."""
    published = published_years()
    prepares = request.user.has_perm(FigurePermission.PUBLISH) if request.user.is_authenticated else False
    years = years_to_report(timezone.localdate().year) if prepares else []
    context = {
        "published": list(published.values()), "prepares": prepares, "to_make": [year for year in years if year not in published],
    }  # fmt: skip
    return render(request, "figures/reports.html", context)


@never_cache
@show_or_save
def report_page(request: HttpRequest, year: int) -> HttpResponse:
    """Show the preview of a report and its versions to whoever publishes it; a POST keeps its introduction."""
    user = _publishes(request, year)
    row = draft_of(year) or AnnualReportDraft(year=year)
    form = IntroductionForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        seen = form.seen() if row.pk else None
        if saved(form, lambda: write_introduction(year, form.cleaned_data["introduction"], seen, user)):
            messages.success(request, "L’introduction est enregistrée. L’aperçu ci-dessous la contient.")
            return redirect("figures:report", year)
    return _page(request, year, form, UNPROCESSABLE if form.errors else 200)


@require_POST
def report_publish(request: HttpRequest, year: int) -> HttpResponse:
    """Freeze the report that was previewed and have it sealed."""
    user = _publishes(request, year)
    sheet = report_sheet(year)
    form = PublishForm(request.POST, seen=sheet.data_sha256, corrects=bool(sheet.versions))
    if form.is_valid():
        typed = form.cleaned_data
        made = saved(form, lambda: publish(year, typed["seen"], user, reason=typed.get("reason", "")))
        if made:
            messages.success(
                request, f"La version {made.number} est arrêtée. Le document se prépare ; scellé, il est public."
            )
            return redirect("figures:report", year)
    row = draft_of(year) or AnnualReportDraft(year=year)
    return _page(request, year, IntroductionForm(instance=row), UNPROCESSABLE, publishing=form)


def _page(
    request: HttpRequest, year: int, form: IntroductionForm, status: int, *, publishing: PublishForm | None = None
) -> HttpResponse:  # fmt: skip
    sheet = report_sheet(year)
    if publishing is None:
        publishing = PublishForm(seen=sheet.data_sha256, corrects=bool(sheet.versions))
    elif publishing.errors:
        # What is shown now is what will be published next: the figures may have moved since the page was opened.
        publishing.data = publishing.data.copy()
        publishing.data["seen"] = sheet.data_sha256
    context = {"year": year, "sheet": sheet, "form": form, "publishing": publishing, "year_before": year - 1}
    return render(request, "figures/report.html", context, status=status)


def _publishes(request: HttpRequest, year: int) -> Any:
    if not request.user.has_perm(FigurePermission.PUBLISH):
        raise PermissionDenied
    if year not in years_to_report(timezone.localdate().year):
        raise Http404
    return request.user


@login_not_required
@require_safe
def report_paper(request: HttpRequest, year: int) -> HttpResponse:
    """Give anybody the sealed report of a year, the last version sealed."""
    return _given(sealed_paper(year), f"rapport-activite-{year}.pdf", PDF)


@login_not_required
@require_safe
def report_workbook(request: HttpRequest, year: int) -> HttpResponse:
    """Give anybody the workbook sealed with the report of a year, the last version sealed."""
    return _given(sealed_paper(year), f"rapport-activite-{year}.xlsx", XLSX_MIME)


def _given(document: Document | None, name: str, mime: str) -> HttpResponse:
    """Answer with the sealed bytes, or with the workbook that they carry."""
    return public_file(document, name, mime, unread=NOT_READ, carried=WORKBOOK_NAME if mime == XLSX_MIME else "")
