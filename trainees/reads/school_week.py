"""The week of a school on a day: the last one said, else the usual one."""

from collections.abc import Mapping
from datetime import date

from schools.models import School
from trainees.law.timetable import USUAL_WEEK, Slot
from trainees.models import SchoolWeek


def weeks_until(school_id: int, last: date) -> list[SchoolWeek]:
    """Return the weeks of a school that begin by a day, with their days, the latest first. Two queries."""
    rows = SchoolWeek.objects.filter(school=school_id, starts_on__lte=last)
    return list(rows.order_by("-starts_on").prefetch_related("days"))


def week_in_use(school: School, day: date) -> SchoolWeek | None:
    """Return the week of the school in use on a day, None when it never said."""
    return SchoolWeek.objects.filter(school=school, starts_on__lte=day).order_by("-starts_on").first()


def weeks_to_come(school: School, day: date) -> list[SchoolWeek]:
    """Return the weeks said to begin after a day, the soonest first. Two queries."""
    rows = SchoolWeek.objects.filter(school=school, starts_on__gt=day).order_by("starts_on")
    return list(rows.prefetch_related("days"))


def hours_on(school: School, day: date) -> Mapping[int, Slot]:
    """Return the hours of the week in use on a day (0 is Monday), the usual ones of a school that never said. Two queries."""
    week = week_in_use(school, day)
    return week.hours if week else USUAL_WEEK
