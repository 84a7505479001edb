"""A month of a school in the words of the interface: weeks of seven days, each with what happens."""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse
from django.utils.formats import date_format

from trainees.reads.day import Chosen, Happening, company_days, happenings

TITLES = {
    "entry": ("Entrée", "user-plus"),
    "internship_starts": ("Début de stage", "play"),
    "internship_ends": ("Fin de stage", "square-check"),
    "trial_ends": ("Fin d’essai", "hourglass"),
    "pathway_ends": ("Fin prévue du parcours", "flag"),
}


@dataclass(frozen=True)
class Event:
    """One thing of a day, with the page where it is read."""

    title: str
    icon: str
    name: str
    url: str
    words: str = ""


@dataclass(frozen=True)
class Day:
    """A day of the month, or of the weeks around it."""

    day: date
    in_month: bool
    is_today: bool
    in_company: int
    events: list[Event] = field(default_factory=list)

    @property
    def spoken(self) -> str:
        """The day as it is read aloud and on a phone: « lundi 3 novembre »."""
        return date_format(self.day, "l j F")

    @property
    def is_empty(self) -> bool:
        return not self.events and not self.in_company


@dataclass(frozen=True)
class Month:
    """A month, its weeks, and the ways to the months around it."""

    first: date
    weeks: list[list[Day]]
    before_url: str
    after_url: str

    @property
    def title(self) -> str:
        return date_format(self.first, "F Y")

    @property
    def is_empty(self) -> bool:
        return all(day.is_empty for week in self.weeks for day in week)


def month_of(chosen: Chosen, first: date, today: date) -> Month:
    """Return the month that begins on `first`, from the Monday before to the Sunday after."""
    days = [day for week in calendar.Calendar().monthdatescalendar(first.year, first.month) for day in week]
    events: dict[date, list[Event]] = {}
    for row in happenings(chosen, days[0], days[-1]):
        events.setdefault(row.day, []).append(_event(row))
    in_company = company_days(chosen, days[0], days[-1])
    drawn = [
        Day(day, day.month == first.month, day == today, in_company.get(day, 0), events.get(day, [])) for day in days
    ]
    weeks = [drawn[start : start + 7] for start in range(0, len(drawn), 7)]
    return Month(first, weeks, _url(first - timedelta(days=1)), _url(first + timedelta(days=31)))


def _event(row: Happening) -> Event:
    title, icon = TITLES[row.kind]
    if row.internship:
        internship = row.internship
        return Event(title, icon, str(internship.trainee), internship.get_absolute_url(), str(internship.establishment))
    trainee = row.pathway.trainee  # type: ignore[union-attr]
    return Event(title, icon, str(trainee), trainee.get_absolute_url())


def _url(day: date) -> str:
    return reverse("trainees:calendar_month", args=[day.year, day.month])
