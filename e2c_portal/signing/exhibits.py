"""Files kept beside a document as proof of a signature: a paper copy, a power of attorney. Kept to the byte."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from e2c_portal.documents.received_files import Upload, store_received
from e2c_portal.signing.models import Exhibit, ExhibitKind, Signatory

if TYPE_CHECKING:
    # Who acts stands on a floor above: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User


def store_exhibit(
    signatory: Signatory, kind: ExhibitKind, upload: Upload, actor: "User", *, signed_on: date | None = None
) -> Exhibit:
    """Store a file and write its row, in the transaction under way. Raises Refused, or StorageFault."""
    file = store_received("pieces", upload, keep_metadata=True)
    return Exhibit.objects.create(
        signatory=signatory, kind=kind, file=file.key, mime=file.mime, sha256=file.sha256, size=file.size,
        signed_on=signed_on, added_by=actor, added_at=timezone.now(),
    )  # fmt: skip
