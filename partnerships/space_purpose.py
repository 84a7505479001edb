"""The personal link by which a contact enters the space of its company."""

from collections import ChainMap
from datetime import timedelta

from e2c_portal.links.models import PersonalLink
from e2c_portal.links.purposes import Purpose
from partnerships import space_emails, space_pages
from partnerships.followers import contact_words, officers_of
from partnerships.space_access import SPACE_LINK, contact_of, opens
from partnerships.views import space, space_acts


def _send(link: PersonalLink) -> None:
    if contact := contact_of(link.subject):
        space_emails.send_access(contact)


def _version(link: PersonalLink) -> str | None:
    return link.version if opens(link) else None


def _contact(link: PersonalLink) -> str:
    contact = contact_of(link.subject)
    return contact_words(officers_of(contact.company)) if contact else ""


SPACE = Purpose(
    name=SPACE_LINK,
    label="Espace entreprise",
    lifetime=timedelta(days=90),
    # What upper apps add comes after: they are set up once this app is.
    pages=ChainMap(
        {
            "": space.home,
            "document": space.document,
            "contacts": space.contacts,
            "signature": space_acts.signature,
            "demandes": space_acts.requests,
            "realisation": space_acts.delivery,
            "remplacant": space_acts.replacement,
            "messages": space_acts.messages,
        },
        space_pages.VIEWS,
    ),
    send=_send,
    current_version=_version,
    may_renew=opens,
    contact=_contact,
    expired_text="Par sécurité, le lien de l’espace entreprise s’ouvre pendant trois mois. Demandez-en un nouveau.",
    revoked_text=(
        "Cet accès a pris fin : une autre personne a pris votre place, votre adresse a changé, ou la Région l’a retiré."
    ),
)
