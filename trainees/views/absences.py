"""Absences: the list of those to justify, the decision of each, its paper; and what tutors reported."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from e2c_portal.documents import storage
from e2c_portal.documents.received_files import ENDINGS
from e2c_portal.documents.views.handing_over import file_response
from e2c_portal.kernel.errors import PortalError, Refused
from e2c_portal.kernel.french import counted
from e2c_portal.ui.refusals import note_too_large
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.attendance import AbsenceSearchForm, JustifyForm, ReasonForm, ReportSearchForm
from trainees.models import AttendanceHalfDay, TutorReport
from trainees.operations.presence import justify, trace_reading
from trainees.operations.tutor_reports import confirm_report, set_report_aside
from trainees.permissions import TraineePermission
from trainees.reads.attendance import absence_known_to, absences, proof_known_to, reports_visible_to, same_spell

PER_PAGE = 25
UNPROCESSABLE = 422
show_or_save = require_http_methods(["GET", "HEAD", "POST"])


def absences_on_screen(request: HttpRequest) -> QuerySet[AttendanceHalfDay] | None:
    """Return the absences that match, all pages together; None for whoever may not read them."""
    if not request.user.has_perm(TraineePermission.VIEW_ATTENDANCE):
        return None
    return absences(scope_of(request.user), AbsenceSearchForm(request.GET).wanted())


@require_safe
def absence_list(request: HttpRequest) -> HttpResponse:
    """Show the absences that match, those to justify first of all."""
    rows = absences_on_screen(request)
    if rows is None:
        raise Http404
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    waiting = reports_visible_to(scope_of(request.user)).filter(status="reported").count()
    context = {"form": AbsenceSearchForm(request.GET), "page_obj": page, "waiting": waiting}
    return render(request, "trainees/attendance/absences.html", context)


@show_or_save
def absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one absence; a POST says whether it is justified."""
    found = absence_known_to(scope_of(request.user), pk)
    if found is None:
        raise Http404
    may_write = request.user.has_perm(TraineePermission.WRITE_ATTENDANCE, found) and found.state == "absent"
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    others = same_spell(found) if may_write else []
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = JustifyForm(*sent, absence=found, others=others, cancel_url=reverse("trainees:absences"))
    note_too_large(form, request, "proof")
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        if covered := saved(form, lambda: justify(pk, form.justification(), seen, request.user)):
            messages.success(
                request, f"Décision enregistrée pour {counted(len(covered), 'demi-journée', 'demi-journées')}."
            )
            return redirect("trainees:absences")
    context = {
        "absence": found, "form": form if may_write else None, "may_write": may_write,
        # A reason may tell of health: it is read by the team of the school alone.
        "may_read": request.user.has_perm(TraineePermission.WRITE_ATTENDANCE, found),
    }  # fmt: skip
    return render(request, "trainees/attendance/absence.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_GET
@never_cache
def absence_proof(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give the paper of an absence, as a file to keep, to the team of the school alone; each reading is traced."""
    proof = proof_known_to(scope_of(request.user), public_id)
    if proof is None:
        raise Http404
    if not request.user.has_perm(TraineePermission.WRITE_ATTENDANCE, proof):
        raise PermissionDenied
    try:
        content = storage.read(proof.file, sha256=proof.sha256)
    except PortalError as fault:
        messages.error(request, fault.message)
        return redirect("trainees:absences")
    trace_reading(proof, request.user)
    return file_response(content, f"justificatif-{proof.public_id}.{ENDINGS[proof.mime]}", proof.mime, attached=True)


def reports_on_screen(request: HttpRequest) -> QuerySet[TutorReport] | None:
    """Return the reports that match, all pages together; None for whoever may not read them."""
    if not request.user.has_perm(TraineePermission.VIEW_ATTENDANCE):
        return None
    rows, status = reports_visible_to(scope_of(request.user)), ReportSearchForm(request.GET).status()
    return rows.filter(status=status) if status else rows


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Show what tutors reported, those that wait first of all."""
    rows = reports_on_screen(request)
    if rows is None:
        raise Http404
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "trainees/attendance/reports.html", {"form": ReportSearchForm(request.GET), "page_obj": page}
    )


@show_or_save
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a tutor reported; a POST sets it aside, with a reason."""
    found = get_object_or_404(reports_visible_to(scope_of(request.user)), pk=pk)
    may_write = request.user.has_perm(TraineePermission.WRITE_ATTENDANCE, found)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = ReasonForm(
        *([request.POST] if request.method == "POST" else []),
        label="Pourquoi l’écarter",
        submit="Écarter ce signalement",
    )
    if form.is_valid() and saved(form, lambda: set_report_aside(pk, form.cleaned_data["reason"], request.user)):
        messages.success(request, "Le signalement est écarté.")
        return redirect("trainees:reports")
    context = {"report": found, "form": form, "may_write": may_write and found.status == "reported"}
    return render(request, "trainees/attendance/report.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def report_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Note in the presences what a tutor reported."""
    found = get_object_or_404(reports_visible_to(scope_of(request.user)), pk=pk)
    if not request.user.has_perm(TraineePermission.WRITE_ATTENDANCE, found):
        raise PermissionDenied
    try:
        confirm_report(pk, request.user)
    except PortalError as refusal:
        details = refusal.details if isinstance(refusal, Refused) else []
        messages.error(request, " ".join([refusal.message, *details]))
        return redirect(found)
    messages.success(request, "Le signalement est noté dans les présences.")
    return redirect("trainees:reports")
