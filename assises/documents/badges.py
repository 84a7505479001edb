"""Badges as a document: the context keeps numbers of registrations; names and tickets are read when it is made."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from assises.life import registrations as life
from assises.models import BadgeSheet, Registration
from assises.permissions import AssisesPermission
from assises.reads.badges import BADGES
from assises.reads.door import CATEGORY_OF_ONE, fingerprint_of, whose
from assises.reads.tickets import ticket_of
from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import Order
from e2c_portal.kernel.errors import Refused
from e2c_portal.ui.qr_codes import qr_code

PER_SHEET = 8
# Beyond, a document would last longer than a worker is given (settings.CELERY_TASK_SOFT_TIME_LIMIT).
PER_DOCUMENT = 400
# How many letters a line of a badge holds, in its large and in its smaller type.
LARGE, SMALLER = 15, 22


def badge_order(sheet: BadgeSheet, people: Sequence[Registration]) -> Order:
    """Return what is to be printed: who, by number, in the order of names. Nobody is named in what is kept."""
    edition = sheet.edition
    content = {
        "issuer": "", "about": sheet.label, "people": [[row.pk, row.ticket_serial] for row in people],
        # A name that was corrected since makes another document.
        "list": fingerprint_of(f"{row.first_name} {row.last_name} {row.category} {whose(row)}" for row in people),
        "edition": {"name": edition.name, "held_on": edition.held_on.isoformat()},
    }  # fmt: skip
    return Order(BADGES, sheet, f"BADGES-{edition.year}-{sheet.pk}", f"Badges : {sheet.label}", content)


def badges_at_rendering(document: Document) -> Mapping[str, Any]:
    """Return the badges themselves, eight a sheet. Whoever gave their place back meanwhile has none.

    Raises Refused when nobody is left, or when a ticket cannot be made any more.
    """
    numbers = [number for number, _ in document.context["people"]]
    people = Registration.objects.filter(pk__in=numbers, status=life.CONFIRMED, purged_at=None)
    badges = [_badge(row) for row in people.select_related("school").order_by("search", "pk")]
    if not badges:
        raise Refused("Plus personne n’a de place parmi ces inscriptions : demandez d’autres badges.", code="nobody")
    return {"sheets": [badges[first : first + PER_SHEET] for first in range(0, len(badges), PER_SHEET)]}


def _badge(row: Registration) -> dict[str, Any]:
    try:
        ticket = ticket_of(row)
    except LookupError as error:
        raise Refused(
            "La clé du serveur a changé et ne fait plus certains billets : renouvelez-les, puis redemandez les badges.",
            code="lost_key",
        ) from error
    code = qr_code(ticket)
    return {
        "first": row.first_name, "last": row.last_name, "size": _size(max(len(row.first_name), len(row.last_name))),
        "category": row.category, "label": CATEGORY_OF_ONE[row.category], "whose": whose(row), "ticket": ticket,
        "modules": code.side, "path": code.path(),
    }  # fmt: skip


def _size(letters: int) -> str:
    if letters <= LARGE:
        return ""
    return "long" if letters <= SMALLER else "longest"


def _sheet_of(document: Document) -> BadgeSheet | None:
    return BadgeSheet.objects.select_related("edition").filter(pk=document.subject.rsplit(":", 1)[1]).first()


def standing(document: Document, day: date) -> Standing:
    """Say that badges prove nothing by themselves, in words that name no person."""
    return Standing("record", "Badges", "Ces badges sont sortis du portail. L’entrée dépend du billet, lu à la porte.")


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return what may be said of badges to whoever holds the code of the document."""
    sheet = _sheet_of(document)
    return [("Édition", sheet.edition.name), ("Badges", str(sheet.people))] if sheet else []


def may_read(user: User, document: Document) -> bool:
    """Say whether somebody may read tickets: those who manage registrations, and nobody else."""
    return user.has_perm(AssisesPermission.MANAGE_REGISTRATIONS)


def subject_url(document: Document) -> str:
    """Return the page where badges are asked for."""
    sheet = _sheet_of(document)
    return reverse("assises:badges", args=[sheet.edition.year]) if sheet else reverse("assises:index")


KIND = DocumentKind(
    name=BADGES, label="Planche de badges", template="assises_badges", version="v1", standing=standing,
    public_facts=public_facts, may_read=may_read, subject_url=subject_url, may_retry=may_read, secrets=badges_at_rendering,
)  # fmt: skip
