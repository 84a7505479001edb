"""The two files that the demonstration leaves of its attestation: the sealed paper, and the signed file for programs."""

from pathlib import Path

from e2c_portal.documents import storage
from e2c_portal.documents.models import Document
from trainees.documents.open_badges import FILE_NAME
from trainees.models import SkillsCertificate
from trainees.operations.credentials import signed_file
from trainees.reads.certificates import documents_of

PAPER_NAME = "attestation-de-competences.pdf"


def paper_of(certificate: SkillsCertificate) -> Document:
    """Return the document of an attestation."""
    return documents_of([certificate.pathway])[certificate.number]


def leave_files(certificate: SkillsCertificate, folder: Path) -> tuple[Path, Path]:
    """Write both files of a sealed attestation in a folder. Returns their paths."""
    document = paper_of(certificate)
    paper, signed = folder / PAPER_NAME, folder / FILE_NAME
    paper.write_bytes(storage.read(document.file, sha256=document.sha256))
    signed.write_text(signed_file(certificate).text, encoding="utf-8")
    return paper, signed
