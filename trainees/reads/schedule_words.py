"""The days of a schedule as plain rows: read from the database, frozen in a document, told week by week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from e2c_portal.kernel.french import NO_BREAK, day_in_letters
from trainees.law.timetable import Slot
from trainees.models import ScheduleDay

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, order=True)
class DayRow:
    """One day at one place: from when to when, with the break between. Times are local."""

    day: date
    place: str
    starts_at: time
    ends_at: time
    break_starts_at: time | None = None
    break_ends_at: time | None = None

    @property
    def minutes(self) -> int:
        """The minutes of effective presence: the break does not count."""
        pause = _gap(self.break_starts_at, self.break_ends_at) if self.break_starts_at and self.break_ends_at else 0
        return _gap(self.starts_at, self.ends_at) - pause

    @property
    def in_company(self) -> bool:
        return self.place == ScheduleDay.Place.COMPANY

    def frozen(self) -> list[str | None]:
        """Return the row as JSON keeps it."""
        times = (self.starts_at, self.ends_at, self.break_starts_at, self.break_ends_at)
        return [self.day.isoformat(), self.place, *(f"{one:%H:%M}" if one else None for one in times)]

    def hours_words(self) -> str:
        """Return « 9 h – 12 h 30 et 13 h 30 – 17 h »."""
        return hours_told(self)


@dataclass(frozen=True)
class Week:
    """The days of one calendar week, from Monday."""

    monday: date
    rows: tuple[DayRow, ...]

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.rows)

    @property
    def title(self) -> str:
        return f"Semaine du {day_in_letters(self.monday)}"

    @property
    def pattern(self) -> tuple[tuple[Any, ...], ...]:
        """What makes two weeks alike, dates aside."""
        return tuple((row.day.weekday(), *row.frozen()[1:]) for row in self.rows)


def _gap(first: time, last: time) -> int:
    today = date.min
    return int((datetime.combine(today, last) - datetime.combine(today, first)).total_seconds() // 60)


def thawed(values: Sequence[str | None]) -> DayRow:
    """Return the row that `DayRow.frozen` kept."""
    day, place, *times = values
    first, last, pause, again = (time.fromisoformat(one) if one else None for one in times)
    if day is None or place is None or first is None or last is None:
        raise ValueError("a day of a schedule has a date, a place and two times")
    return DayRow(date.fromisoformat(day), place, first, last, pause, again)


def rows_of(days: Iterable[ScheduleDay]) -> list[DayRow]:
    """Return the days of a schedule as plain rows, in order."""
    return sorted(
        DayRow(one.day, one.place, one.starts_at, one.ends_at, one.break_starts_at, one.break_ends_at) for one in days
    )


def weeks_of(rows: Iterable[DayRow]) -> list[Week]:
    """Return the rows grouped by calendar week, in order."""
    grouped = groupby(sorted(rows), key=lambda row: row.day - timedelta(days=row.day.weekday()))
    return [Week(monday, tuple(inside)) for monday, inside in grouped]


def hours_told(hours: DayRow | Slot) -> str:
    """Return « 9 h – 12 h 30 et 13 h 30 – 17 h »."""
    if hours.break_starts_at is None or hours.break_ends_at is None:
        return f"{clock(hours.starts_at)} – {clock(hours.ends_at)}"
    morning = f"{clock(hours.starts_at)} – {clock(hours.break_starts_at)}"
    return f"{morning} et {clock(hours.break_ends_at)} – {clock(hours.ends_at)}"


def clock(moment: time) -> str:
    """Return « 9 h », « 13 h 30 »."""
    minutes = f"{NO_BREAK}{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour}{NO_BREAK}h{minutes}"


def duration(minutes: int) -> str:
    """Return « 35 h », « 7 h 30 »."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}{NO_BREAK}h" + (f"{NO_BREAK}{rest:02d}" if rest else "")


def day_words(day: date) -> str:
    """Return « lundi 7 décembre 2026 »."""
    return f"{WEEKDAYS[day.weekday()]}{NO_BREAK}{day_in_letters(day)}"


def told(rows: Iterable[DayRow]) -> list[str]:
    """Tell a schedule in sentences, weeks that are alike together: what a person reads before signing."""
    sentences: list[str] = []
    for _pattern, alike in groupby(weeks_of(rows), key=lambda week: week.pattern):
        weeks = list(alike)
        first, last = weeks[0], weeks[-1]
        when = (
            first.title if len(weeks) == 1 else f"Du {day_words(first.rows[0].day)} au {day_words(last.rows[-1].day)}"
        )
        sentences.append(f"{when} : {_days_told(first)}. Soit {duration(first.minutes)} par semaine.")
    return sentences


def _days_told(week: Week) -> str:
    """Return « lundi, mardi et mercredi : 9 h – 17 h ; jeudi (à l’école) : 9 h – 12 h »."""
    parts = []
    for (hours, in_company), alike in groupby(week.rows, key=lambda row: (row.hours_words(), row.in_company)):
        names = [WEEKDAYS[row.day.weekday()] for row in alike]
        span = names[0] if len(names) == 1 else f"{names[0]} à {names[-1]}" if len(names) > 2 else " et ".join(names)
        parts.append(f"{span}{'' if in_company else ' (à l’école)'}, {hours}")
    return " ; ".join(parts)
