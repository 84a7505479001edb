"""The days of a school: the hours of its usual week, and when it is closed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from e2c_portal.kernel.french import day_in_letters
from partnerships.views.saving import saved
from schools.models import School
from schools.scope import scope_of
from trainees.forms.school_days import ClosureForm, SchoolWeekForm
from trainees.law.timetable import USUAL_WEEK
from trainees.operations.school_days import close_school, reopen_school, set_week
from trainees.permissions import TraineePermission
from trainees.reads.attendance import closures_of, school_in_scope
from trainees.reads.school_week import week_in_use, weeks_to_come
from trainees.sheets.school_days import week_told

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def school_days(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the week and the closures of a school; a POST adds one or the other."""
    school, may_write = _find(request, pk)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    today = timezone.localdate()
    week, to_come = week_in_use(school, today), weeks_to_come(school, today)
    hours = week.hours if week else USUAL_WEEK
    asks_week = "semaine" in request.GET
    sent = request.POST if request.method == "POST" else None
    closure_form = ClosureForm(None if asks_week else sent, school=school)
    closure_form.helper.form_action = request.path
    week_form = SchoolWeekForm(sent if asks_week else None, week=to_come[-1].hours if to_come else hours)
    if _week_said(request, school, week_form) or _closed(request, closure_form):
        return redirect(request.path)
    since = f"Depuis le {day_in_letters(week.starts_on)}" if week else "Sans indication de l’école"
    context = {
        "school": school, "may_write": may_write, "closures": closures_of(school), "said": week is not None,
        "weeks": [
            week_told(hours, since),
            *(week_told(one.hours, f"À partir du {day_in_letters(one.starts_on)}") for one in to_come),
        ],
        "closure_form": closure_form, "week_form": week_form,
    }  # fmt: skip
    failed = closure_form.errors or week_form.errors
    return render(request, "trainees/attendance/school_days.html", context, status=UNPROCESSABLE if failed else 200)


def _week_said(request: HttpRequest, school: School, form: SchoolWeekForm) -> Any:
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    week = saved(form, lambda: set_week(school, typed["starts_on"], typed["week"], request.user))
    if week:
        messages.success(request, f"La semaine est enregistrée à partir du {day_in_letters(week.starts_on)}.")
    return week


def _closed(request: HttpRequest, form: ClosureForm) -> Any:
    if not form.is_valid():
        return None
    closure = saved(form, lambda: close_school(form.save(commit=False), request.user, sending=form.sending()))
    if closure:
        messages.success(request, "La fermeture est notée.")
    return closure


@require_POST
def closure_erase(request: HttpRequest, pk: int, closure_pk: int) -> HttpResponse:
    """Erase a closure noted by mistake."""
    school, may_write = _find(request, pk)
    if not may_write:
        raise PermissionDenied
    if closure_pk in {row.pk for row in closures_of(school)}:
        reopen_school(closure_pk, request.user)
        messages.success(request, "La fermeture est effacée.")
    return redirect("trainees:school_days", pk)


def _find(request: HttpRequest, pk: int) -> tuple[School, bool]:
    school = school_in_scope(scope_of(request.user), pk)
    if school is None:
        raise Http404
    if not request.user.has_perm(TraineePermission.VIEW_ATTENDANCE, school):
        raise PermissionDenied
    return school, request.user.has_perm(TraineePermission.WRITE_SCHOOL_DAYS, school)
