"""What a tutor reads of an internship, in words: who comes, which days, whom to call."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils import timezone

from e2c_portal.kernel.french import NO_BREAK, period_in_letters
from trainees.models import Internship, ScheduleDay
from trainees.reads.attendance import people_to_tell
from trainees.sheets.attendance import day_words

DAYS_SHOWN = 14


@dataclass(frozen=True)
class TutorDay:
    """One day of the schedule: « mardi 3 novembre 2026 », « de 9 h à 17 h, pause de 12 h à 12 h 45 »."""

    words: str
    hours: str
    is_today: bool


@dataclass(frozen=True)
class TutorSheet:
    """All that the first page of a tutor shows."""

    period: str
    began: bool
    over: bool
    days: list[TutorDay]
    contacts: list[tuple[str, str]]


def tutor_sheet(internship: Internship) -> TutorSheet:
    """Return what the tutor of an internship reads. Two queries."""
    today = timezone.localdate()
    first = max(internship.starts_on, today)
    people = people_to_tell(internship.school_id, internship.referent, internship.pathway.referent)
    rows = internship.days.filter(day__range=(first, min(internship.last_day, first + timedelta(days=DAYS_SHOWN))))
    return TutorSheet(
        period_in_letters(internship.starts_on, internship.last_day), internship.starts_on <= today, internship.last_day < today,
        [_day(row, today) for row in rows.order_by("day", "starts_at")], [(user.full_name, user.email) for user in people],
    )  # fmt: skip


def _day(row: ScheduleDay, today: date) -> TutorDay:
    if row.place == ScheduleDay.Place.SCHOOL:
        hours = "à l’école"
    else:
        hours = f"de {_at(row.starts_at)} à {_at(row.ends_at)}"
        if row.break_starts_at and row.break_ends_at:
            hours += f", pause de {_at(row.break_starts_at)} à {_at(row.break_ends_at)}"
    return TutorDay(day_words(row.day), hours, row.day == today)


def _at(moment: time) -> str:
    tail = f"{NO_BREAK}{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour}{NO_BREAK}h{tail}"
