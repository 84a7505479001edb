"""The attendance sheet of a half-day or of a session, to be signed on paper: names are read when it is made."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from assises.models import Checkpoint
from assises.permissions import AssisesPermission
from assises.reads.badges import ATTENDANCE_SHEET
from assises.reads.door import CATEGORY_OF_ONE, expected_at, fingerprint_of, whose
from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import Order
from e2c_portal.kernel.errors import Refused


def sheet_order(checkpoint: Checkpoint) -> Order:
    """Return what is to be printed: how many people and a fingerprint of the list. Nobody is named in what is kept."""
    edition, people = checkpoint.edition, list(expected_at(checkpoint))
    content = {
        "issuer": "", "people": len(people),
        "list": fingerprint_of(f"{row.pk} {row.last_name} {row.first_name} {row.category} {whose(row)}" for row in people),
        "edition": {"name": edition.name, "held_on": edition.held_on.isoformat(), "place": edition.place_line},
        "checkpoint": {"name": checkpoint.name, "hours": _hours(checkpoint)},
    }  # fmt: skip
    reference = f"EMARGEMENT-{edition.year}-{checkpoint.pk}"
    return Order(ATTENDANCE_SHEET, checkpoint, reference, f"Feuille d’émargement : {checkpoint}", content)


def _hours(checkpoint: Checkpoint) -> str:
    opens, closes = checkpoint.opens_at, checkpoint.closes_at
    return f"de {opens.hour} h {opens.minute:02d} à {closes.hour} h {closes.minute:02d}"


def rows_at_rendering(document: Document) -> Mapping[str, Any]:
    """Return who is expected now, by name. Raises Refused when the checkpoint is gone or expects nobody."""
    checkpoint = checkpoint_of(document)
    people = list(expected_at(checkpoint)) if checkpoint else []
    if not people:
        raise Refused("Personne n’est attendu à ce contrôle.", code="nobody")
    return {
        "rows": [
            {
                "number": str(number), "last": row.last_name, "first": row.first_name, "category": CATEGORY_OF_ONE[row.category],
                "whose": whose(row),
            }
            for number, row in enumerate(people, start=1)
        ]
    }  # fmt: skip


def checkpoint_of(document: Document) -> Checkpoint | None:
    """Return the checkpoint of a sheet, None once it was removed."""
    rows = Checkpoint.objects.select_related("edition", "session")
    return rows.filter(pk=document.subject.rsplit(":", 1)[1]).first()


def standing(document: Document, day: date) -> Standing:
    """Say what a blank sheet is worth: nothing until it is signed. It names nobody."""
    return Standing(
        "record",
        "Feuille à signer",
        "C’est la liste des personnes attendues, à signer sur papier. Non signée, elle ne prouve rien.",
    )


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return what may be said of a sheet to whoever holds its code."""
    checkpoint = checkpoint_of(document)
    return [("Édition", checkpoint.edition.name), ("Contrôle", checkpoint.name)] if checkpoint else []


def may_read(user: User, document: Document) -> bool:
    return user.has_perm(AssisesPermission.VIEW_DOOR)


def may_retry(user: User, document: Document) -> bool:
    return user.has_perm(AssisesPermission.KEEP_DOOR)


def subject_url(document: Document) -> str:
    """Return the page of the door."""
    checkpoint = checkpoint_of(document)
    return reverse("assises:door", args=[checkpoint.edition.year]) if checkpoint else reverse("assises:index")


KIND = DocumentKind(
    name=ATTENDANCE_SHEET, label="Feuille d’émargement", template="assises_sheet", version="v1", standing=standing,
    public_facts=public_facts, may_read=may_read, subject_url=subject_url, may_retry=may_retry, secrets=rows_at_rendering,
)  # fmt: skip
