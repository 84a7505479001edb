"""The week of a school as its page tells it: the hours said, and the half-days they make."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trainees.law.findings import WEEKDAYS, hours_words
from trainees.law.timetable import Slot
from trainees.models.attendance import Half
from trainees.reads.expected import SATURDAY, parts_of
from trainees.reads.schedule_words import hours_told

NOBODY = "–"


@dataclass(frozen=True)
class DayLine:
    """One day of the week, in words."""

    day: str
    hours: str
    morning: str
    afternoon: str


@dataclass(frozen=True)
class WeekTold:
    """A week of the school, in words; `title` says since when, or from when."""

    title: str
    total: str
    lines: tuple[DayLine, ...]


def week_told(hours: Mapping[int, Slot], title: str) -> WeekTold:
    """Tell a week, Monday to Friday, and Saturday when the school is open then."""
    minutes = sum(sum(parts_of(slot).values()) for slot in hours.values())
    return WeekTold(title, hours_words(minutes), tuple(_lines(hours)))


def _lines(hours: Mapping[int, Slot]) -> Iterator[DayLine]:
    for weekday in sorted({*range(SATURDAY), *hours}):
        slot = hours.get(weekday)
        halves = parts_of(slot) if slot else {}
        morning, afternoon = (hours_words(halves[half]) if half in halves else NOBODY for half in Half.values)
        yield DayLine(WEEKDAYS[weekday].capitalize(), hours_told(slot) if slot else "Fermée", morning, afternoon)
