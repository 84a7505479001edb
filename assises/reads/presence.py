"""Who was seen at the door, and where: what is written to people after the day, and what is attested, follow from it."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from assises.models import Checkpoint, Edition, Registration, Scan

COUNTED = {"outcome": "ok", "voided_at": None}


def was_seen() -> Exists:
    """Return the expression that says whether a registration was counted at any checkpoint, a half-day or a session.

    Wider than « came to the day » (a half-day): nobody who was seen at a workshop alone is told that they were missed.
    """
    return Exists(Scan.objects.filter(registration=OuterRef("pk"), **COUNTED))


def people_seen(edition: Edition) -> QuerySet[Registration]:
    """Return the registrations that were counted somewhere in an edition, by name."""
    return edition.registrations.filter(was_seen()).order_by("search", "pk")


def doors_worked(edition: Edition) -> bool:
    """Say whether anybody was counted at all: before the paper sheets are entered, nobody can be said to have come or not."""
    return Scan.objects.filter(edition=edition, **COUNTED).exists()


def checkpoints_of(registration: Registration) -> list[Checkpoint]:
    """Return where somebody was counted, in the order of the day. One query."""
    counted = Scan.objects.filter(registration=registration, **COUNTED).values("checkpoint")
    return list(Checkpoint.objects.filter(pk__in=counted).order_by("opens_at", "closes_at", "name"))


def half_days_of(registrations: Iterable[Registration]) -> dict[int, list[str]]:
    """Return the names of the half-days at which each one was counted, in the order of the day. One query."""
    scans = Scan.objects.filter(registration__in=list(registrations), checkpoint__kind="half_day", **COUNTED)
    found: dict[int, list[str]] = {}
    for registration_id, name in scans.order_by("checkpoint__opens_at", "pk").values_list(
        "registration_id", "checkpoint__name"
    ):
        found.setdefault(registration_id or 0, []).append(name)
    return found
