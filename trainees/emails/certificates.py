"""The messages about an attestation, to the person it is about: it is ready; it is worth nothing any more."""

from collections.abc import Sequence

from django.utils import timezone

from e2c_portal.documents import storage
from e2c_portal.documents.models import Document
from e2c_portal.documents.views.downloads import file_name
from e2c_portal.kernel.french import day_in_letters
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import Attachment, MailType
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import send_mail_on_commit
from trainees.models import SkillsCertificate

READY, REVOKED = "trainees.certificate_ready", "trainees.certificate_revoked"


def send_ready(certificate: SkillsCertificate, document: Document) -> None:
    """Send the sealed file to the trainee, when their address is known."""
    words = {
        **_words(certificate), "document": document.pk, "code": document.printed_code,
        "replaces": certificate.content["replaces"],
    }  # fmt: skip
    _send(READY, certificate, words)


def send_revoked(certificate: SkillsCertificate) -> None:
    """Tell the trainee that an attestation is worth nothing any more, and why."""
    _send(REVOKED, certificate, {**_words(certificate), "why": certificate.ended_reason})


def _send(kind: str, certificate: SkillsCertificate, words: dict[str, object]) -> None:
    trainee, referent = certificate.trainee, certificate.pathway.referent
    if trainee.email:
        recipient = Recipient(trainee.email, str(trainee), referent.email if referent else "")
        send_mail_on_commit(kind, recipient, certificate, words)


def _words(certificate: SkillsCertificate) -> dict[str, object]:
    referent = certificate.pathway.referent
    return {
        "number": certificate.number,
        "school": certificate.content["school"]["name"],
        "issued_on": day_in_letters(timezone.localdate(certificate.issued_at)),
        "contact": f"{referent.full_name}, {referent.email}" if referent else "",
    }


def sealed_file(mail: Mail) -> Sequence[Attachment]:
    """Return the sealed file, read as it leaves."""
    document = Document.objects.get(pk=mail.context["document"])
    return [
        Attachment(file_name(document), storage.read(document.file, sha256=document.sha256), "application/pdf"),
    ]


SAMPLE = {
    "number": "ACA-2026-0007-0012", "school": "École de la 2e chance (exemple)", "issued_on": "27 novembre 2026",
    "contact": "Nadia Exemple, nadia@ecole.example",
}  # fmt: skip
TYPES = (
    MailType(
        READY, "Attestation de compétences, pour le stagiaire", subject="Votre attestation de compétences {{ number }}",
        sample={**SAMPLE, "document": 0, "code": "2345A-BCDEF", "replaces": ""}, attachments=sealed_file,
    ),
    MailType(
        REVOKED, "Attestation de compétences révoquée, pour le stagiaire",
        subject="Votre attestation {{ number }} n’est plus valable", sample={**SAMPLE, "why": "Une erreur de date."},
    ),
)  # fmt: skip
