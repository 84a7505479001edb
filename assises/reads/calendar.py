"""The published programme as a calendar file (iCalendar, RFC 5545)."""

from collections.abc import Collection
from datetime import time, timedelta

from icalendar import Calendar, Event

from assises.models import Edition, ProgrammeVersion

PRODUCT = "-//Portail des Ecoles de la 2e chance//Assises//FR"
WHOLE_DAY = "journee"


def calendar_of(
    edition: Edition, version: ProgrammeVersion | None, url: str, host: str, *, chosen: Collection[int] | None = None
) -> bytes:
    """Return the file of an edition: each session published, the whole day when none is.

    For one person, `chosen` are the sessions with a limit in which they have a place: the others with a limit are left out.

    The identifiers stay the same from one version to the next, so that a calendar moves what it already holds; `SEQUENCE`
    is the number of the version.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", edition.name)
    lines = [line for line in version.content if _concerns(line, chosen)] if version else []
    for line in lines:
        calendar.add_component(_session(edition, version, line, url, host))  # type: ignore[arg-type]
    if not lines:
        calendar.add_component(_day(edition, url, host))
    return calendar.to_ical()


def _concerns(line: dict, chosen: Collection[int] | None) -> bool:
    return chosen is None or not line["takes_registrations"] or line["id"] in chosen


def _session(edition: Edition, version: ProgrammeVersion, line: dict, url: str, host: str) -> Event:
    event = Event()
    event.add("uid", f"assises-{edition.year}-{line['id']}@{host}")
    event.add("sequence", version.number)
    event.add("dtstamp", version.published_at)
    event.add("dtstart", edition.moment(time.fromisoformat(line["starts_at"])))
    event.add("dtend", edition.moment(time.fromisoformat(line["ends_at"])))
    event.add("summary", line["title"])
    event.add("location", ", ".join(part for part in (line["room"], edition.place_line) if part))
    event.add("description", "\n".join([line["summary"], *line["speakers"]]).strip())
    event.add("url", url)
    return event


def _day(edition: Edition, url: str, host: str) -> Event:
    event = Event()
    event.add("uid", f"assises-{edition.year}-{WHOLE_DAY}@{host}")
    event.add("dtstamp", edition.created_at)
    if edition.starts_at and edition.ends_at:
        event.add("dtstart", edition.moment(edition.starts_at))
        event.add("dtend", edition.moment(edition.ends_at))
    else:
        event.add("dtstart", edition.held_on)
        event.add("dtend", edition.held_on + timedelta(days=1))
    event.add("summary", edition.name)
    event.add("location", edition.place_line)
    event.add("url", url)
    return event
