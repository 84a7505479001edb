"""The personal links that the messages around the day carry: that of the registration, and that of after the day.

Their holders are never named in them, for the preparation of a link is written in the trace with that name.
"""

from assises.models import Registration
from assises.reads.after_links import AFTER, names_end_at
from assises.reads.own_registration import REGISTRATION_LINK, end_of_link
from e2c_portal.links.issuing import Holder, prepare
from e2c_portal.links.models import PersonalLink

VERSION = "1"


def registration_link(registration: Registration) -> PersonalLink:
    """Return the link by which somebody shows, changes or cancels what they registered: of the edition, for their address.

    The very one that registering prepared, made again where there is none: it has no version, and ends with the edition.
    """
    edition = registration.edition
    ends = end_of_link(edition)
    return prepare(REGISTRATION_LINK, edition, "", _holder(registration), not_after=ends)


def after_link(registration: Registration) -> PersonalLink:
    """Return the link of somebody's attestation and survey; it ends when the names are erased."""
    edition = registration.edition
    return prepare(AFTER, registration, VERSION, _holder(registration), not_after=names_end_at(edition))


def _holder(registration: Registration) -> Holder:
    return Holder(f"une personne inscrite aux Assises {registration.edition.year}", registration.email)
