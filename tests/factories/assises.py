"""An edition open to registration, and people registered to it."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from assises.models import Checkpoint, DoorPost, Edition, Registration, Room, Session
from assises.operations.editions import create_edition, move_edition, set_quotas
from assises.operations.programme import add_part, publish_programme
from assises.operations.registering import register
from e2c_portal.accounts.models import User

_numbers = count(1)


def edition_open(
    officer: User, *, quotas: dict[str, int] | None = None, held_on: date | None = None, **facts: Any
) -> Edition:
    """Return an announced edition with registration open, two rooms, a plenary, and a workshop of two places."""
    day = held_on or timezone.localdate() + timedelta(days=20)
    now = timezone.now()
    known: dict[str, Any] = {
        "year": day.year, "name": f"Assises {day.year} (exemple)", "held_on": day, "starts_at": time(9), "ends_at": time(17),
        "place": "Hôtel de Région", "city": "Montpellier", "presentation": "Pour tous.",
        "contact_email": "assises@exemple.invalid", "registration_opens_at": now - timedelta(days=5),
        "registration_closes_at": max(now, moment(day, 9)) - timedelta(days=1) if day > timezone.localdate() else now,
    }  # fmt: skip
    edition = create_edition(Edition(**(known | facts)), officer)
    hall = add_part(Room(edition=edition, name="Grande salle", capacity=300), officer)
    add_part(
        Session(edition=edition, title="Ouverture", kind="plenary", starts_at=time(9), ends_at=time(10), room=hall),
        officer,
    )
    workshop(edition, officer)
    set_quotas(edition.pk, dict(quotas or {}), officer)
    publish_programme(edition.pk, "", officer)
    move_edition(edition.pk, "announce", officer)
    edition.refresh_from_db()
    return edition


def moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def workshop(
    edition: Edition, officer: User, title: str = "Entretiens", first: int = 10, last: int = 12, places: int = 2
) -> Session:
    """Add a session with a limit."""
    row = Session(
        edition=edition, title=title, kind="workshop", starts_at=time(first), ends_at=time(last), places=places,
        takes_registrations=True,
    )  # fmt: skip
    return add_part(row, officer)


def somebody(edition: Edition, category: str = "institution", actor: User | None = None, **facts: Any) -> Registration:
    """Register somebody: an institution's guest unless said, each with its own address."""
    number = next(_numbers)
    known: dict[str, Any] = {
        "first_name": "Camille", "last_name": f"Exemple{number}", "email": f"camille{number}@exemple.invalid",
        "organisation": "Institution (exemple)", "origin": Registration.Origin.LINK,
    }  # fmt: skip
    row = register(Registration(edition=edition, category=category, **(known | facts)), actor)
    row.refresh_from_db()
    return row


def half_day(edition: Edition, name: str = "Matin", first: int = 8, last: int = 13) -> Checkpoint:
    """Add a half-day to count."""
    return Checkpoint.objects.create(
        edition=edition, kind="half_day", name=name, opens_at=time(first), closes_at=time(last)
    )


def door(edition: Edition, name: str = "Porte nord") -> DoorPost:
    """Add a post at a door."""
    return DoorPost.objects.create(
        edition=edition, name=name, holder_name="Sacha Exemple", holder_email="porte@exemple.invalid"
    )
