"""The people met in companies, as the data officer handles them: their coordinates go, what they signed stays."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model, Q

from e2c_portal.links.models import PersonalLink
from e2c_portal.mailing.models import Mail
from e2c_portal.privacy.people import PersonKind, Told
from partnerships.models import CompanyContact
from partnerships.operations.retention_rules import ERASED_CONTACT

FOUND_AT_ONCE = 20


def search(words: str) -> list[CompanyContact]:
    """Return contacts by name or address, those erased aside."""
    found = CompanyContact.objects.filter(Q(full_name__icontains=words) | Q(email__icontains=words))
    return list(found.exclude(full_name=ERASED_CONTACT).select_related("company")[:FOUND_AT_ONCE])


def blank(contact: CompanyContact) -> Mapping[str, Any]:
    """Return what an erased contact holds: a place in a company, and nobody."""
    return {"full_name": ERASED_CONTACT, "job_title": "", "email": "", "phone": ""}


def told(contacts: Sequence[CompanyContact]) -> list[Told]:
    """Tell the contacts who have an address."""
    return [Told(contact.email, contact.full_name) for contact in contacts if contact.email]


def written_to(contact: CompanyContact) -> Iterable[Model]:
    """Return the links and messages that went to the address of a contact."""
    if not contact.email:
        return []
    links = PersonalLink.objects.filter(email__iexact=contact.email)
    return [*Mail.objects.filter(email__iexact=contact.email), *links]


CONTACT = PersonKind(
    slug="contacts", label="Contact d’une entreprise", model="partnerships.CompanyContact", search=search,
    describe=lambda contact: f"{contact.full_name}, {contact.company}", names=lambda contact: [contact.full_name, contact.email],
    blank=blank, deletes=False, told=told, also=written_to,
)  # fmt: skip
