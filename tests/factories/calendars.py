"""The files that travel with a message: read back as the person who receives them has them."""

from dataclasses import dataclass
from typing import Any

from icalendar import Calendar

ORGANISER = "mailto:assises@exemple.invalid"


def attached(message: Any, mime: str) -> bytes:
    """Return the one attachment of a type, as bytes."""
    found = [part for part in message.attachments if part[2].startswith(mime)]
    assert len(found) == 1, message.attachments
    content = found[0][1]
    return content.encode() if isinstance(content, str) else content


@dataclass(frozen=True)
class Held:
    """What a calendar knows of an event, to tell it from another and the newer from the older."""

    uid: str
    sequence: int


def posted(message: Any) -> dict[str, Held]:
    """Return what the one calendar of a message posts, by title: nothing in it is cancelled."""
    calendar = Calendar.from_ical(attached(message, "text/calendar; method=PUBLISH").decode())
    assert calendar["method"] == "PUBLISH"
    events = list(calendar.walk("VEVENT"))
    assert {(str(event["organizer"]), event.get("status")) for event in events} == {(ORGANISER, None)}
    return {str(event["summary"]): Held(str(event["uid"]), event["sequence"]) for event in events}


def taken_back(message: Any) -> dict[str, Held]:
    """Return what the cancelling files of a message take away, by title, each read as it leaves in the message."""
    found: dict[str, Held] = {}
    for part in message.message().walk():
        if part.get_content_type() != "text/calendar" or part.get_param("method") != "CANCEL":
            continue
        assert part.get_content_charset() == "utf-8"
        assert part.get_filename().startswith("annulation-")
        calendar = Calendar.from_ical(part.get_payload(decode=True))
        assert calendar["method"] == "CANCEL"
        # One event a file: all that a cancelling file holds must have the same identifier (RFC 5546, 3.2.5).
        (event,) = calendar.walk("VEVENT")
        assert (event["status"], str(event["organizer"])) == ("CANCELLED", ORGANISER)
        assert {"dtstamp", "dtstart"} <= {name.lower() for name in event}
        assert "attendee" not in event
        assert "TZID" not in event["dtstart"].params
        found[str(event["summary"])] = Held(str(event["uid"]), event["sequence"])
    return found


class Agenda:
    """The calendar of a person: of each event, a file counts only if its number is greater than all those seen (RFC 5546, 2.1.5)."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, str]] = {}

    def receive(self, message: Any) -> None:
        """Take in the files of a message: what is posted enters, what is taken back leaves."""
        for held in taken_back(message).values():
            self._put(held, "")
        if any(part[2].endswith("PUBLISH") for part in message.attachments):
            for title, held in posted(message).items():
                self._put(held, title)

    def _put(self, held: Held, title: str) -> None:
        if held.sequence > self._known.get(held.uid, (-1, ""))[0]:
            self._known[held.uid] = (held.sequence, title)

    @property
    def titles(self) -> set[str]:
        """What it shows."""
        return {title for _, title in self._known.values() if title}
