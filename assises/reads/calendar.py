"""The programme as calendar files (iCalendar, RFC 5545): posted as a whole, taken back one event at a time (RFC 5546).

What is posted (PUBLISH) may hold many events in one file. What is taken back (CANCEL) holds one only: all that such a file
cancels must have the same identifier (RFC 5546, 3.2.5).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event

from assises.models import Edition, ProgrammeVersion

PRODUCT = "-//Portail des Ecoles de la 2e chance//Assises//FR"
PUBLISH, CANCEL = "PUBLISH", "CANCEL"
WHOLE_DAY = "journee"
# A session as it was published; None is the whole day.
Line = dict[str, Any] | None


@dataclass(frozen=True)
class Source:
    """What the files of an edition are made from: the programme in force, the page they lead to, the name behind their identifiers.

    `serial` is how often the calendar of one person changed.
    """

    edition: Edition
    version: ProgrammeVersion | None
    url: str
    host: str
    serial: int = 0

    @property
    def sequence(self) -> int:
        """The number of these files: the sum of all that changes them, each of which only grows. A calendar keeps the greatest."""
        number = self.version.number if self.version else 0
        return number + self.edition.revision + self.edition.moves_made + self.serial


def media_type(method: str) -> str:
    """Return the type of a file, which repeats its method wherever it travels (RFC 5545, 3.7.2)."""
    return f"text/calendar; method={method}"


def calendar_of(source: Source, chosen: Collection[int] | None = None) -> bytes:
    """Return the file of an edition: each session published, the whole day when none is.

    For one person, the sessions with a limit are left out, but for those of `chosen`. The identifiers stay the same from one
    file to the next, so that a calendar moves what it already holds.
    """
    lines: list[Line] = [*standing(source.version, chosen)] or [None]
    calendar = _calendar(PUBLISH)
    calendar.add("x-wr-calname", source.edition.name)
    for line in lines:
        calendar.add_component(_event(source, line))
    return calendar.to_ical()


def cancellations_of(source: Source, lines: Iterable[Line]) -> list[tuple[str, bytes]]:
    """Return, for each session (the whole day for None), its title and the file that takes it away from a calendar."""
    files = []
    for line in lines:
        event = _event(source, line)
        event.add("status", "CANCELLED")
        calendar = _calendar(CANCEL)
        calendar.add_component(event)
        files.append((line["title"] if line else source.edition.name, calendar.to_ical()))
    return files


def standing(version: ProgrammeVersion | None, chosen: Collection[int] | None) -> list[dict[str, Any]]:
    """Return what a version holds for somebody: what is open to all, and the sessions with a limit they chose (None: every one)."""
    lines = version.content if version else []
    return [line for line in lines if chosen is None or not line["takes_registrations"] or line["id"] in chosen]


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _event(source: Source, line: Line) -> Event:
    edition, event = source.edition, Event()
    event.add("uid", f"assises-{edition.year}-{line['id'] if line else WHOLE_DAY}@{source.host}")
    event.add("sequence", source.sequence)
    # Of a file with a method, it is the moment when the file is made (RFC 5545, 3.8.7.2).
    event.add("dtstamp", _universal(timezone.now()))
    if organiser := edition.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]:
        event.add("organizer", f"mailto:{organiser}")
    if line:
        _write_session(event, edition, line)
    else:
        _write_day(event, edition)
    event.add("url", source.url)
    return event


def _write_session(event: Event, edition: Edition, line: dict[str, Any]) -> None:
    event.add("dtstart", _universal(edition.moment(time.fromisoformat(line["starts_at"]))))
    event.add("dtend", _universal(edition.moment(time.fromisoformat(line["ends_at"]))))
    event.add("summary", line["title"])
    event.add("location", ", ".join(part for part in (line["room"], edition.place_line) if part))
    event.add("description", "\n".join([line["summary"], *line["speakers"]]).strip())


def _universal(moment: datetime) -> datetime:
    """Return a moment in universal time: named by a zone, it would need the rules of that zone in the file (RFC 5545, 3.2.19)."""
    return moment.astimezone(UTC)


def _write_day(event: Event, edition: Edition) -> None:
    if edition.starts_at and edition.ends_at:
        event.add("dtstart", _universal(edition.moment(edition.starts_at)))
        event.add("dtend", _universal(edition.moment(edition.ends_at)))
    else:
        event.add("dtstart", edition.held_on)
        event.add("dtend", edition.held_on + timedelta(days=1))
    event.add("summary", edition.name)
    event.add("location", edition.place_line)
