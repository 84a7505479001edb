"""Files kept beside a document as proof: known by their content and never by their name, bounded, stored once."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

import pikepdf
from django.utils import timezone
from PIL import Image

from e2c_portal.documents import storage
from e2c_portal.kernel.errors import Refused
from e2c_portal.signing.models import Exhibit, ExhibitKind, Signatory

if TYPE_CHECKING:
    # Who acts stands on a floor above: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

LIMIT_BYTES = 10 * 1024 * 1024
GREATEST_PIXELS = 60_000_000
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
NOT_READABLE = (
    "Ce fichier n’est ni un PDF ni une photo JPEG ou PNG lisible. Numérisez ou photographiez de nouveau le papier."
)


@dataclass(frozen=True)
class Upload:
    """A file as somebody sent it."""

    content: bytes


def store_exhibit(
    signatory: Signatory, kind: ExhibitKind, upload: Upload, actor: "User", *, signed_on: date | None = None
) -> Exhibit:
    """Store a file and write its row, in the transaction under way. Raises Refused, or StorageFault."""
    mime = mime_of(upload.content)
    now = timezone.now()
    key = storage.store(f"pieces/{now:%Y}/{uuid4()}.{ENDINGS[mime]}", upload.content)
    return Exhibit.objects.create(
        signatory=signatory, kind=kind, file=key, mime=mime, sha256=hashlib.sha256(upload.content).hexdigest(),
        size=len(upload.content), signed_on=signed_on, added_by=actor, added_at=now,
    )  # fmt: skip


def mime_of(content: bytes) -> str:
    """Return the media type that the content itself shows. Raises Refused for anything but PDF, JPEG and PNG, or too large."""
    if len(content) > LIMIT_BYTES:
        raise Refused("Ce fichier dépasse 10 Mo : numérisez en qualité normale.", code="too_large")
    if content[:5] == b"%PDF-":
        return _checked_pdf(content)
    return _checked_picture(content)


def _checked_pdf(content: bytes) -> str:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages):
                return "application/pdf"
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError):
        pass
    raise Refused(NOT_READABLE, code="unreadable_file")


def _checked_picture(content: bytes) -> str:
    try:
        with warnings.catch_warnings():
            # A picture that grows without measure once opened is refused like one that cannot be read.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
                fits = picture.width * picture.height <= GREATEST_PIXELS
                picture.verify()
                if fits and picture.format:
                    return f"image/{picture.format.lower()}"
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        pass
    raise Refused(NOT_READABLE, code="unreadable_file")
