"""Say when a school is closed and what its usual week is. One transaction each."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.submissions import Sending, once
from schools.models import School
from trainees.law.findings import hours_words
from trainees.law.timetable import COMPANY, SCHOOL, Slot, spread
from trainees.law.working_time import MAJORITY, Setting, check_timetable
from trainees.models import SchoolClosure, SchoolWeek, SchoolWeekDay
from trainees.operations.moving import save_or_refuse
from trainees.permissions import TraineePermission
from trainees.reads.dated_limits import limits_between

NOT_YOURS = "Les jours et les horaires de l’école sont tenus par sa direction ou sa coordination."


@transaction.atomic
def close_school(closure: SchoolClosure, actor: User, *, sending: Sending | None = None) -> SchoolClosure:
    """Note days on which the school is closed. Raises NotAllowed, AlreadySent, Refused when another closure holds them."""
    _require(actor, closure.school)
    closure.recorded_by = actor
    return once(sending, actor, SchoolClosure, lambda: _closed(closure, actor))


def _closed(closure: SchoolClosure, actor: User) -> SchoolClosure:
    save_or_refuse(closure)
    record(actor, "school.closed", closure.school, f"Fermeture notée : {closure}")
    return closure


@transaction.atomic
def reopen_school(closure_id: int, actor: User) -> None:
    """Erase a closure. Raises NotAllowed. Presences noted meanwhile stay as they are."""
    closure = (
        SchoolClosure.objects.select_for_update(of=("self",)).select_related("school").filter(pk=closure_id).first()
    )
    if closure is None:
        return
    _require(actor, closure.school)
    record(actor, "school.reopened", closure.school, f"Fermeture effacée : {closure}")
    closure.delete()


@transaction.atomic
def set_week(school: School, starts_on: date, hours: Mapping[int, Slot], actor: User) -> SchoolWeek:
    """Say the usual week of a school from a day on, 0 is Monday; a day that is not given is off.

    What was noted before keeps its hours. The same week said twice is written once. Raises NotAllowed, and Refused when another
    week begins that day or when the law refuses these hours (code du travail, L6343-2: a trainee’s time at school is working time).
    """
    School.objects.select_for_update().get(pk=school.pk)
    _require(actor, school)
    if not hours:
        raise Refused("Indiquez au moins un jour où l’école est ouverte.")
    said = SchoolWeek.objects.filter(school=school, starts_on=starts_on).first()
    if said is not None and said.hours == _without_place(hours):
        return said
    minutes = sum(slot.on(starts_on).minutes for slot in hours.values())
    week = SchoolWeek(school=school, starts_on=starts_on, minutes=minutes, recorded_by=actor)
    save_or_refuse(week)
    _refuse_unlawful(week, hours)
    days = [_day(week, weekday, slot) for weekday, slot in sorted(hours.items())]
    for day in days:
        save_or_refuse(day)
    record(actor, "school.week_set", school, f"{week} : {hours_words(minutes)}", days=[str(day) for day in days])
    return week


def _without_place(hours: Mapping[int, Slot]) -> dict[int, Slot]:
    return {weekday: replace(slot, place=COMPANY) for weekday, slot in hours.items()}


def _day(week: SchoolWeek, weekday: int, slot: Slot) -> SchoolWeekDay:
    return SchoolWeekDay(
        week=week, weekday=weekday, starts_at=slot.starts_at, ends_at=slot.ends_at,
        break_starts_at=slot.break_starts_at, break_ends_at=slot.break_ends_at,
    )  # fmt: skip


def _refuse_unlawful(week: SchoolWeek, hours: Mapping[int, Slot]) -> None:
    """Judge the first whole week by the limits of an adult; what a minor may do is judged person by person, in each internship."""
    monday = week.starts_on + timedelta(days=-week.starts_on.weekday() % 7)
    sunday = monday + timedelta(days=6)
    at_school = {weekday: replace(slot, place=SCHOOL) for weekday, slot in hours.items()}
    setting = Setting(lambda day: MAJORITY, limits_between(monday, sunday), {})
    if findings := check_timetable(spread(at_school, {}, monday, sunday, ()), setting):
        raise Refused("Ces horaires ne sont pas permis.", details=[str(finding) for finding in findings])


def _require(actor: User, school: School) -> None:
    if not actor.has_perm(TraineePermission.WRITE_SCHOOL_DAYS, school):
        raise NotAllowed(NOT_YOURS)
