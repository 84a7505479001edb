"""Imports of trainees: bring a spreadsheet, settle its columns, read what it would do, import it, take it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from e2c_portal.audit.trail import record
from e2c_portal.documents.views.fragments import fragment
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.ui.refusals import add_refusal
from schools.scope import scope_of
from trainees.exports.imports import refused_answer, template_answer
from trainees.forms.imports import TOO_LARGE, ColumnsForm, SpreadsheetForm
from trainees.models import TraineeImport
from trainees.operations.imports import (
    bring_spreadsheet,
    may_be_undone,
    request_application,
    request_check,
    request_undo,
)
from trainees.reads.imports import (
    NOT_DONE,
    figures_of,
    first_cells,
    import_visible_to,
    imports_visible_to,
    lines_of,
    schools_open_to_imports,
)
from trainees.sheets.imports import CHOICES, choices_of, progress_of, state_of, summary_of, to_apply, told_lines

PER_PAGE, IMPORTS_PER_PAGE = 50, 20
UNPROCESSABLE = 422
SETTLING = (TraineeImport.Status.MAPPING, TraineeImport.Status.READY)


@require_http_methods(["GET", "HEAD", "POST"])
def trainee_imports(request: HttpRequest) -> HttpResponse:
    """Show the form and the imports made before; read the spreadsheet that is posted."""
    scope = scope_of(request.user)
    schools = schools_open_to_imports(request.user, scope)
    if not schools:
        raise PermissionDenied
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = SpreadsheetForm(schools, *posted)
    if request.method == "POST":
        asked = _brought(request, form)
        if asked:
            return redirect("trainees:import_columns", asked.public_id)
    page = Paginator(imports_visible_to(request.user, scope), IMPORTS_PER_PAGE).get_page(request.GET.get("page"))
    for past in page:
        past.where = state_of(past)
    context = {"form": form, "page_obj": page, "several_schools": len(schools) > 1}
    return render(request, "trainees/imports.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_GET
def import_template(request: HttpRequest) -> HttpResponseBase:
    """Give the workbook to fill in."""
    if not schools_open_to_imports(request.user, scope_of(request.user)):
        raise PermissionDenied
    return template_answer()


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def import_columns(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what each column is taken for; on posting, ask for the check of every line."""
    asked = _found(request, public_id)
    if asked.status not in SETTLING:
        return redirect(asked)
    form = ColumnsForm(asked, first_cells(asked), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _check_asked(request, form, asked):
        return redirect(asked)
    context = {"form": form, "asked": asked}
    return render(request, "trainees/import_columns.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_GET
@never_cache
def trainee_import(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what a spreadsheet would do, or did, line by line; how far the work is while it goes on."""
    asked = _found(request, public_id)
    if asked.status == TraineeImport.Status.MAPPING:
        return redirect("trainees:import_columns", asked.public_id)
    return render(request, "trainees/import.html", _context(request, asked))


@require_GET
@never_cache
def import_progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give the part of the page that changes; nothing when the page shows it already."""
    asked = _found(request, public_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(asked)
    context = _context(request, asked) | {"announced": not asked.is_under_way}
    return fragment(request, "trainees/fragments/live_import.html", context, token=context["token"])


@require_POST
def import_apply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for the import of the lines that were checked."""
    asked = _found(request, public_id)
    try:
        request_application(asked.pk, request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    return redirect(asked)


@require_POST
def import_undo(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for an import to be taken back."""
    asked = _found(request, public_id)
    try:
        request_undo(asked.pk, request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    return redirect(asked)


@require_GET
@never_cache
def import_refused(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Give the lines refused with their reasons, as a workbook; who took it is traced."""
    asked = _found(request, public_id)
    lines = lines_of(asked, NOT_DONE)
    how_many = counted(lines.count(), "ligne", "lignes")
    record(
        request.user, "export", request.user, f"Export XLSX des lignes refusées de « {asked.file_name} » : {how_many}",
        list="lignes-refusees", format="xlsx", filters={"import": str(asked.public_id)}, rows=lines.count(),
    )  # fmt: skip
    response = refused_answer(asked, lines)
    name = f"lignes-refusees-{asked.file_name.rsplit('.', 1)[0]}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _brought(request: HttpRequest, form: SpreadsheetForm) -> TraineeImport | None:
    if getattr(request, "upload_too_large", False):
        form.errors.clear()
        form.add_error("file", TOO_LARGE)
        return None
    if not form.is_valid():
        return None
    try:
        return bring_spreadsheet(form.cleaned_data["file"], form.chosen_school(), request.user)
    except PortalError as refusal:
        add_refusal(form, refusal)
        return None


def _check_asked(request: HttpRequest, form: ColumnsForm, asked: TraineeImport) -> bool:
    told = form.cleaned_data
    try:
        request_check(
            asked.pk, form.mapping(), request.user,
            trial_weeks=told["trial_weeks"], records_arrivals=told["records_arrivals"],
        )  # fmt: skip
    except PortalError as refusal:
        add_refusal(form, refusal)
        return False
    return True


def _found(request: HttpRequest, public_id: UUID) -> TraineeImport:
    asked = import_visible_to(request.user, scope_of(request.user), public_id)
    if asked is None:
        raise Http404
    return asked


def _context(request: HttpRequest, asked: TraineeImport) -> dict[str, Any]:
    # The lines of an old import are gone; what was counted when it ended stays.
    live = figures_of(asked)
    figures = live if asked.is_under_way or not asked.figures else asked.figures
    choices = choices_of(figures)
    shown = request.GET.get("voir", "")
    shown = shown if shown in dict(CHOICES) and shown in {choice.value for choice in choices} else ""
    page = Paginator(lines_of(asked, shown), PER_PAGE).get_page(request.GET.get("page"))
    progress = progress_of(asked, live)
    return {
        "asked": asked,
        "where": state_of(asked),
        "summary": summary_of(asked, figures),
        "choices": choices,
        "shown": shown,
        "page_obj": page,
        "lines": told_lines(page) if not asked.is_under_way else [],
        "to_apply": to_apply(figures),
        "refused": live[NOT_DONE],
        "may_apply": asked.status == TraineeImport.Status.READY and to_apply(figures) > 0,
        "may_undo": may_be_undone(asked),
        "may_settle": asked.status == TraineeImport.Status.READY,
        "progress": progress,
        "token": f"{asked.status}-{progress.done if progress else 0}",
        "announced": False,
    }
