"""Attendance, said once: somebody attended a checkpoint when a scan counted them there and nobody voided it."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from assises.models import Checkpoint, Edition, Registration, Scan


def counted_scans(edition: Edition) -> QuerySet[Scan]:
    """Return the scans that count: one a person and a checkpoint."""
    return edition.scans.filter(outcome=Scan.Outcome.OK, voided_at=None)


def attended_ids(edition: Edition) -> set[int]:
    """Return who came to the day: those counted at any half-day, by the number of their registration."""
    scans = counted_scans(edition).filter(checkpoint__kind=Checkpoint.Kind.HALF_DAY)
    return {pk for pk in scans.order_by().values_list("registration", flat=True).distinct() if pk is not None}


def came() -> Exists:
    """Return the expression that says, for rows of registrations, whether the person came to the day."""
    return Exists(
        Scan.objects.filter(
            registration=OuterRef("pk"), edition=OuterRef("edition"), outcome=Scan.Outcome.OK, voided_at=None,
            checkpoint__kind=Checkpoint.Kind.HALF_DAY,
        )
    )  # fmt: skip


def counted_at(checkpoint_id: int) -> Exists:
    """Return the expression that says, for rows of registrations, whether the person was counted at a checkpoint."""
    seen = Scan.objects.filter(registration=OuterRef("pk"), checkpoint=checkpoint_id)
    return Exists(seen.filter(outcome=Scan.Outcome.OK, voided_at=None))


def present_at(checkpoint: Checkpoint) -> QuerySet[Registration]:
    """Return who was counted at a checkpoint, by name. One row a person: the database counts each once."""
    people = Registration.objects.filter(
        scans__checkpoint=checkpoint, scans__outcome=Scan.Outcome.OK, scans__voided_at=None
    )
    return people.select_related("school").order_by("search", "pk")


def was_seen() -> Exists:
    """Return the expression that says whether a registration was counted at any checkpoint, a half-day or a session.

    Wider than `came`: nobody who was seen at a workshop alone is told that they were missed.
    """
    return Exists(Scan.objects.filter(registration=OuterRef("pk"), outcome=Scan.Outcome.OK, voided_at=None))


def people_seen(edition: Edition) -> QuerySet[Registration]:
    """Return the registrations that were counted somewhere in an edition, by name."""
    return edition.registrations.filter(was_seen()).order_by("search", "pk")


def doors_worked(edition: Edition) -> bool:
    """Say whether anybody was counted at all: before the paper sheets are entered, nobody can be said to have come or not."""
    return counted_scans(edition).exists()


def checkpoints_of(registration: Registration) -> list[Checkpoint]:
    """Return where somebody was counted, in the order of the day. One query."""
    counted = registration.scans.filter(outcome=Scan.Outcome.OK, voided_at=None).values("checkpoint")
    return list(Checkpoint.objects.filter(pk__in=counted).order_by("opens_at", "closes_at", "name"))


def half_days_of(registrations: Iterable[Registration]) -> dict[int, list[str]]:
    """Return the names of the half-days at which each one was counted, in the order of the day. One query."""
    scans = Scan.objects.filter(registration__in=list(registrations), outcome=Scan.Outcome.OK, voided_at=None)
    scans = scans.filter(checkpoint__kind=Checkpoint.Kind.HALF_DAY).order_by("checkpoint__opens_at", "pk")
    found: dict[int, list[str]] = {}
    for registration_id, name in scans.values_list("registration_id", "checkpoint__name"):
        found.setdefault(registration_id or 0, []).append(name)
    return found
