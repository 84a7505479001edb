"""The published programme as a calendar file (iCalendar, RFC 5545), published and never answered (RFC 5546, PUBLISH)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time, timedelta
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event

from assises.models import Edition, ProgrammeVersion

PRODUCT = "-//Portail des Ecoles de la 2e chance//Assises//FR"
WHOLE_DAY = "journee"
CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Own:
    """What one person chose among the sessions with a limit, what they gave back since the last file, and how often they changed."""

    chosen: Collection[int]
    given_back: Collection[int] = ()
    serial: int = 0


def calendar_of(
    edition: Edition, version: ProgrammeVersion | None, url: str, host: str, *, own: Own | None = None
) -> bytes:
    """Return the file of an edition: each session published, the whole day when none is.

    For one person (`own`), the sessions with a limit in which they have no place are left out; those they gave back are there,
    cancelled, so that their calendar takes them away.

    The identifiers stay the same from one file to the next, so that a calendar moves what it already holds; `SEQUENCE` is the
    number of the version, and for one person that many more as they changed their workshops: it only grows.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", edition.name)
    lines = [line for line in version.content if _concerns(line, own)] if version else []
    events = [_session(edition, version, line, url, host, own) for line in lines]  # type: ignore[arg-type]
    if not any(event.get("status") != CANCELLED for event in events):
        events.append(_day(edition, url, host))
    for event in events:
        if organiser := edition.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]:
            event.add("organizer", f"mailto:{organiser}")
        calendar.add_component(event)
    return calendar.to_ical()


def _concerns(line: dict, own: Own | None) -> bool:
    return own is None or not line["takes_registrations"] or line["id"] in {*own.chosen, *own.given_back}


def _session(edition: Edition, version: ProgrammeVersion, line: dict, url: str, host: str, own: Own | None) -> Event:
    event = Event()
    event.add("uid", f"assises-{edition.year}-{line['id']}@{host}")
    event.add("sequence", version.number + (own.serial if own else 0))
    if own and line["takes_registrations"] and line["id"] not in own.chosen:
        event.add("status", CANCELLED)
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
