"""Ask for badges and attendance sheets: Celery makes the documents, the page follows them."""

from django.db import transaction

from assises.documents.badges import PER_DOCUMENT, badge_order
from assises.documents.sheets import sheet_order
from assises.models import BadgeSheet, Category, Checkpoint, Edition, Registration
from assises.operations.doors import require_keeping
from assises.operations.places import require_managing
from assises.reads.badges import BadgeChoice, confirmed_person, to_badge
from assises.reads.door import expected_at
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.documents.models import Batch, Document
from e2c_portal.documents.requesting import request_batch, request_document
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import counted, day_in_letters
from e2c_portal.kernel.submissions import Sending, once

EVERYBODY = "Toutes les personnes inscrites"
REPRINT = "Un badge, réimprimé"


@transaction.atomic
def print_badges(edition: Edition, choice: BadgeChoice, actor: User, *, sending: Sending | None = None) -> Batch:
    """Ask for the badges of everybody confirmed that a choice keeps, in documents of four hundred, by name.

    Raises NotAllowed, Refused when nobody is kept.
    """
    require_managing(actor)
    people = list(to_badge(edition, choice))
    if not people:
        raise Refused("Personne n’est inscrit parmi ce choix : il n’y a pas de badge à imprimer.", code="nobody")
    return once(sending, actor, Batch, lambda: _asked(edition, people, words_of(choice), actor))


def _asked(edition: Edition, people: list[Registration], label: str, actor: User) -> Batch:
    parts = [people[first : first + PER_DOCUMENT] for first in range(0, len(people), PER_DOCUMENT)]
    orders = []
    for number, part in enumerate(parts, start=1):
        told = f"{label} ({number} sur {len(parts)})" if len(parts) > 1 else label
        sheet = BadgeSheet.objects.create(edition=edition, label=told, people=len(part), requested_by=actor)
        orders.append(badge_order(sheet, part))
    badges = counted(len(people), "badge", "badges")
    record(actor, "badges.requested", edition, f"{badges} : {label}", people=len(people))
    return request_batch(f"Badges des Assises {edition.year} : {label}", orders, actor)


@transaction.atomic
def reprint_badge(edition: Edition, registration_id: int, actor: User) -> Document:
    """Ask for the badge of one person. Raises NotAllowed, Refused for somebody who has no place."""
    require_managing(actor)
    person = confirmed_person(edition, registration_id)
    if person is None:
        raise Refused("Cette personne n’a pas de place : il n’y a pas de badge à imprimer.", code="nobody")
    # Pressed twice while the first one is being made, it is made once: the sheet of a person serves again.
    sheet = BadgeSheet.objects.filter(edition=edition, registration=person).first() or BadgeSheet.objects.create(
        edition=edition, registration=person, label=REPRINT, people=1, requested_by=actor
    )
    record(actor, "badges.reprinted", person, "Badge réimprimé")
    return request_document(badge_order(sheet, [person]), actor)


def words_of(choice: BadgeChoice) -> str:
    """Say in French for whom badges are asked; no person is named."""
    told = [Category(choice.category).label] if choice.category else []
    told += [str(choice.school)] if choice.school else []
    label = ", ".join(told) or EVERYBODY
    return f"{label}, depuis le {day_in_letters(choice.since)}" if choice.since else label


@transaction.atomic
def print_sheet(checkpoint: Checkpoint, actor: User) -> Document:
    """Ask for the attendance sheet of a checkpoint; the same list gives the same document. Raises NotAllowed, Refused."""
    require_keeping(actor)
    if not expected_at(checkpoint).exists():
        raise Refused("Personne n’est attendu à ce contrôle : il n’y a pas de feuille à imprimer.", code="nobody")
    return request_document(sheet_order(checkpoint), actor)
