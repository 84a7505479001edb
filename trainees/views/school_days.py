"""The days of a school: when it is closed, what its usual week is."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.views.saving import saved
from schools.models import School
from schools.scope import scope_of
from trainees.forms.attendance import ClosureForm, WeekForm
from trainees.models import SchoolWeek
from trainees.operations.school_days import close_school, reopen_school, set_week
from trainees.permissions import TraineePermission
from trainees.reads.attendance import closures_of, school_in_scope, week_in_use

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def school_days(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the closures and the week of a school; a POST adds one or the other."""
    school, may_write = _find(request, pk)
    week = week_in_use(school, timezone.localdate())
    minutes = list(week.minutes) if week else list(SchoolWeek.USUAL)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    asks_week = request.method == "POST" and "semaine" in request.GET
    closure_form = ClosureForm(*([request.POST] if request.method == "POST" and not asks_week else []), school=school)
    week_form = WeekForm(*([request.POST] if asks_week else []), minutes=minutes)
    closure_form.helper.form_action, week_form.helper.form_action = request.path, f"{request.path}?semaine"
    if asks_week and week_form.is_valid():
        typed = week_form.cleaned_data
        if saved(week_form, lambda: set_week(school, typed["starts_on"], week_form.minutes(), request.user)):
            messages.success(request, "La semaine de l’école est enregistrée.")
            return redirect(request.path)
    elif closure_form.is_valid() and saved(
        closure_form,
        lambda: close_school(closure_form.save(commit=False), request.user, sending=closure_form.sending()),
    ):
        messages.success(request, "La fermeture est notée.")
        return redirect(request.path)
    failed = closure_form.errors or week_form.errors
    context = {
        "school": school, "closures": closures_of(school), "week": week, "may_write": may_write,
        "closure_form": closure_form, "week_form": week_form, "hours": sum(minutes) / 60,
        "grid": [(day, minutes[2 * number], minutes[2 * number + 1]) for number, day in enumerate(SchoolWeek.DAYS)],
    }  # fmt: skip
    return render(request, "trainees/attendance/school_days.html", context, status=UNPROCESSABLE if failed else 200)


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
    return school, request.user.has_perm(TraineePermission.FREEZE_ATTENDANCE, school)
