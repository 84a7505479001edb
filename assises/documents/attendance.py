"""What an attestation of attendance prints: who, which day, the half-days and sessions where the person was counted.

Nothing of health: neither needs nor answers. Its title names nobody, for titles are written in the trace.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from assises.models import Checkpoint, Registration
from assises.permissions import AssisesPermission
from assises.reads.attestations import KIND, registration_named
from assises.reads.clock_words import hours_words
from assises.reads.presence import checkpoints_of
from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import Order
from e2c_portal.kernel import french
from schools.queries import current_network


def attendance_order(registration: Registration, counted: Sequence[Checkpoint]) -> Order:
    """Return what is to be printed of somebody counted at these checkpoints."""
    edition = registration.edition
    reference = f"AP-{edition.year}-{registration.pk:05d}"
    title = f"Attestation de présence aux Assises {edition.year}"
    return Order(KIND, registration, reference, title, content_of(registration, counted))


def content_of(registration: Registration, counted: Sequence[Checkpoint]) -> dict[str, Any]:
    """Return the values that the attestation prints: plain, dates in ISO form, hours in words."""
    edition, network = registration.edition, current_network()
    region = network.region_name if network else "Région"
    return {
        "issuer": region,
        "region": {"name": region, "lines": network.region_address.splitlines() if network else []},
        "person": {"name": registration.full_name, "from": comes_from(registration)},
        "edition": {"name": edition.name, "day": edition.held_on.isoformat(), "place": edition.place_line},
        "half_days": [_line(row) for row in counted if row.kind == Checkpoint.Kind.HALF_DAY],
        "sessions": [_line(row) for row in counted if row.kind == Checkpoint.Kind.SESSION],
        "counted": sorted(row.pk for row in counted),
    }


def comes_from(registration: Registration) -> str:
    """Return the school, the company or the body somebody comes from; empty when none was said."""
    return str(registration.school or registration.company or registration.organisation or "")


def _line(checkpoint: Checkpoint) -> dict[str, str]:
    return {"name": checkpoint.name, "hours": hours_words(checkpoint.opens_at, checkpoint.closes_at)}


def standing(document: Document, day: date) -> Standing:
    """Return what a sealed attestation is worth today, in words that name nobody: it follows the scans it attests."""
    registration = _registration(document)
    counted = sorted(row.pk for row in checkpoints_of(registration))
    if not counted:
        return Standing(
            "ended", "Révoquée",
            "Les passages que cette attestation disait ont été annulés : elle ne vaut plus.",
        )  # fmt: skip
    if counted != document.context["counted"] or document.successors.filter(sealed_at__isnull=False).exists():
        return Standing(
            "superseded", "Remplacée",
            "Les passages comptés ont été corrigés depuis : une attestation plus récente remplace celle-ci.",
        )  # fmt: skip
    return Standing("record", "Valable", "La Région atteste que cette personne a été comptée à l’entrée ce jour-là.")


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return what may be said to whoever holds the code: the event, never the person."""
    edition = _registration(document).edition
    return [("Événement", edition.name), ("Jour", french.day_in_letters(edition.held_on))]


def may_read(user: User, document: Document) -> bool:
    """Let the network and the person's own school read it; nobody any more once the names are erased."""
    registration = _registration(document)
    return registration.purged_at is None and user.has_perm(AssisesPermission.VIEW_REGISTRATION, registration)


def may_retry(user: User, document: Document) -> bool:
    return may_read(user, document) and user.has_perm(AssisesPermission.CHANGE_REGISTRATION, _registration(document))


def subject_url(document: Document) -> str:
    """Return the page of the attestation."""
    registration = _registration(document)
    return reverse("assises:attestation", args=[registration.edition.year, registration.pk])


def _registration(document: Document) -> Registration:
    found = registration_named(document.subject)
    assert found is not None  # noqa: S101  a registration is never deleted
    return found


ATTENDANCE = DocumentKind(
    name=KIND, label="Attestation de présence aux Assises", template="event_attendance", version="v1",
    standing=standing, public_facts=public_facts, may_read=may_read, subject_url=subject_url, may_retry=may_retry,
)  # fmt: skip
