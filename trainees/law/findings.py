"""What the law, or the calendar, refuses of an internship: the rule, what to change, on which days, and the text it comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from e2c_portal.kernel.french import MONTHS, NO_BREAK, counted, join_with_and

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
# Beyond that a sentence is no longer read: the page shows the others in the timetable.
NAMED = 3


@dataclass(frozen=True)
class Finding:
    """One refusal. `rule` is stable and goes to tests and logs; the sentence says what to change; `source` names the text."""

    rule: str
    sentence: str
    source: str
    days: tuple[date, ...] = ()

    def __str__(self) -> str:
        return f"{self.sentence.removesuffix('.')} ({self.source})."


def day_words(day: date) -> str:
    """Return "mardi 3 novembre": the year is that of the internship on screen."""
    number = "1er" if day.day == 1 else str(day.day)
    return NO_BREAK.join((WEEKDAYS[day.weekday()], number, MONTHS[day.month - 1]))


def hours_words(minutes: float) -> str:
    """Return "7 h 30", "10 h", "20 min", "0 h"."""
    hours, rest = divmod(round(minutes), 60)
    if rest and not hours:
        return f"{rest}{NO_BREAK}min"
    return f"{hours}{NO_BREAK}h{NO_BREAK}{rest:02}" if rest else f"{hours}{NO_BREAK}h"


def listed(named: Sequence[str], one: str = "autre jour", many: str = "autres jours") -> str:
    """Return "le mardi 3 novembre, le jeudi 5 novembre et 4 autres jours"."""
    rest = len(named) - NAMED
    return join_with_and([*named[:NAMED], *([counted(rest, one, many)] if rest > 0 else [])])


def days_listed(days: Iterable[date]) -> str:
    """Return the days with their article: "le mardi 3 novembre et le jeudi 5 novembre"."""
    return listed([f"le {day_words(day)}" for day in days])
