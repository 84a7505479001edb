"""Note that somebody opened the document: evidence, not a condition."""

from django.db import transaction
from django.utils import timezone

from e2c_portal.signing import chain
from e2c_portal.signing.models import Signatory
from e2c_portal.signing.operations.locking import locked_signatory
from e2c_portal.signing.visitors import Visitor


@transaction.atomic
def note_opened(signatory: Signatory, sha256: str, visitor: Visitor) -> None:
    """Write, once, that the bytes to sign were shown to this person."""
    if signatory.opened_at or not signatory.is_unfinished:
        return
    held = locked_signatory(signatory.pk)
    if held.opened_at:
        return
    held.opened_at = timezone.now()
    held.save(update_fields=["opened_at"])
    chain.append(held.envelope, "document.shown", {"to": held.pk, "sha256": sha256, "ip": visitor.ip})
