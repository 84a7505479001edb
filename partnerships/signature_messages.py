"""What the officer who put a text to signature is told, once each: signed by all, or stopped."""

from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.requesting import send_mail_on_commit
from e2c_portal.signing.models import Envelope
from partnerships.models import ConventionAmendment, PartnershipConvention

SIGNED, STOPPED = "partnerships.signed", "partnerships.signature_stopped"

TYPES = (
    MailType(SIGNED, "Convention ou avenant signé par tous", subject="Signé par tous : {{ title }}"),
    MailType(STOPPED, "Signature arrêtée, pour qui la suit", subject="Signature arrêtée : {{ title }}"),
)


def send_signed(envelope: Envelope, subject: PartnershipConvention | ConventionAmendment, blocked: str = "") -> None:
    """Say that everybody has signed, and what prevents the signature from being recorded, if anything does."""
    _send(SIGNED, envelope, subject, {"blocked": blocked})


def send_stopped(envelope: Envelope, subject: PartnershipConvention | ConventionAmendment) -> None:
    """Say that a signature was refused or that its time has passed."""
    _send(STOPPED, envelope, subject, {"why": envelope.end_reason, "expired": envelope.status == "expired"})


def _send(
    kind: str, envelope: Envelope, subject: PartnershipConvention | ConventionAmendment, more: dict[str, object]
) -> None:
    follower = envelope.opened_by
    if not follower.is_active or not follower.email:
        return
    context = {
        "title": envelope.document.title,
        "reference": envelope.document.reference,
        "path": subject.get_absolute_url(),
    }
    send_mail_on_commit(kind, Recipient(follower.email, str(follower)), subject, {**context, **more})
