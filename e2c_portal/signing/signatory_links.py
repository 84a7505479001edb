"""The personal link of a signatory: bound to the exact bytes to sign, and to the end of the envelope."""

from datetime import timedelta

from e2c_portal.documents.signing_steps import base_revision
from e2c_portal.links import issuing
from e2c_portal.links.issuing import Holder
from e2c_portal.links.models import PersonalLink
from e2c_portal.signing.models import EnvelopeStatus, Signatory

SIGN_LINK = "signing.sign"
# Once signed by all, the link still leads to the sealed document for this long.
KEPT_AFTER_THE_SEAL = timedelta(days=90)


def link_for(signatory: Signatory) -> PersonalLink:
    """Return the link of a signatory, prepared if need be. Raises Refused without e-mail or phone."""
    envelope = signatory.envelope
    limit = envelope.expires_at
    if envelope.status == EnvelopeStatus.COMPLETED and envelope.ended_at:
        limit = envelope.ended_at + KEPT_AFTER_THE_SEAL
    version = base_revision(envelope.document).sha256
    holder = Holder(signatory.full_name, signatory.email, signatory.phone)
    return issuing.prepare(SIGN_LINK, signatory, version, holder, not_after=limit)


def signatory_of(subject: str) -> Signatory | None:
    """Return the signatory that a link or a message names as "signing.signatory:12", None when it is something else."""
    label, _, number = subject.partition(":")
    if label != Signatory._meta.label_lower or not number.isdecimal():
        return None
    rows = Signatory.objects.select_related("envelope__document", "envelope__opened_by")
    return rows.filter(pk=int(number)).first()
