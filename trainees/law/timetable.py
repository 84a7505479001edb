"""A timetable before it is saved: the usual week, its exceptions, and the days they make. Pure: dates in, days out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from types import MappingProxyType

COMPANY, SCHOOL = "company", "school"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stint:
    """Presence in one place on one day. `own` is False for another internship of the same person: the week counts both."""

    day: date
    starts_at: time
    ends_at: time
    break_starts_at: time | None = None
    break_ends_at: time | None = None
    place: str = COMPANY
    own: bool = True

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Return the work before and after the break, in minutes since midnight."""
        start, end = minute(self.starts_at), minute(self.ends_at)
        if self.break_starts_at is None or self.break_ends_at is None:
            return [(start, end)]
        return [(start, minute(self.break_starts_at)), (minute(self.break_ends_at), end)]

    @property
    def minutes(self) -> int:
        """Return the time of effective presence: the break does not count."""
        return sum(end - start for start, end in self.spans)


@dataclass(frozen=True)
class Slot:
    """The hours of a usual day in one place, or of an exception."""

    starts_at: time
    ends_at: time
    break_starts_at: time | None = None
    break_ends_at: time | None = None
    place: str = COMPANY

    def on(self, day: date) -> Stint:
        """Return this slot on a day."""
        return Stint(day, self.starts_at, self.ends_at, self.break_starts_at, self.break_ends_at, self.place)


USUAL = Slot(time(9), time(17), time(12), time(13))
# The week of a school that said none: five days of seven hours (domain dossier 1.4, [E2C-LORRAINE-FAQ]).
USUAL_WEEK = MappingProxyType(dict.fromkeys(range(5), USUAL))


def minute(moment: time) -> int:
    """Return the minutes since midnight."""
    return moment.hour * 60 + moment.minute


def monday_of(day: date) -> date:
    """Return the first day of the week of a day."""
    return day - timedelta(days=day.weekday())


def spread(
    week: Mapping[int, Slot],
    exceptions: Mapping[date, Sequence[Slot]],
    first: date,
    last: date,
    holidays: Collection[date],
) -> list[Stint]:
    """Return the days of an internship: the usual week (0 is Monday) without public holidays, then its exceptions.

    An exception replaces its day, by one or two places; none takes the day away. A day outside the dates is kept only when an
    exception names it: the rules say that it is outside.
    """
    days = {first + number * DAY for number in range((last - first).days + 1)}
    stints = []
    for day in sorted(days | {day for day, slots in exceptions.items() if slots}):
        usual = week.get(day.weekday()) if day in days and day not in holidays else None
        stints += [slot.on(day) for slot in exceptions.get(day, [usual] if usual else [])]
    return stints


def minutes_at(stints: Iterable[Stint], place: str) -> int:
    """Return the minutes of presence in a place."""
    return sum(stint.minutes for stint in stints if stint.place == place)


def others(stints: Iterable[Stint]) -> list[Stint]:
    """Return the days of another internship of the same person, to be counted with the one being checked."""
    return [replace(stint, own=False) for stint in stints]


def slot_of(stint: Stint) -> Slot:
    """Return the hours of a day without its date."""
    return Slot(stint.starts_at, stint.ends_at, stint.break_starts_at, stint.break_ends_at, stint.place)


def usual_week(stints: Iterable[Stint]) -> dict[int, Slot]:
    """Return the week that a timetable follows: the commonest hours of each day of the week."""
    seen: dict[int, list[Slot]] = {}
    for one in stints:
        seen.setdefault(one.day.weekday(), []).append(slot_of(one))
    return {weekday: max(slots, key=slots.count) for weekday, slots in sorted(seen.items()) if weekday < 6}


def exceptions_to(
    week: Mapping[int, Slot], stints: Sequence[Stint], first: date, last: date, holidays: Collection[date]
) -> dict[date, list[Slot]]:
    """Return the days of a timetable that differ from its usual week: the reverse of `spread`."""
    usual = _by_day(spread(week, {}, first, last, holidays))
    written = _by_day(stints)
    return {
        day: written.get(day, [])
        for day in sorted(usual.keys() | written.keys())
        if usual.get(day, []) != written.get(day, [])
    }


def _by_day(stints: Iterable[Stint]) -> dict[date, list[Slot]]:
    found: dict[date, list[Slot]] = {}
    for one in stints:
        found.setdefault(one.day, []).append(slot_of(one))
    return found
