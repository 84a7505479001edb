"""What the demonstration signs on paper: the document is made here, and a picture stands for the copy signed by hand."""

import io

from django.conf import settings
from django.utils import timezone
from PIL import Image, ImageDraw

from e2c_portal.documents.building import build
from e2c_portal.documents.models import Document, Status
from e2c_portal.kernel.errors import Refused
from e2c_portal.signing.exhibits import Upload
from e2c_portal.signing.models import Envelope


def make_document(envelope: Envelope) -> None:
    """Make the document to sign here: no worker runs yet when the demonstration is loaded."""
    document = envelope.document
    # Nor does anybody else build now: a claim found here was left by a loading that was stopped midway.
    abandoned = Document.objects.filter(pk=document.pk, status=Status.BUILDING)
    abandoned.update(claimed_at=timezone.now() - settings.DOCUMENT_CLAIM_LEASE)
    build(document.pk)
    document.refresh_from_db()
    if document.status not in (Status.READY, Status.CLOSING):
        raise Refused(f"Le document de l’exemple à signer n’a pas pu être fabriqué. {document.failure}".strip())


def copy_signed_by(reference: str, name: str) -> Upload:
    """Return a picture that stands for the copy signed by hand: it says that it is an example."""
    picture = Image.new("L", (620, 877), 255)
    pen = ImageDraw.Draw(picture)
    lines = (
        "EXEMPLE",
        f"Convention {reference}",
        "Exemplaire signe a la main par",
        name.encode("ascii", "ignore").decode(),
    )
    for number, line in enumerate(lines):
        pen.text((60, 80 + 40 * number), line, fill=0, font_size=24)
    pen.line([(80, 700), (140, 660), (180, 720), (240, 650), (300, 710), (380, 670)], fill=0, width=4)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return Upload(file.getvalue())
