"""Timetables of the tests, written in one line: « L-V 9-12,13-17 ; S 9-12 @école »."""

from datetime import date, time, timedelta

from trainees.law.timetable import COMPANY, SCHOOL, Slot, Stint, spread

LETTERS = "LMXJVSD"
# A Monday; no public holiday in this week nor in the two that follow.
MONDAY = date(2026, 11, 16)


def timetable(text: str, monday: date = MONDAY) -> list[Stint]:
    """Read a timetable: days (L M X J V S D; « 2L » is the Monday after), hours, and @école for time at school."""
    return [stint for part in text.split(";") for stint in _part(part.strip(), monday)]


def full_weeks(first: date, last: date, *, end: time = time(17)) -> list[Stint]:
    """Return seven hours a day from Monday to Friday, between two days."""
    slot = Slot(time(9), end, time(12), time(13))
    return spread(dict.fromkeys(range(5), slot), {}, first, last, ())


def _part(part: str, monday: date) -> list[Stint]:
    days, hours, *place = part.split()
    week = int(days[0]) - 1 if days[0].isdigit() else 0
    spans = [tuple(_clock(moment) for moment in span.split("-")) for span in hours.split(",")]
    pause = (spans[0][1], spans[1][0]) if len(spans) == 2 else (None, None)
    return [
        Stint(
            monday + timedelta(days=7 * week + number), spans[0][0], spans[-1][1], *pause, SCHOOL if place else COMPANY
        )
        for number in _numbers(days.lstrip("123"))
    ]


def _numbers(days: str) -> list[int]:
    if "-" in days:
        first, last = days.split("-")
        return list(range(LETTERS.index(first), LETTERS.index(last) + 1))
    return [LETTERS.index(letter) for letter in days.split(",")]


def _clock(text: str) -> time:
    hour, _, minute = text.partition("h")
    return time(int(hour), int(minute or 0))
