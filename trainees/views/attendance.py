"""Presences: the day of a group in one screen, the week of a trainee."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from e2c_portal.kernel.errors import PortalError, Refused
from e2c_portal.kernel.french import counted
from schools.models import School
from schools.scope import scope_of
from trainees.forms.attendance import GroupForm, day_named
from trainees.forms.day_grid import ALL_PRESENT, entries_of
from trainees.operations.presence import Entry, Saved, save_entries
from trainees.permissions import TraineePermission
from trainees.reads.attendance import (
    Group,
    pathways_of_week,
    referents_of,
    school_in_scope,
    sites_of,
    trainee_followed_by,
)
from trainees.reads.school_week import hours_on
from trainees.reads.visible import own_schools
from trainees.sheets.attendance import Sent, day_sheet, week_sheet

UNPROCESSABLE = 422
DIGITS = 10
show_or_save = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def attendance(request: HttpRequest) -> HttpResponse:
    """Lead to the day chosen in the address, today unless said."""
    chosen = day_named(request.GET.get("jour", "")) or timezone.localdate()
    query = request.GET.copy()
    query.pop("jour", None)
    return redirect(
        reverse("trainees:attendance_day", args=[chosen.isoformat()]) + (f"?{query.urlencode()}" if query else "")
    )


@show_or_save
def attendance_day(request: HttpRequest, day: str) -> HttpResponse:
    """Show the day of a group; a POST writes what was changed of it, and keeps on screen what was not."""
    chosen = day_named(day)
    school = school_in_scope(scope_of(request.user), number_in(request, "ecole"))
    if chosen is None or school is None:
        raise Http404
    _require(request, TraineePermission.VIEW_ATTENDANCE, school)
    form = GroupForm(request.GET, list(own_schools(scope_of(request.user))), sites_of(school), referents_of(school))
    group = Group(school, form.chosen("site"), form.chosen("referent"), bool(form.chosen("vide")))
    if request.method != "POST":
        return _day_page(request, group, chosen, form)
    _require(request, TraineePermission.WRITE_ATTENDANCE, school)
    entries = [entry for entry in entries_of(request.POST) if entry.day == chosen]
    saved, refusal = _saved(request, school, entries)
    if refusal or (saved and not saved.complete):
        return _day_page(
            request, group, chosen, form, sent=sent_of(entries, saved), refusal=refusal, status=UNPROCESSABLE
        )
    return redirect(f"{request.get_full_path()}#contenu")


def _saved(request: HttpRequest, school: School, entries: list[Entry]) -> tuple[Saved | None, PortalError | None]:
    """Write what was sent and say so. Returns what was done, and the refusal when nothing was."""
    try:
        saved = save_entries(school, entries, request.user)
    except PortalError as refusal:
        return None, refusal
    if saved.written:
        told = counted(saved.written, "demi-journée enregistrée", "demi-journées enregistrées")
        messages.success(request, f"{told}.")
    elif saved.complete:
        messages.info(
            request, "Tout était déjà noté : rien n’a changé." if ALL_PRESENT in request.POST else "Rien n’a changé."
        )
    return saved, None


def sent_of(entries: list[Entry], saved: Saved | None) -> Sent:
    """Return what is to be shown again: all that was typed when nothing was written, else the half-days refused alone."""
    kept = [entry for entry in entries if saved is None or entry.key in saved.refused]
    return Sent(
        {entry.key: entry.state for entry in kept}, {entry.key: entry.seen for entry in kept},
        {entry.key: entry.late_minutes for entry in kept if entry.late_minutes is not None}, saved.refused if saved else {},
    )  # fmt: skip


def _day_page(
    request: HttpRequest, group: Group, day: date, form: GroupForm, *, sent: Sent | None = None,
    refusal: PortalError | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    may_write = request.user.has_perm(TraineePermission.WRITE_ATTENDANCE, group.school)
    sheet = day_sheet(group, day, sent)
    query = request.GET.urlencode()
    context = {
        "sheet": sheet, "school": group.school, "form": form, "refusal": refusal,
        "details": refusal.details if isinstance(refusal, Refused) else [],
        "conflicts": len(sent.refused) if sent else 0,
        "may_write": may_write and not sheet.frozen and day <= timezone.localdate(), "writer": may_write,
        "unnoted": group.unnoted, "is_future": day > timezone.localdate(), "all_present": ALL_PRESENT, "query": f"?{query}" if query else "",
        **_neighbours(group.school, day),
    }  # fmt: skip
    return render(request, "trainees/attendance/day.html", context, status=status)


def _neighbours(school: School, day: date) -> dict[str, str]:
    """Return the addresses of the day before and after: the weekend is left out, unless the school is open then."""
    off = {5, 6} - hours_on(school, day).keys()
    before, after = date.fromordinal(day.toordinal() - 1), date.fromordinal(day.toordinal() + 1)
    while before.weekday() in off:
        before = date.fromordinal(before.toordinal() - 1)
    while after.weekday() in off:
        after = date.fromordinal(after.toordinal() + 1)
    return {
        "before_url": reverse("trainees:attendance_day", args=[before.isoformat()]),
        "after_url": reverse("trainees:attendance_day", args=[after.isoformat()]),
        "today_url": reverse("trainees:attendance"),
    }


@show_or_save
def attendance_week(request: HttpRequest, public_id: UUID, day: str) -> HttpResponse:
    """Show the week of a trainee; a POST writes what was changed of it."""
    chosen, scope = day_named(day), scope_of(request.user)
    trainee = trainee_followed_by(scope, public_id)
    if chosen is None or trainee is None:
        raise Http404
    monday = date.fromordinal(chosen.toordinal() - chosen.weekday())
    pathways = pathways_of_week(trainee, scope, monday, date.fromordinal(monday.toordinal() + 6))
    # A transfer hands the file over: it is read by the school of today, and by that of the days shown.
    if not any(request.user.has_perm(TraineePermission.VIEW_ATTENDANCE, row) for row in (trainee, *pathways)):
        raise PermissionDenied
    sent, refusal = None, None
    if request.method == "POST":
        entries = [entry for entry in entries_of(request.POST) if entry.pathway_id in {row.pk for row in pathways}]
        school = pathways[-1].school if pathways else trainee.school
        _require(request, TraineePermission.WRITE_ATTENDANCE, school)
        saved, refusal = _saved(request, school, entries)
        if not refusal and saved and saved.complete:
            return redirect(f"{request.path}#contenu")
        sent = sent_of(entries, saved)
    sheet = week_sheet(trainee, pathways, chosen, sent)
    may_write = bool(pathways) and request.user.has_perm(TraineePermission.WRITE_ATTENDANCE, pathways[-1].school)
    context = {
        "sheet": sheet, "trainee": trainee, "refusal": refusal, "conflicts": len(sent.refused) if sent else 0,
        "details": refusal.details if isinstance(refusal, Refused) else [],
        "may_write": may_write and not sheet.frozen,
    }  # fmt: skip
    return render(
        request, "trainees/attendance/week.html", context, status=UNPROCESSABLE if request.method == "POST" else 200
    )


def number_in(request: HttpRequest, name: str) -> int | None:
    """Return a number of the address, None when it is not one."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < DIGITS else None


def _require(request: HttpRequest, permission: TraineePermission, row: object) -> None:
    if not request.user.has_perm(permission, row):
        raise PermissionDenied
