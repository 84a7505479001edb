"""The attestation that the demonstration leaves beside its data: the sealed paper and the signed file."""

from pathlib import Path

from django.conf import settings

from e2c_portal.accounts.models import User
from e2c_portal.documents import storage
from e2c_portal.documents.building import build
from e2c_portal.kernel.errors import Refused
from trainees.documents.open_badges import FILE_NAME
from trainees.models import Pathway, SkillsCertificate
from trainees.operations.certificates import choose_shown, issue_certificate
from trainees.operations.credentials import signed_file
from trainees.reads.certificates import documents_of

PAPER_NAME = "attestation-de-competences.pdf"
# The trainee of the demonstration shows what somebody who recruits asks for, and keeps their hours to themselves.
SHOWN = ("name", "skills", "companies")


def attest(pathway: Pathway, actor: User) -> SkillsCertificate:
    """Issue, seal and sign the attestation of a pathway whose skills are validated; leave both files in the folder of the demonstration.

    Raises Refused when no skill is validated or when the document could not be made.
    """
    certificate = choose_shown(issue_certificate(pathway.pk, actor).pk, SHOWN, None)
    # No worker runs yet when the demonstration is loaded.
    build(documents_of([pathway])[certificate.number].pk)
    leave_files(certificate)
    return certificate


def leave_files(certificate: SkillsCertificate) -> tuple[Path, Path]:
    """Write both files of a sealed attestation in the folder of the demonstration. Returns their paths."""
    folder = Path(settings.VAR_DIR) / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    document = documents_of([certificate.pathway])[certificate.number]
    if not document.is_sealed:
        raise Refused(f"Le document de l’attestation n’a pas pu être fabriqué. {document.failure}".strip())
    paper, signed = folder / PAPER_NAME, folder / FILE_NAME
    paper.write_bytes(storage.read(document.file, sha256=document.sha256))
    signed.write_text(signed_file(certificate).text, encoding="utf-8")
    return paper, signed
