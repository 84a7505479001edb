"""The report of an edition: its page, its closing, its corrections, its files."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assises.documents.report import WORKBOOK_NAME
from assises.forms.report import FactForm, ReviseForm
from assises.models import Edition
from assises.operations.closing import close_edition, revise
from assises.operations.told_facts import remove_fact, tell_fact
from assises.permissions import AssisesPermission
from assises.reads.editions import situation_of
from assises.reads.report import public_paper, sealed_paper
from assises.sheets.report import report_sheet
from assises.views.editions import act, find_edition, require_preparing, show_or_save
from e2c_portal.documents.models import Document
from e2c_portal.documents.views.handing_over import public_file
from e2c_portal.exports.workbook import XLSX_MIME
from e2c_portal.kernel.errors import PortalError
from partnerships.views.saving import saved

UNAVAILABLE = 503
NOT_READ = "Le bilan ne peut pas être lu pour le moment. Réessayez dans quelques minutes."


@require_safe
def report_page(request: HttpRequest, year: int) -> HttpResponse:
    """Show the report of an edition: a preview to whoever closes it, the version in force once it is closed."""
    edition = find_edition(request, year)
    closes = request.user.has_perm(AssisesPermission.CLOSE_EDITION)
    context = {
        "edition": edition, "where": situation_of(edition), "closes": closes, "sheet": report_sheet(edition, closes=closes),
        "facts": list(edition.told_facts.all()) if closes else [],
        "photo_count": edition.photos.count() if closes else 0,
    }  # fmt: skip
    return render(request, "assises/report.html", context)


@require_POST
def report_close(request: HttpRequest, year: int) -> HttpResponse:
    """Close the edition and freeze its report."""
    edition = _to_close(request, year)
    user: Any = request.user
    try:
        close_edition(edition.pk, user, request.POST.get("seen"))
    except PortalError as refusal:
        for sentence in (refusal.message, *refusal.details):
            messages.error(request, sentence)
    else:
        messages.success(request, "L’édition est clôturée et son bilan figé. Le document se prépare.")
    return redirect("assises:report", year)


@show_or_save
def report_revise(request: HttpRequest, year: int) -> HttpResponse:
    """Freeze a new version of the report, with the reason."""
    edition = _to_close(request, year)
    form = ReviseForm(request.POST or None, cancel_url=reverse("assises:report", args=[year]))
    user: Any = request.user
    if form.is_valid() and (made := saved(form, lambda: revise(edition.pk, form.cleaned_data["reason"], user))):
        messages.success(request, f"La version {made.number} du bilan est figée. Le document se prépare.")
        return redirect(made)
    return act(request, edition, form, "Corriger le bilan")


@show_or_save
def fact_new(request: HttpRequest, year: int) -> HttpResponse:
    """Write a fact told by a source."""
    require_preparing(request)
    edition = find_edition(request, year)
    back = reverse("assises:report", args=[year])
    form = FactForm(request.POST or None, edition=edition, cancel_url=back)
    user: Any = request.user
    if form.is_valid() and saved(form, lambda: tell_fact(form.instance, user)):
        messages.success(request, "Le fait est noté avec sa source.")
        return redirect(f"{back}#sources")
    return act(request, edition, form, "Noter un fait rapporté par une source")


@require_POST
def fact_remove(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Remove a fact; the reports already frozen keep it."""
    require_preparing(request)
    edition = find_edition(request, year)
    user: Any = request.user
    remove_fact(edition.pk, pk, user)
    messages.success(request, "Le fait est retiré ; un bilan déjà figé le garde.")
    return redirect("assises:report", year)


@login_not_required
@require_safe
def report_paper(request: HttpRequest, year: int) -> HttpResponse:
    """Give anybody the sealed report of a closed edition, the last one sealed."""
    document = public_paper(year)
    if document is None:
        raise Http404
    return _given(document, f"bilan-assises-{year}.pdf", "application/pdf")


@login_not_required
@require_safe
def report_workbook(request: HttpRequest, year: int) -> HttpResponse:
    """Give anybody the workbook sealed with the report of a closed edition, the last one sealed."""
    document = public_paper(year)
    if document is None:
        raise Http404
    return _given(document, f"bilan-assises-{year}.xlsx", XLSX_MIME)


@require_safe
def version_workbook(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Give the workbook sealed with one version of a report."""
    document = sealed_paper(find_edition(request, year), number)
    if document is None:
        raise Http404
    return _given(document, f"bilan-assises-{year}-v{number}.xlsx", XLSX_MIME)


def _given(document: Document, name: str, mime: str) -> HttpResponse:
    """Answer with the sealed bytes, or with the workbook that they carry."""
    return public_file(document, name, mime, unread=NOT_READ, carried=WORKBOOK_NAME if mime == XLSX_MIME else "")


def _to_close(request: HttpRequest, year: int) -> Edition:
    edition = find_edition(request, year)
    if not request.user.has_perm(AssisesPermission.CLOSE_EDITION):
        raise PermissionDenied
    return edition
