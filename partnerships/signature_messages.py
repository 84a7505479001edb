"""What those who follow a signature are told at once: signed by all, or stopped. Limits are told by the signing engine."""

from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.requesting import send_mail_on_commit
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.purposes import purpose_of
from partnerships.models import ConventionAmendment, PartnershipConvention

SIGNED, STOPPED = "partnerships.signed", "partnerships.signature_stopped"

SAMPLE = {
    "title": "Convention de partenariat avec Exemple d’Oc",
    "reference": "CP-2026-001",
    "path": "/conventions/1/",
}
TYPES = (
    MailType(
        SIGNED, "Convention ou avenant signé par tous", subject="Signé par tous : {{ title }}",
        sample={**SAMPLE, "blocked": ""},
    ),
    MailType(
        STOPPED, "Signature arrêtée, pour qui la suit", subject="Signature arrêtée : {{ title }}",
        sample={**SAMPLE, "why": "Camille Exemple a refusé de signer : la durée ne convient pas."},
    ),
)  # fmt: skip


def send_signed(envelope: Envelope, subject: PartnershipConvention | ConventionAmendment, blocked: str = "") -> None:
    """Say that everybody has signed, and what prevents the signature from being recorded, if anything does."""
    _send(SIGNED, envelope, subject, {"blocked": blocked})


def send_stopped(envelope: Envelope, subject: PartnershipConvention | ConventionAmendment) -> None:
    """Say that a signature was refused, or that its document was given up."""
    _send(STOPPED, envelope, subject, {"why": envelope.end_reason})


def _send(
    kind: str, envelope: Envelope, subject: PartnershipConvention | ConventionAmendment, more: dict[str, object]
) -> None:
    document = envelope.document
    context = {"title": document.title, "reference": document.reference, "path": subject.get_absolute_url(), **more}
    for follower in purpose_of(envelope).followers(envelope):
        send_mail_on_commit(kind, follower, subject, context)
