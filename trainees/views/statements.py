"""Monthly statements: the months of a school, and one month with what it lacks, its versions and their documents."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from e2c_portal.exports.lists import ComputedRows
from e2c_portal.kernel.errors import PortalError, Refused
from partnerships.views.saving import saved
from schools.models import School
from schools.scope import scope_of
from trainees.forms.attendance import ReasonForm, SendingForm
from trainees.models import MonthlyAttendanceStatement
from trainees.operations.statements import freeze_month, open_correction, record_sending
from trainees.permissions import TraineePermission
from trainees.reads.attendance import school_in_scope
from trainees.reads.statements import month_of, statements_visible_to
from trainees.reads.visible import own_schools
from trainees.sheets.statements import lines_of, month_lines, month_sheet
from trainees.views.attendance import number_in

PER_PAGE = 25
UNPROCESSABLE = 422


def statements_on_screen(request: HttpRequest) -> QuerySet[MonthlyAttendanceStatement] | None:
    """Return the versions of the statements in scope, those of a school when it is named; None for whoever may not read them."""
    if not request.user.has_perm(TraineePermission.VIEW_ATTENDANCE):
        return None
    rows, school = statements_visible_to(scope_of(request.user)), number_in(request, "ecole")
    return rows.filter(school=school) if school else rows


@require_safe
def statement_list(request: HttpRequest) -> HttpResponse:
    """Show the months of a school, and the versions that were made."""
    rows, scope = statements_on_screen(request), scope_of(request.user)
    school = school_in_scope(scope, number_in(request, "ecole"))
    if rows is None or school is None:
        raise Http404
    page = Paginator(rows.filter(school=school), PER_PAGE).get_page(request.GET.get("page"))
    schools = list(own_schools(scope))
    context = {
        "school": school, "schools": schools if len(schools) > 1 else [], "months": month_lines(scope, school), "page_obj": page,
    }  # fmt: skip
    return render(request, "trainees/attendance/statements.html", context)


@require_safe
def statement(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """Show one month of a school: what it lacks, its figures, its versions."""
    school, first = _find(request, pk, month)
    return _page(request, school, first)


@require_POST
def statement_freeze(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """Freeze the month and ask for its sealed statement."""
    school, first = _find(request, pk, month)
    _require_freeze(request, school)
    try:
        made = freeze_month(school, first, request.user)
    except PortalError as refusal:
        return _page(request, school, first, refusal=refusal)
    messages.success(request, f"Le mois est figé (version {made.version}). Son état mensuel se prépare.")
    return redirect(made)


@require_http_methods(["GET", "HEAD", "POST"])
def statement_correct(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """Open the next version of a frozen month, with what it corrects."""
    school, first = _find(request, pk, month)
    _require_freeze(request, school)
    form = ReasonForm(
        *([request.POST] if request.method == "POST" else []), label="Ce que cette version corrige",
        submit="Ouvrir la correction", cancel_url=_url(pk, month), help_text="Ce motif est imprimé sur la nouvelle version.",
    )  # fmt: skip
    if form.is_valid() and saved(
        form, lambda: open_correction(school, first, form.cleaned_data["reason"], request.user)
    ):
        messages.success(request, "La correction est ouverte : changez les présences, puis figez de nouveau le mois.")
        return redirect(_url(pk, month))
    context = {"form": form, "school": school, "sheet": month_sheet(scope_of(request.user), school, first)}
    return render(
        request, "trainees/attendance/statement_correct.html", context, status=UNPROCESSABLE if form.errors else 200
    )


@require_POST
def statement_send(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """Record that the version in force was sent."""
    school, first = _find(request, pk, month)
    _require_freeze(request, school)
    form, sheet = SendingForm(request.POST), month_sheet(scope_of(request.user), school, first)
    current = sheet.in_force
    if current is None:
        raise Http404
    if form.is_valid():
        typed = form.cleaned_data
        if saved(form, lambda: record_sending(current.pk, typed["sent_on"], typed["sent_to"], request.user)):
            messages.success(request, "La transmission est notée.")
            return redirect(_url(pk, month))
    return _page(request, school, first, form=form)


def lines_on_screen(request: HttpRequest) -> ComputedRows | None:
    """Return the lines of the month named in the address, those of its version in force when it is frozen."""
    school_id, month = number_in(request, "ecole"), month_of(request.GET.get("mois", ""))
    school = school_in_scope(scope_of(request.user), school_id) if school_id else None
    if school is None or month is None or not request.user.has_perm(TraineePermission.VIEW_ATTENDANCE, school):
        return None
    return ComputedRows(lines_of(scope_of(request.user), school, month))


def _page(
    request: HttpRequest,
    school: School,
    month: date,
    *,
    refusal: PortalError | None = None,
    form: SendingForm | None = None,
) -> HttpResponse:
    sheet = month_sheet(scope_of(request.user), school, month)
    shown = form or SendingForm()
    shown.helper.form_action = reverse("trainees:statement_send", args=[school.pk, f"{month:%Y-%m}"])
    may_freeze = request.user.has_perm(TraineePermission.FREEZE_ATTENDANCE, school)
    context = {
        "sheet": sheet, "school": school, "may_freeze": may_freeze, "refusal": refusal, "month_text": f"{month:%Y-%m}",
        "details": refusal.details if isinstance(refusal, Refused) else [],
        "form": shown if may_freeze and sheet.may_send else None,
    }  # fmt: skip
    failed = refusal is not None or (form is not None and bool(form.errors))
    return render(request, "trainees/attendance/statement.html", context, status=UNPROCESSABLE if failed else 200)


def _find(request: HttpRequest, pk: int, month: str) -> tuple[School, date]:
    school, first = school_in_scope(scope_of(request.user), pk), month_of(month)
    if school is None or first is None:
        raise Http404
    if not request.user.has_perm(TraineePermission.VIEW_ATTENDANCE, school):
        raise PermissionDenied
    return school, first


def _require_freeze(request: HttpRequest, school: School) -> None:
    if not request.user.has_perm(TraineePermission.FREEZE_ATTENDANCE, school):
        raise PermissionDenied


def _url(pk: int, month: str) -> str:
    return reverse("trainees:statement", args=[pk, month])
