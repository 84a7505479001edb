"""The first page of the day, and the calendar of the school."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from e2c_portal.accounts.models import User
from e2c_portal.kernel.kept_pages import kept
from schools.forms import SchoolSearchForm
from schools.models import School
from schools.queries import schools_searched
from schools.scope import Scope, roles_by_school, scope_of, standing_of
from trainees.forms.boards import ChoiceForm
from trainees.permissions import TraineePermission, works_in_the_school
from trainees.reads.accidents import accidents_told
from trainees.reads.attendance import absent_on
from trainees.reads.news import stamp_of
from trainees.reads.school_days import counts_by_school
from trainees.reads.visible import own_schools, school_numbered
from trainees.sheets.assessment_list import assessments_waiting
from trainees.sheets.board import accident_alerts, board_of, school_lines
from trainees.sheets.calendar import month_of

SOME_MONTHS = range(2000, 2101)
SCHOOLS_PER_PAGE = 25


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show the board of the chosen school; without one, the figures of the schools in scope, without a name.

    It is kept ready until something of these schools changes (reads.news), for each person and choice.
    """
    if not request.user.has_perm(TraineePermission.VIEW_TRAINEE):
        raise PermissionDenied
    day = timezone.localdate()
    stands_on = [day, _is_live(request), request.META.get("QUERY_STRING", ""), *standing_of(request.user)]
    shown = _shown(request)
    stamp = "" if shown is None else stamp_of(shown)
    return kept(request, "trainees:board", stamp, stands_on, lambda: _drawn_board(request, day))


def _shown(request: HttpRequest) -> Collection[int] | None:
    """Return the numbers of the schools that the board may show; None for the whole network at once, of which something always changes."""
    if not request.user.reads_the_network:  # type: ignore[union-attr]
        return roles_by_school(request.user)
    asked = school_numbered(request.GET.get("ecole", ""))
    return None if asked is None else [asked]


def _is_live(request: HttpRequest) -> bool:
    """Say whether a script asks for the board alone, to put it in the page that is there."""
    return bool(request.htmx and not request.htmx.boosted)  # type: ignore[attr-defined]


def _drawn_board(request: HttpRequest, day: date) -> HttpResponse:
    scope = scope_of(request.user)
    form = _choice(request, scope)
    chosen = form.chosen()
    if chosen is None:
        return _schools(request, form.schools, day)
    context = {
        "form": form, "chosen": chosen, "accidents": accident_alerts(accidents_told(scope, chosen.school.pk)),
        "board": board_of(chosen, day, absent_on(chosen.school.pk, day)), "day": day,
        "may_add": request.user.has_perm(TraineePermission.ADD_TRAINEE, chosen.school),
        "narrowed": bool(chosen.site or chosen.referent),
        "assessments": assessments_waiting(scope, chosen.school.pk),
    }  # fmt: skip
    return render(request, f"trainees/boards/{'fragments/' if _is_live(request) else ''}board.html", context)


def _schools(request: HttpRequest, schools: QuerySet[School], day: date) -> HttpResponse:
    """Show the schools that match, a page of them at a time: the figures are counted for those of the page alone."""
    search = SchoolSearchForm(request.GET)
    page = Paginator(schools_searched(schools, search.words()), SCHOOLS_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    lines = school_lines(shown, counts_by_school([school.pk for school in shown], day), reverse("trainees:board"))
    context = {"day": day, "lines": lines, "page_obj": page, "search": search}
    return render(request, "trainees/boards/schools.html", context)


@require_safe
def calendar(request: HttpRequest, year: int | None = None, month: int | None = None) -> HttpResponse:
    """Show a month of the school: what begins, what ends, how many are in a company."""
    today = timezone.localdate()
    first = _first_day(year or today.year, month or today.month)
    form = _choice(request, scope_of(request.user))
    chosen = form.chosen()
    if chosen is None:
        return render(request, "trainees/boards/calendar_schools.html", {"schools": form.schools})
    context = {
        "form": form,
        "chosen": chosen,
        "month": month_of(chosen, first, today),
        "query": request.GET.urlencode(),
    }
    return render(request, "trainees/boards/calendar.html", context)


def _first_day(year: int, month: int) -> date:
    if year not in SOME_MONTHS or not 1 <= month <= 12:
        raise Http404
    return date(year, month, 1)


def _choice(request: HttpRequest, scope: Scope) -> ChoiceForm:
    if not request.user.has_perm(TraineePermission.VIEW_TRAINEE):
        raise PermissionDenied
    user = request.user
    assert isinstance(user, User)  # noqa: S101  the middleware lets nobody else in
    return ChoiceForm(request.GET, own_schools(scope), user)


def board_for_all(user: object) -> bool:
    """Say whether somebody has a school of their own, whose board is their first page."""
    return bool(works_in_the_school(user))
