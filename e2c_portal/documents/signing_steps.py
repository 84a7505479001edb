"""A document under signature: read it, add a signed revision, close it with the seal, or give it up.

Whoever asks for these steps (the signing engine) keeps the signatories; here are the bytes and their guarantee: each revision
begins with all the bytes of the one before, so what was read stays inside what is sealed.
"""

import hashlib
import logging
from datetime import datetime
from uuid import UUID, uuid4

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from e2c_portal.documents import storage
from e2c_portal.documents.building import TOO_LONG, UNEXPECTED, key_of, sealed_by_us, told_of, write_sealed
from e2c_portal.documents.models import UNDER_SIGNATURE, Document, Revision, Status
from e2c_portal.documents.requesting import give_up
from e2c_portal.documents.sealing import SealedPdf
from e2c_portal.kernel.clock import older_than
from e2c_portal.kernel.errors import Overtaken, Refused
from e2c_portal.kernel.jobs import enqueue_on_commit

logger = logging.getLogger(__name__)

CLOSE = "documents.close"
NOT_READY = "Ce document n’attend pas de signature en ce moment. Rechargez la page pour voir son état."
MOVED_ON = "Quelqu’un d’autre a signé au même instant : la signature sera ajoutée à la version suivante."
NOT_AN_EXTENSION = "Ces octets ne prolongent pas le document à signer : rien n’a été ajouté."


def base_revision(document: Document) -> Revision:
    """Return what is read and signed. Raises Refused before the document is ready."""
    revision = document.revisions.filter(number=0).first()
    if revision is None:
        raise Refused(NOT_READY, code="not_ready")
    return revision


def latest_revision(document: Document) -> Revision:
    """Return the last signed state, the document to sign when nobody signed. Raises Refused before it is ready."""
    revision = document.revisions.order_by("-number").first()
    if revision is None:
        raise Refused(NOT_READY, code="not_ready")
    return revision


def bytes_of(revision: Revision) -> bytes:
    """Return the stored bytes of a revision, compared to their fingerprint. Raises StorageFault."""
    return storage.read(revision.file, sha256=revision.sha256)


def latest_bytes(document: Document) -> bytes:
    """Return the bytes of the last signed state. Raises Refused before the document is ready, StorageFault."""
    return bytes_of(latest_revision(document))


def store_revision(document: Document, content: bytes) -> str:
    """Store the bytes of a revision to be, outside of any transaction. Returns their key. Raises StorageFault."""
    return storage.store(key_of(document, uuid4()), content)


@transaction.atomic
def add_revision(
    document: Document, after: Revision, key: str, content: bytes, label: str, *, made_at: datetime
) -> Revision:
    """Record stored bytes as the revision that follows `after`; `made_at` is the time that its signature claims.

    Raises Refused when the document is not ready, or when the bytes do not begin with those of `after`; Overtaken when
    another revision came first.
    """
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.status != Status.READY:
        raise Refused(NOT_READY, code="not_ready")
    if latest_revision(held).pk != after.pk:
        raise Overtaken(MOVED_ON)
    if len(content) <= after.size or hashlib.sha256(content[: after.size]).hexdigest() != after.sha256:
        raise Refused(NOT_AN_EXTENSION, code="not_an_extension")
    return Revision.objects.create(
        document=held, number=after.number + 1, label=label, file=key, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), made_at=made_at,
    )  # fmt: skip


@transaction.atomic
def ask_to_close(document: Document) -> Document:
    """Have the seal close a ready document, after the commit; asking twice changes nothing. Raises Refused otherwise."""
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.status in (Status.CLOSING, Status.SEALED):
        return held
    if held.status != Status.READY:
        raise Refused(NOT_READY, code="not_ready")
    held.status, held.queued_at, held.failure = Status.CLOSING, timezone.now(), ""
    held.claim = held.claimed_at = None
    held.save(update_fields=["status", "queued_at", "failure", "claim", "claimed_at"])
    enqueue_on_commit(CLOSE, document_id=held.pk)
    return held


def close(document_id: int) -> bool:
    """Seal the last signed state unless somebody else does or did. Returns True when this call sealed it.

    A failure sends the document back to « ready » with its reason; nothing is raised for it.
    """
    claim = _claim(document_id)
    if claim is None:
        return False
    document = Document.objects.get(pk=document_id)
    try:
        last = latest_revision(document)
        # Clocks of two machines may differ: the seal never claims to be older than a signature that it covers.
        sealed = sealed_by_us(bytes_of(last), document, max(timezone.now(), last.made_at))
        key = storage.store(key_of(document, claim), sealed.content)
        return _record_closed(document_id, claim, last, key, sealed)
    except (OperationalError, InterfaceError):
        raise
    except SoftTimeLimitExceeded:
        _back_to_ready(document_id, claim, TOO_LONG)
    except Exception as error:
        told = told_of(error)
        if told is None:
            logger.exception("document %s could not be closed", document_id)
        _back_to_ready(document_id, claim, told.message if told else UNEXPECTED)
    return False


@transaction.atomic
def abandon(document: Document, reason: str) -> bool:
    """Give up a document that is not sealed. Returns False when it is sealed or given up already."""
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.status in (Status.SEALED, Status.ABANDONED):
        return False
    give_up(held, reason)
    return True


def _claim(document_id: int) -> UUID | None:
    claim = uuid4()
    free = Q(claim=None) | older_than("claimed_at", settings.DOCUMENT_CLAIM_LEASE)
    taken = Document.objects.filter(free, pk=document_id, status=Status.CLOSING).update(claim=claim, claimed_at=Now())
    return claim if taken else None


@transaction.atomic
def _record_closed(document_id: int, claim: UUID, last: Revision, key: str, sealed: SealedPdf) -> bool:
    """Write the sealed state if the claim still holds, and tell the kind. Returns False when the claim was lost."""
    held = Document.objects.select_for_update().filter(pk=document_id, claim=claim, status=Status.CLOSING).first()
    if held is None or latest_revision(held).pk != last.pk:
        transaction.on_commit(lambda: storage.discard(key))
        return False
    held.claim, held.claimed_at, held.failure = None, None, ""
    held.file, held.sha256, held.size = key, hashlib.sha256(sealed.content).hexdigest(), len(sealed.content)
    write_sealed(held, sealed)
    return True


def _back_to_ready(document_id: int, claim: UUID | None, reason: str) -> None:
    """Write why, if the claim still holds: the next request to close tries again."""
    Document.objects.filter(pk=document_id, claim=claim, status=Status.CLOSING).update(
        status=Status.READY, failure=reason, claim=None, claimed_at=None
    )


def is_under_signature(document: Document) -> bool:
    """Say whether the document waits for signatures or for the seal that closes it."""
    return document.status in UNDER_SIGNATURE
