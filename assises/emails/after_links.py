"""The personal links that the messages around the day carry: that of the registration, and that of after the day.

Their holders are never named in them, for the preparation of a link is written in the trace with that name.
"""

from assises.models import Registration
from assises.reads.after_links import AFTER, names_end_at
from e2c_portal.links.issuing import Holder, prepare
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.queries import links_of

REGISTRATION_LINK = "assises.registration"
VERSION = "1"


def registration_link(registration: Registration) -> PersonalLink:
    """Return the link by which somebody shows, changes or cancels what they registered: of the edition, for their address."""
    edition = registration.edition
    alive = links_of(edition, purpose=REGISTRATION_LINK).filter(
        email__iexact=registration.email, revoked_at=None, replaced_by=None
    )
    return alive.first() or prepare(REGISTRATION_LINK, edition, VERSION, _holder(registration))


def after_link(registration: Registration) -> PersonalLink:
    """Return the link of somebody's attestation and survey; it ends when the names are erased."""
    edition = registration.edition
    return prepare(AFTER, registration, VERSION, _holder(registration), not_after=names_end_at(edition))


def _holder(registration: Registration) -> Holder:
    return Holder(f"une personne inscrite aux Assises {registration.edition.year}", registration.email)
