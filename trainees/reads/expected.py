"""What is expected of each half-day: where, how long, and why nothing is when nothing is.

In company by the schedule of the internship; at school on the usual days of the school, public holidays, closures and
suspensions left out. The same answer serves the entry of a day, the week of a trainee, the freezing of a month.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from trainees.law.days_off import public_holiday
from trainees.law.timetable import USUAL_WEEK, Slot
from trainees.life.pathways import NO_SHOW, PLANNED
from trainees.models import Internship, Pathway, ScheduleDay, SchoolClosure, Suspension
from trainees.models.attendance import Half, Place
from trainees.reads.school_week import weeks_until

# A pause that begins at these hours parts the morning from the afternoon; without one, they part at one o'clock.
NOON_PAUSE = (time(11), time(15))
NOON = time(13)
SATURDAY = 5
GOING = ("accepted", "signed", "broken")


@dataclass(frozen=True)
class Expected:
    """A half-day on which somebody is expected: where, for how many minutes, and for which internship."""

    place: Place
    minutes: int
    internship: Internship | None = None


@dataclass(frozen=True)
class NotExpected:
    """Why nobody is expected, as a short French word: « férié : Toussaint », « week-end »."""

    why: str


Answer = Expected | NotExpected
# The minutes of each half-day of a week that has some, by day of the week (0 is Monday).
Halves = Mapping[int, Mapping[str, int]]
Key = tuple[int, date, str]


def parts_of(day: ScheduleDay | Slot) -> dict[str, int]:
    """Return the minutes of the morning and of the afternoon of some hours, at school or in company, pauses left out."""
    pause = (day.break_starts_at, day.break_ends_at)
    splits = pause[0] is not None and NOON_PAUSE[0] <= pause[0] < NOON_PAUSE[1]
    pivot = pause[0] if splits and pause[0] else NOON
    found = {}
    for half, first, last in ((Half.MORNING, day.starts_at, min(pivot, day.ends_at)), (Half.AFTERNOON, max(pivot, day.starts_at), day.ends_at)):  # fmt: skip
        minutes = _minutes(first, last) - (_overlap(first, last, *pause) if pause[0] and pause[1] else 0)  # type: ignore[arg-type]
        if minutes > 0:
            found[half.value] = minutes
    return found


def halves_of(hours: Mapping[int, Slot]) -> Halves:
    """Return the minutes of the half-days of a week, from its hours: nobody types them."""
    return {weekday: parts_of(slot) for weekday, slot in hours.items()}


def _minutes(first: time, last: time) -> int:
    span = datetime.combine(date.min, last) - datetime.combine(date.min, first)
    return max(int(span.total_seconds() // 60), 0)


def _overlap(first: time, last: time, pause_starts: time, pause_ends: time) -> int:
    return _minutes(max(first, pause_starts), min(last, pause_ends))


USUAL_HALVES = halves_of(USUAL_WEEK)


@dataclass
class Calendar:
    """All that decides of the half-days of some pathways of one school between two days, read once."""

    department: str
    weeks: Sequence[tuple[date, Halves]]
    closures: Sequence[SchoolClosure]
    suspensions: dict[int, list[Suspension]] = field(default_factory=lambda: defaultdict(list))
    internships: dict[int, list[Internship]] = field(default_factory=lambda: defaultdict(list))
    schedules: dict[int, dict[date, dict[str, Expected]]] = field(default_factory=dict)

    def on(self, pathway: Pathway, day: date, half: str) -> Answer:
        """Say what is expected of a pathway on a half-day. Asks nothing of the database."""
        if not pathway.entered_on <= day <= pathway.last_day or pathway.status in (PLANNED, NO_SHOW):
            return NotExpected("hors parcours")
        if any(
            row.starts_on <= day and (row.ends_on is None or day <= row.ends_on) for row in self.suspensions[pathway.pk]
        ):
            return NotExpected("parcours suspendu")
        for internship in self.internships[pathway.pk]:
            if internship.starts_on <= day <= internship.last_day:
                return self._in_internship(internship, day, half)
        return self._at_school(day, half)

    def _in_internship(self, internship: Internship, day: date, half: str) -> Answer:
        schedule = self.schedules.get(internship.pk)
        if schedule is None:
            # Nobody wrote the schedule yet: the usual days of the school stand for it.
            usual = self._at_school(day, half)
            return Expected(Place.COMPANY, usual.minutes, internship) if isinstance(usual, Expected) else usual
        return schedule.get(day, {}).get(half) or NotExpected("pas d’horaire de stage")

    def _at_school(self, day: date, half: str) -> Answer:
        if day.weekday() >= SATURDAY and day.weekday() not in self._week(day):
            return NotExpected("week-end")
        if name := public_holiday(day, self.department):
            return NotExpected(f"férié : {name}")
        if closed := next((row for row in self.closures if row.starts_on <= day <= row.ends_on), None):
            return NotExpected(f"école fermée : {closed.label}")
        minutes = self.school_minutes(day, half)
        return Expected(Place.SCHOOL, minutes) if minutes else NotExpected("pas de cours")

    def school_minutes(self, day: date, half: str) -> int:
        """Return the minutes of a half-day at school by the week in use that day."""
        return self._week(day).get(day.weekday(), {}).get(half, 0)

    def _week(self, day: date) -> Halves:
        return next((halves for starts_on, halves in self.weeks if starts_on <= day), USUAL_HALVES)

    def day_off(self, day: date) -> str:
        """Return why a whole day is off at school, empty when it is not."""
        answers = [self._at_school(day, half) for half in Half.values]
        return answers[0].why if all(isinstance(one, NotExpected) for one in answers) else ""  # type: ignore[union-attr]


def calendar_of(school_id: int, department: str, pathways: Iterable[int], first: date, last: date) -> Calendar:
    """Read all that decides of these pathways of a school from one day to another. Seven queries, however many there are."""
    ids = list(pathways)
    found = Calendar(
        department,
        [(week.starts_on, halves_of(week.hours)) for week in weeks_until(school_id, last)],
        list(SchoolClosure.objects.filter(school=school_id, starts_on__lte=last, ends_on__gte=first)),
    )
    open_ended = Q(ends_on=None) | Q(ends_on__gte=first)
    for suspension in Suspension.objects.filter(open_ended, pathway__in=ids, starts_on__lte=last):
        found.suspensions[suspension.pathway_id].append(suspension)
    internships = Internship.objects.filter(
        pathway__in=ids, status__in=GOING, starts_on__lte=last, last_day__gte=first
    ).select_related("establishment__company")
    for internship in internships:
        found.internships[internship.pathway_id].append(internship)
    _read_schedules(found, {row.pk: row for row in internships}, first, last)
    return found


def _read_schedules(found: Calendar, internships: dict[int, Internship], first: date, last: date) -> None:
    # The days of the whole internship are not read: an internship that has some is told by one of them.
    for row in (
        ScheduleDay.objects.filter(internship__in=internships)
        .order_by("internship_id", "day")
        .distinct("internship_id")
    ):
        found.schedules[row.internship_id] = {}
    days = ScheduleDay.objects.filter(internship__in=internships, day__range=(first, last))
    for day in days.order_by("day", "starts_at"):
        halves = found.schedules[day.internship_id].setdefault(day.day, {})
        in_company = day.place == ScheduleDay.Place.COMPANY
        for half, minutes in parts_of(day).items():
            # Both in one half-day: the company's part is the one that is noted.
            if half not in halves or in_company:
                halves[half] = Expected(
                    Place.COMPANY if in_company else Place.SCHOOL, minutes, internships[day.internship_id] if in_company else None
                )  # fmt: skip


def days_between(first: date, last: date) -> list[date]:
    """Return the days from one to another, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
