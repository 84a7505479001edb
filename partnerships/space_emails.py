"""The messages between the Région and the contacts of companies. The link of the space is made at the moment of sending.

One message alone carries the link: each new one retires the former, and a receipt must not close the page being read.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import day_in_letters
from e2c_portal.links import issuing
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import send_mail_on_commit
from partnerships.followers import contact_words, officers_of
from partnerships.models import CompanyContact, CompanyRequest, ContactReplacement
from partnerships.models.requests import CLOSED
from partnerships.space_access import ACCESS_MAIL, contact_of, contacts_reached, living_link

RECEIPT, ANSWER, TO_HANDLE = (
    "partnerships.request_receipt",
    "partnerships.request_answer",
    "partnerships.request_to_handle",
)
REPLACED, REPLACEMENT, CHANGED = (
    "partnerships.space_replaced", "partnerships.contact_replaced", "partnerships.space_contact_changed",
)  # fmt: skip
EXAMPLE_LINK = "https://portail.exemple.invalid/lien/exemple/"
NO_ACCESS = "Cette personne n’a plus accès à l’espace de l’entreprise."


def send_access(contact: CompanyContact, replacement: ContactReplacement | None = None) -> Mail:
    """Ask for the message that carries the link. Raises Refused within five minutes of the last one."""
    more = {"named_by": "", "from_day": ""}
    if replacement:
        more = {"named_by": replacement.former.full_name, "from_day": day_in_letters(replacement.effective_on)}
    return _to_contact(ACCESS_MAIL, contact, contact, more)


def send_receipt(request: CompanyRequest) -> None:
    """Acknowledge a request at once (accusé de réception, CRPA L112-11), with the text as it was received."""
    _to_contact(RECEIPT, request.contact, request, _request_words(request))


def send_answer(request: CompanyRequest, officer: User) -> None:
    """Tell whoever asked what the Région answers, or why it sets the request aside."""
    more = {"answer": request.answer, "set_aside": request.status == CLOSED, "answered_by": officer.full_name}
    _to_contact(ANSWER, request.contact, request, {**_request_words(request), **more}, reply_to=officer.email)


def tell_officers_of_request(request: CompanyRequest) -> None:
    """Tell those who follow the company that a request waits."""
    words = {**_request_words(request), "who": request.contact.full_name, "url": _address(request)}
    _to_officers(TO_HANDLE, officers_of(request.company), request, {**words, "company": request.company.legal_name})


def tell_of_replacement(replacement: ContactReplacement) -> None:
    """Confirm to whoever named somebody, and tell the officers and the other contacts: a link that went astray is seen at once."""
    former, company = replacement.former, replacement.former.company
    words = {
        "former": former.full_name, "successor": replacement.successor.full_name,
        "from_day": day_in_letters(replacement.effective_on), "leaves": replacement.leaves,
    }  # fmt: skip
    _to_contact(REPLACED, former, replacement, words)
    officer_words = {**words, "company": company.legal_name, "url": _address(company)}
    _to_officers(REPLACEMENT, officers_of(company), replacement, officer_words)
    for contact in contacts_reached(company):
        if contact.pk not in (former.pk, replacement.successor_id):
            _to_contact(CHANGED, contact, replacement, words)


def _to_contact(
    kind: str, contact: CompanyContact, record: Any, words: Mapping[str, Any], *, reply_to: str = ""
) -> Mail:
    officers = officers_of(contact.company)
    recipient = Recipient(contact.email, contact.full_name, reply_to or next((o.email for o in officers), ""))
    context = {"company": contact.company.legal_name, "contact": contact_words(officers), **words}
    return send_mail_on_commit(kind, recipient, record, context)


def _to_officers(kind: str, officers: Iterable[User], record: Any, words: Mapping[str, Any]) -> None:
    for officer in officers:
        send_mail_on_commit(kind, Recipient(officer.email, officer.full_name), record, words)


def _request_words(request: CompanyRequest) -> dict[str, Any]:
    received = date_format(timezone.localtime(request.received_at), "j F Y à H:i")
    convention = request.convention.number if request.convention else ""
    return {
        "reference": request.reference, "kind_label": request.get_kind_display(), "text": request.text,
        "received": received, "convention": convention,
    }  # fmt: skip


def _address(record: Any) -> str:
    return settings.PORTAL_URL + record.get_absolute_url()


def access_secret(mail: Mail) -> dict[str, str]:
    """Make the link of a message that is leaving. Raises Refused when this person has no access any more."""
    contact = contact_of(mail.subject)
    link = living_link(contact) if contact else None
    if link is None:
        raise Refused(NO_ACCESS, code="no_access")
    return {"link": issuing.rotate(link, delivery=mail.delivery)}


def access_left(mail: Mail) -> None:
    """Retire the links of earlier messages, now that this one left."""
    issuing.delivered(mail.delivery)


COMPANY = {"company": "Fabrique d’Oc (exemple)", "contact": "Claire Exemple (claire@region.example)"}
REQUEST = {
    "reference": "DE-12", "kind_label": "Une convention", "convention": "CP-2026-001", "received": "3 mars 2027 à 14:05",
    "text": "Nous voudrions accueillir deux stagiaires de plus.",
}  # fmt: skip
MOVE = {
    "former": "Paul Exemple", "successor": "Lucie Modèle", "from_day": "1er avril 2027", "leaves": True,
    "url": "https://portail.exemple.invalid/entreprises/1/",
}  # fmt: skip
TYPES: tuple[MailType, ...] = (
    MailType(
        ACCESS_MAIL, "Accès à l’espace entreprise", cool_down=timedelta(minutes=5), examples={"link": EXAMPLE_LINK},
        subject="Votre accès à l’espace de {{ company }}", secrets=access_secret, sent=access_left,
        sample={**COMPANY, "named_by": "", "from_day": ""},
    ),
    MailType(
        RECEIPT, "Accusé de réception d’une demande", subject="Votre demande {{ reference }} est bien reçue",
        sample={**COMPANY, **REQUEST},
    ),
    MailType(
        ANSWER, "Réponse à une demande", subject="Réponse à votre demande {{ reference }}",
        sample={
            **COMPANY, **REQUEST, "answer": "C’est entendu : un avenant vous sera proposé.", "set_aside": False,
            "answered_by": "Claire Exemple",
        },
    ),
    MailType(
        TO_HANDLE, "Demande d’une entreprise à traiter", subject="Demande {{ reference }} de {{ company }}",
        digestable=True, stoppable=True, staff=True, sample={**COMPANY, **REQUEST, "who": "Paul Exemple", "url": MOVE["url"]},
    ),
    MailType(
        REPLACED, "Remplaçant désigné", subject="{{ successor }} vous remplace auprès des Écoles de la 2e chance",
        sample={**COMPANY, **MOVE},
    ),
    MailType(
        REPLACEMENT, "Contact remplacé", subject="Nouveau contact chez {{ company }} : {{ successor }}",
        digestable=True, stoppable=True, staff=True, sample={**COMPANY, **MOVE},
    ),
    MailType(
        CHANGED, "Changement de contact dans mon entreprise", subject="Nouveau contact de {{ company }} : {{ successor }}",
        digestable=True, stoppable=True, sample={**COMPANY, **MOVE},
    ),
)  # fmt: skip
# What contacts may stop; all that a procedure asks for still reaches them.
STOPPED_BY_CONTACTS = (CHANGED,)
