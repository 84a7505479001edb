"""The personal link by which one registers oneself, then follows, changes or cancels the registration."""

from datetime import timedelta

from assises.emails.registrations import send_link
from assises.models import Edition
from assises.reads.own_registration import REGISTRATION_LINK, edition_named, opens
from assises.views import own_acts, own_registration
from e2c_portal.kernel.errors import Refused
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.purposes import Purpose


def _send(link: PersonalLink) -> None:
    edition = edition_named(link.subject)
    if edition is None:
        raise Refused("Ce lien ne mène plus à rien.", code="no_access")
    send_link(edition, link.email)


def _version(link: PersonalLink) -> str | None:
    return link.version if opens(link) else None


def _contact(link: PersonalLink) -> str:
    edition: Edition | None = edition_named(link.subject)
    return f"Écrivez à {edition.contact_email}" if edition and edition.contact_email else ""


REGISTRATION = Purpose(
    name=REGISTRATION_LINK,
    label="S’inscrire aux Assises",
    # Bounded by each edition: forty days after its day (reads.own_registration.end_of_link).
    lifetime=timedelta(days=400),
    pages={
        "": own_registration.home,
        own_registration.REGISTER: own_registration.register,
        own_registration.CHANGE: own_registration.change,
        own_registration.CALENDAR: own_registration.calendar,
        own_registration.WORKSHOPS: own_acts.workshops,
        own_registration.PHOTOS: own_acts.photos,
        own_registration.ACCEPT: own_acts.accept,
        own_registration.CANCEL: own_acts.cancel,
    },
    send=_send,
    current_version=_version,
    may_renew=opens,
    contact=_contact,
    expired_text="Ce lien ne s’ouvre plus. S’il est encore temps, demandez-en un nouveau.",
    revoked_text="Ce lien n’ouvre plus rien : l’édition n’est plus annoncée. Écrivez à la Région pour en savoir plus.",
)
