"""The personal link of after the day: the attestation, and the survey."""

from datetime import timedelta

from assises.emails.after import send_after_link
from assises.reads.after_links import AFTER, contact_of, link_version, opened_by
from assises.views import after_space
from e2c_portal.kernel.errors import Refused
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.purposes import Purpose


def _send(link: PersonalLink) -> None:
    registration = opened_by(link)
    if registration is None:
        raise Refused("Ce lien ne mène plus à personne.", code="no_access")
    send_after_link(registration)


def _may_renew(link: PersonalLink) -> bool:
    return opened_by(link) is not None


AFTER_THE_DAY = Purpose(
    name=AFTER,
    label="Après les Assises",
    lifetime=timedelta(days=90),
    pages={"": after_space.home, "document": after_space.document, after_space.SURVEY: after_space.survey},
    send=_send,
    current_version=link_version,
    may_renew=_may_renew,
    contact=contact_of,
    expired_text="Par sécurité, ce lien s’ouvre pendant trois mois. Demandez-en un nouveau : il arrive à la même adresse.",
    revoked_text="Ce lien ne s’ouvre plus : vos passages ont été annulés, ou les noms de cette édition sont effacés.",
)
