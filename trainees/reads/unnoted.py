"""Whose day was never noted: the same rule as the day's page (reads.expected), said in SQL so that it is counted at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from schools.models import School
from trainees.models import AttendanceHalfDay, Internship, Pathway, ScheduleDay, SchoolClosure, SchoolWeek, Suspension
from trainees.reads.expected import GOING, Calendar, halves_of

# Beyond, what was not noted is read in the monthly statement, which cannot be frozen without it.
LOOKED_BACK = 14


def last_school_days(schools: Iterable[School], today: date) -> dict[int, date]:
    """Return, for each school, the last day before this one on which it was open, within two weeks. Three queries."""
    rows, first = list(schools), today - timedelta(days=LOOKED_BACK)
    weeks: dict[int, list[SchoolWeek]] = defaultdict(list)
    closures: dict[int, list[SchoolClosure]] = defaultdict(list)
    ids = [school.pk for school in rows]
    for week in (
        SchoolWeek.objects.filter(school__in=ids, starts_on__lt=today).order_by("-starts_on").prefetch_related("days")
    ):
        weeks[week.school_id].append(week)
    for closure in SchoolClosure.objects.filter(school__in=ids, starts_on__lt=today, ends_on__gte=first):
        closures[closure.school_id].append(closure)
    found = {}
    for school in rows:
        kept = [(week.starts_on, halves_of(week.hours)) for week in weeks[school.pk]]
        calendar = Calendar(school.department, kept, closures[school.pk])
        days = (today - timedelta(days=number) for number in range(1, LOOKED_BACK + 1))
        if day := next((one for one in days if not calendar.day_off(one)), None):
            found[school.pk] = day
    return found


def not_noted(pathways: QuerySet[Pathway], day: date, *, at_school: bool = True) -> QuerySet[Pathway]:
    """Keep the pathways expected somewhere on a day and of which nothing at all is noted that day.

    `at_school` says whether the school is open that day: an internship whose hours nobody wrote follows the days of the school.
    """
    going = Internship.objects.filter(
        pathway=OuterRef("pk"), status__in=GOING, starts_on__lte=day, last_day__gte=day
    )  # fmt: skip
    scheduled = ScheduleDay.objects.filter(internship=OuterRef("pk"))
    there = Exists(going.filter(Exists(scheduled.filter(day=day))))
    unscheduled = ~Exists(going.filter(Exists(scheduled)))
    away = Suspension.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), pathway=OuterRef("pk"), starts_on__lte=day)
    noted = AttendanceHalfDay.objects.filter(pathway=OuterRef("pk"), day=day)
    expected = Q(there) | Q(unscheduled) if at_school else Q(there)
    return pathways.filter(expected, ~Exists(away), ~Exists(noted))
