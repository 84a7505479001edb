"""Who may enter the space of a company by a personal link, and where each access stands.

A link is made for one contact and one address. It opens the space of the company where this contact is today: a merge of
two records moves it along. It opens no more once the contact has left, was replaced, or has another address.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.workflow import State
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.queries import state_of as link_state
from e2c_portal.mailing.models import Mail, Status
from e2c_portal.mailing.queries import next_step
from e2c_portal.mailing.queries import state_of as message_state
from partnerships.models import Company, CompanyContact, ContactReplacement

SPACE_LINK = "partnerships.space"
# The message that carries the link.
ACCESS_MAIL = "partnerships.space_access"
NONE = State("Pas d’accès", "Aucun lien ne lui a été envoyé.", "neutral")


def contact_of(subject: str) -> CompanyContact | None:
    """Return the contact that a link or a message names as "partnerships.companycontact:12", None when it is something else.

    Somebody known on two records that were merged is one contact, as long as both have the same address.
    """
    label, _, number = subject.partition(":")
    if label != CompanyContact._meta.label_lower or not number.isdecimal():
        return None
    rows = CompanyContact.objects.select_related("company", "duplicate_of__company")
    contact = rows.filter(pk=int(number)).first()
    while contact is not None and contact.duplicate_of is not None:
        kept = contact.duplicate_of
        contact = rows.get(pk=kept.pk) if kept.email.lower() == contact.email.lower() else None
    return contact


def opens(link: PersonalLink) -> bool:
    """Say whether a link that nobody withdrew still leads somewhere."""
    contact = contact_of(link.subject)
    if contact is None or not contact.is_here_on(timezone.localdate()):
        return False
    return contact.email.lower() == link.email.lower() and not _replaced(link, contact)


def _replaced(link: PersonalLink, contact: CompanyContact) -> bool:
    """Say whether this contact was replaced since the link was prepared: an officer may give a new one after that."""
    named = ContactReplacement.objects.filter(
        former__in=[contact, *doubles_of([contact])], effective_on__lte=timezone.localdate()
    )
    return named.filter(named_at__gte=link.prepared_at).exists()


def links_of_contact(contact: CompanyContact) -> list[PersonalLink]:
    """Return the links of a contact that nobody withdrew, those of their doubles included, latest first."""
    names = [subject_of(row) for row in (contact, *doubles_of([contact]))]
    links = PersonalLink.objects.filter(purpose=SPACE_LINK, subject__in=names, revoked_at=None, replaced_by=None)
    return list(links.order_by("-prepared_at", "-pk"))


def living_link(contact: CompanyContact) -> PersonalLink | None:
    """Return the link that opens the space to this contact, None when there is none any more."""
    return next((link for link in links_of_contact(contact) if opens(link)), None)


def doubles_of(contacts: Iterable[CompanyContact]) -> list[CompanyContact]:
    """Return every line that was found to be a double of these contacts, directly or not."""
    found: list[CompanyContact] = []
    generation = [contact.pk for contact in contacts]
    while generation:
        rows = list(CompanyContact.objects.filter(duplicate_of__in=generation))
        found += rows
        generation = [row.pk for row in rows]
    return found


@dataclass(frozen=True)
class Access:
    """Whether a contact may enter the space, by which link and message, and what to do next."""

    contact: CompanyContact
    link: PersonalLink | None
    message: Mail | None
    state: State
    advice: str = ""
    closed: bool = False

    @property
    def may_withdraw(self) -> bool:
        return not self.closed and self.link is not None and self.link.revoked_at is None

    @property
    def reached(self) -> bool:
        """Say whether a link that still opens was sent."""
        return self.may_withdraw and self.link is not None and self.link.issued_at is not None

    @property
    def link_state(self) -> State | None:
        return link_state(self.link) if self.link else None

    @property
    def message_state(self) -> State | None:
        return message_state(self.message) if self.message else None

    @property
    def message_next(self) -> str:
        return next_step(self.message) if self.message else ""


def accesses_of(contacts: list[CompanyContact]) -> dict[int, Access]:
    """Return the access of each contact, by its number, in a constant number of queries."""
    persons = _persons(contacts)
    names = [name for group in persons.values() for name in group]
    links: dict[str, list[PersonalLink]] = defaultdict(list)
    for link in PersonalLink.objects.filter(purpose=SPACE_LINK, subject__in=names).order_by("-prepared_at", "-pk"):
        links[link.subject].append(link)
    if not links:
        return {contact.pk: _access(contact, [], None, None) for contact in contacts}
    mails = Mail.objects.filter(kind=ACCESS_MAIL, subject__in=names).defer("context").order_by("requested_at", "pk")
    latest = {(mail.subject, mail.email.lower()): mail for mail in mails}
    replaced = _latest_replacements(contacts)
    return {
        contact.pk: _access(
            contact, [link for name in persons[contact.pk] for link in links[name]],
            next((latest[key] for name in persons[contact.pk] if (key := (name, contact.email.lower())) in latest), None),
            replaced.get(contact.pk),
        )
        for contact in contacts
    }  # fmt: skip


def _persons(contacts: list[CompanyContact]) -> dict[int, list[str]]:
    """Return the names under which links may have been made for each contact: theirs, then those of their doubles."""
    persons = {contact.pk: [subject_of(contact)] for contact in contacts}
    owner = {contact.pk: contact.pk for contact in contacts}
    for row in doubles_of(contacts):
        owner[row.pk] = owner[row.duplicate_of_id]  # type: ignore[index]
        persons[owner[row.pk]].append(subject_of(row))
    return persons


def _latest_replacements(contacts: list[CompanyContact]) -> dict[int, ContactReplacement]:
    rows = ContactReplacement.objects.filter(former__in=contacts).select_related("successor").order_by("named_at", "pk")
    return {row.former_id: row for row in rows}


def _access(
    contact: CompanyContact, links: list[PersonalLink], message: Mail | None, replaced: ContactReplacement | None
) -> Access:
    link = next((row for row in links if row.email.lower() == contact.email.lower()), None)
    today = timezone.localdate()
    if link is None:
        return Access(contact, None, None, NONE, "" if contact.email else "Ajoutez d’abord son adresse électronique.")
    if not contact.is_here_on(today):
        return Access(contact, link, message, _ended("Cette personne a quitté l’entreprise."), closed=True)
    if replaced and replaced.effective_on <= today and link.prepared_at <= replaced.named_at:
        return Access(contact, link, message, _ended(f"{replaced.successor.full_name} a pris sa place."), closed=True)
    return Access(contact, link, message, _state(link, message), _advice(contact, message))


def _ended(why: str) -> State:
    return State("Fermé", why, "neutral")


def _state(link: PersonalLink, message: Mail | None) -> State:
    """Return what is known last: a message that did not arrive says more than a link that waits."""
    if message and message.status in (Status.FAILED, Status.BOUNCED) and not link.revoked_at:
        return message_state(message)
    return link_state(link)


def _advice(contact: CompanyContact, message: Mail | None) -> str:
    """Return the next best way to reach somebody whom the message did not reach, empty when nothing has to be done."""
    if message is None or message.status not in (Status.FAILED, Status.BOUNCED):
        return ""
    if contact.phone:
        return f"Le courriel ne lui parvient pas : appelez le {contact.phone} et demandez une adresse qui marche."
    return "Le courriel ne lui parvient pas : corrigez son adresse, ou choisissez un autre contact de l’entreprise."


def contacts_reached(company: Company) -> list[CompanyContact]:
    """Return the contacts of a company who received a link that still opens its space, in a constant number of queries."""
    present = list(contacts_here(company).exclude(email=""))
    accesses = accesses_of(present)
    return [contact for contact in present if accesses[contact.pk].reached]


def contacts_here(company: Company) -> QuerySet[CompanyContact]:
    """Return the contacts who work in a company today, each once."""
    here = Q(left_on=None) | Q(left_on__gt=timezone.localdate())
    return company.contacts.filter(here, duplicate_of=None).select_related("establishment")
