"""The programme: what is being prepared, what was published, what differs, what is odd."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import QuerySet

from assises.models import Edition, ProgrammeVersion, Room, Session
from e2c_portal.kernel.french import counted, join_with_and


def sessions_of(edition: Edition) -> QuerySet[Session]:
    """Return what is being prepared, in the order of the day, with the rooms."""
    return edition.sessions.select_related("room").order_by("starts_at", "ends_at", "title", "pk")


def rooms_of(edition: Edition) -> QuerySet[Room]:
    """Return the rooms of an edition, by name."""
    return edition.rooms.order_by("name")


def last_version(edition: Edition) -> ProgrammeVersion | None:
    """Return the last programme that was published."""
    return edition.versions.order_by("-number").first()


def line_of(session: Session) -> dict[str, Any]:
    """Return a session as plain values: what a published programme is made of."""
    return {
        "id": session.pk,
        "kind": session.kind,
        "kind_label": session.get_kind_display(),
        "title": session.title,
        "summary": session.summary,
        "speakers": [line.strip() for line in session.speakers.splitlines() if line.strip()],
        "starts_at": f"{session.starts_at:%H:%M}",
        "ends_at": f"{session.ends_at:%H:%M}",
        "room": session.room.name if session.room else "",
        "room_note": session.room.note if session.room else "",
        "is_step_free": session.room.is_step_free if session.room else None,
        "seats": session.seats,
        "takes_registrations": session.takes_registrations,
    }


def lines_of(sessions: Iterable[Session]) -> list[dict[str, Any]]:
    """Return the lines of a programme, in the order of the day."""
    return [line_of(session) for session in sessions]


@dataclass(frozen=True)
class Oddity:
    """Something to look at before publishing. It prevents nothing: the person decides."""

    sentence: str
    session_id: int


def oddities_of(edition: Edition, sessions: Sequence[Session]) -> list[Oddity]:
    """Say what is odd in a programme: two sessions in a room, somebody in two places, too many places, outside the day."""
    found: list[Oddity] = []
    for one, other in combinations(sessions, 2):
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            found += _together(one, other)
    for session in sessions:
        found += _alone(edition, session)
    return found


def _together(one: Session, other: Session) -> list[Oddity]:
    found = []
    if one.room_id and one.room_id == other.room_id:
        found.append(f"« {one.title} » et « {other.title} » sont en même temps dans la même salle ({one.room}).")
    twice = [name for name in one.speaker_names if name.casefold() in {n.casefold() for n in other.speaker_names}]
    if twice:
        verb = "sont annoncés" if len(twice) > 1 else "est annoncé"
        found.append(f"{join_with_and(twice)} {verb} en même temps à « {one.title} » et à « {other.title} ».")
    return [Oddity(sentence, other.pk) for sentence in found]


def _alone(edition: Edition, session: Session) -> list[Oddity]:
    found = []
    if session.room and session.places and session.places > session.room.capacity:
        places = counted(session.places, "place", "places")
        found.append(
            f"« {session.title} » annonce {places} dans une salle de {session.room.capacity} ({session.room})."
        )
    first, last = edition.starts_at, edition.ends_at
    if first and last and (session.starts_at < first or session.ends_at > last):
        found.append(f"« {session.title} » sort des heures de la journée.")
    if session.room is None and session.kind in (Session.Kind.PLENARY, Session.Kind.WORKSHOP, Session.Kind.CEREMONY):
        found.append(f"« {session.title} » n’a pas de salle.")
    return [Oddity(sentence, session.pk) for sentence in found]


CHANGED = (
    ("starts_at", "l’heure de début"), ("ends_at", "l’heure de fin"), ("room", "la salle"), ("title", "le titre"),
    ("speakers", "les intervenants"), ("summary", "la présentation"), ("seats", "les places"), ("kind", "la nature"),
    ("takes_registrations", "l’inscription"),
)  # fmt: skip


def changes_between(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> list[str]:
    """Say in sentences what differs from one programme to the next; nothing when they are the same."""
    known = {line["id"]: line for line in before}
    kept = {line["id"] for line in after}
    told = [f"Ajouté : « {line['title']} », {_when(line)}." for line in after if line["id"] not in known]
    told += [f"Retiré : « {line['title']} », {_when(line)}." for line in before if line["id"] not in kept]
    for line in after:
        old = known.get(line["id"])
        if old is not None and (what := [label for key, label in CHANGED if old.get(key) != line.get(key)]):
            told.append(f"« {line['title']} » change : {join_with_and(what)}. Désormais {_when(line)}.")
    return told


def open_to_all(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what everybody who has a place in the edition may attend, and has in their calendar."""
    return [line for line in lines if not line["takes_registrations"]]


def taken_from_all(before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what everybody had and has no longer: sessions taken out of the programme, or in which one must now take a place."""
    kept = {line["id"] for line in open_to_all(after)}
    return [line for line in open_to_all(before) if line["id"] not in kept]


def _when(line: dict[str, Any]) -> str:
    hours = f"de {line['starts_at'].replace(':', ' h ')} à {line['ends_at'].replace(':', ' h ')}".replace(" h 00", " h")
    return f"{hours}, {line['room']}" if line["room"] else hours
