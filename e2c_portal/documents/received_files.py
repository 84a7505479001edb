"""Files that people send as proof: known by their content and never by their name, bounded, stored once."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from uuid import uuid4

import pikepdf
from django.utils import timezone
from PIL import Image, ImageOps

from e2c_portal.documents import storage
from e2c_portal.documents.anew import made_anew, words
from e2c_portal.documents.anew.pictures import is_heic
from e2c_portal.kernel.errors import Refused

LIMIT_BYTES = 10 * 1024 * 1024
# A photo that is made smaller before it is kept may arrive heavier.
SHOWN_LIMIT_BYTES = 15 * 1024 * 1024
SHOWN_TOO_LARGE = (
    "Ce fichier est trop lourd : 15 Mo au plus. Prenez la photo en qualité normale, ou envoyez-la d’abord par message à "
    "vous-même en taille réduite."
)
GREATEST_PIXELS = 60_000_000
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
NOT_READABLE = (
    "Ce fichier n’est ni un PDF ni une photo JPEG ou PNG lisible. Numérisez ou photographiez de nouveau le papier."
)
# What most phones write: a photograph saved anew at this quality looks the same.
JPEG_QUALITY = 90
# What a picture is drawn with, and says nothing of anybody.
KEPT_INFO = ("transparency", "icc_profile")


@dataclass(frozen=True)
class Upload:
    """A file as somebody sent it."""

    content: bytes


@dataclass(frozen=True)
class StoredFile:
    """A file once stored: its key in the storage of documents, and what its content is."""

    key: str
    mime: str
    sha256: str
    size: int


def store_received(folder: str, upload: Upload, *, keep_metadata: bool) -> StoredFile:
    """Check a file and store it under a key nobody can guess. Raises Refused, or StorageFault.

    A piece of evidence is kept to the byte; elsewhere the metadata of a picture (place, device, author) are left out.
    """
    mime = mime_of(upload.content)
    content = upload.content if keep_metadata else without_metadata(upload.content, mime)
    key = storage.store(f"{folder}/{timezone.now():%Y}/{uuid4()}.{ENDINGS[mime]}", content)
    return StoredFile(key, mime, hashlib.sha256(content).hexdigest(), len(content))


def store_to_show(folder: str, upload: Upload) -> StoredFile:
    """Make anew a photo or a PDF that others will open, and store it. Raises Refused, or StorageFault.

    What people send to show their work is kept by what it shows alone: never its bytes, its metadata nor what acts in it.
    """
    if len(upload.content) > SHOWN_LIMIT_BYTES:
        raise Refused(SHOWN_TOO_LARGE, code="too_large")
    made = made_anew(upload.content)
    key = storage.store(f"{folder}/{timezone.now():%Y}/{uuid4()}.{ENDINGS[made.mime]}", made.content)
    return StoredFile(key, made.mime, hashlib.sha256(made.content).hexdigest(), len(made.content))


def mime_of(content: bytes) -> str:
    """Return the media type that the content itself shows. Raises Refused for anything but PDF, JPEG and PNG, or too large."""
    if len(content) > LIMIT_BYTES:
        raise Refused("Ce fichier dépasse 10 Mo : numérisez en qualité normale.", code="too_large")
    if content[:5] == b"%PDF-":
        return _checked_pdf(content)
    if is_heic(content):
        raise Refused(words.REFUSALS[words.HEIC], code=words.HEIC)
    return _checked_picture(content)


def without_metadata(content: bytes, mime: str) -> bytes:
    """Return a picture without its metadata, turned the way it was taken; a PDF is returned as it is. Raises Refused."""
    if mime == "application/pdf":
        return content
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            upright = ImageOps.exif_transpose(picture)
            upright.info = {name: value for name, value in picture.info.items() if name in KEPT_INFO}
            cleaned = io.BytesIO()
            if mime == "image/png":
                upright.save(cleaned, format="PNG")
            else:
                upright.save(cleaned, format="JPEG", quality=JPEG_QUALITY)
    except (OSError, ValueError, SyntaxError) as error:
        raise Refused(NOT_READABLE, code="unreadable_file") from error
    return cleaned.getvalue()


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
                    # Some phones write several views in one JPEG file, which the library calls by another name.
                    return "image/png" if picture.format == "PNG" else "image/jpeg"
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        pass
    raise Refused(NOT_READABLE, code="unreadable_file")
