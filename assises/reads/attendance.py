"""Attendance, said once: somebody attended a checkpoint when a scan counted them there and nobody voided it."""

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


def present_at(checkpoint: Checkpoint) -> QuerySet[Registration]:
    """Return who was counted at a checkpoint, by name. One row a person: the database counts each once."""
    people = Registration.objects.filter(
        scans__checkpoint=checkpoint, scans__outcome=Scan.Outcome.OK, scans__voided_at=None
    )
    return people.select_related("school").order_by("search", "pk")
