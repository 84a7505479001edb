"""Make one document: claim it, leave the transaction, render, seal, check, store, then record.

A document with signature fields is not sealed here: it is recorded as ready, and signing_steps takes it from there.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar
from uuid import UUID, uuid4

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from e2c_portal.documents import storage
from e2c_portal.documents.disk import fault_of_the_disk
from e2c_portal.documents.finishing import finish
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Document, Revision, Status
from e2c_portal.documents.rendering import (
    Attachment,
    DocumentAssets,
    PdfMetadata,
    SignatureField,
    paused_collection,
    render_pdf,
    render_template_to_html,
)
from e2c_portal.documents.sealing import DEFAULT_FIELD, SealedPdf, SealSettings, seal_pdf, verify_own_output
from e2c_portal.kernel.clock import older_than
from e2c_portal.kernel.errors import PortalError

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
TOO_LONG = "La fabrication a duré trop longtemps. Relancez ; si cela recommence, réduisez le nombre de lignes."
TO_SIGN = "Document à signer"
SEAL_FIELD = SignatureField(DEFAULT_FIELD, "Cachet électronique de la Région")
# What making a document writes, and what sealing it adds: what was asked is never written again.
MADE = ("claim", "claimed_at", "failure", "file", "sha256", "size")
SEAL = ("sealed_at", "seal_level", "seal_subject", "seal_certificate_sha256")
# How long a service that was away is left alone.
RETRY_AFTER = timedelta(minutes=1)
BY_ITSELF = "Le portail réessaie aussi tout seul, chaque minute."
UNEXPECTED = (
    "Une erreur imprévue a arrêté la fabrication. L’exploitant la trouvera dans les journaux ; vous pouvez relancer."
)


def build(document_id: int) -> bool:
    """Make the document unless somebody else does or did. Returns True when this call sealed it or made it ready.

    It is drawn, then the rest is done (sealing, checking, storing, recording): at once, or in a worker while it draws the next
    one (documents.finishing), and then True says that it is in hand. A failure that a person can act on is written on the
    document; nothing is raised for it.
    """
    claim = _claim(document_id)
    if claim is None:
        return False
    document = Document.objects.get(pk=document_id)
    pdf = _tried(document, claim, lambda: _drawn(document))
    if pdf is None:
        return False
    return finish(lambda: bool(_tried(document, claim, lambda: _keep(document, claim, _stored(document, claim, pdf)))))


def _tried(document: Document, claim: UUID, step: Callable[[], Result]) -> Result | None:
    """Return what a step gives, None once its failure is written on the document.

    The collector rests meanwhile: sealing makes as many small objects as drawing.
    """
    try:
        with paused_collection():
            return step()
    except (OperationalError, InterfaceError):
        # The database went away, not the document: the claim grows old and the sweeper asks again.
        raise
    except SoftTimeLimitExceeded:
        _record_failure(document.pk, claim, TOO_LONG)
    except Exception as error:
        told = told_of(error)
        if told is None:
            logger.exception("document %s failed", document.pk)
            told = PortalError(UNEXPECTED)
        _record_failure(document.pk, claim, told.message, transient=told.transient)
    return None


def told_of(error: Exception) -> PortalError | None:
    """Return what to tell of an error, None when only the logs can say."""
    return fault_of_the_disk(error) or (error if isinstance(error, PortalError) else None)


def _claim(document_id: int) -> UUID | None:
    """Take the document for this worker: one UPDATE decides, whatever the number of workers."""
    claim = uuid4()
    stale = Q(status=Status.BUILDING) & older_than("claimed_at", settings.DOCUMENT_CLAIM_LEASE)
    taken = Document.objects.filter(Q(status=Status.QUEUED) | stale, pk=document_id).update(
        status=Status.BUILDING, claim=claim, claimed_at=Now(), attempts=F("attempts") + 1
    )
    return claim if taken else None


@dataclass(frozen=True)
class Made:
    """Stored bytes, not yet recorded. Not `sealed` when signatures are to come."""

    key: str
    sha256: str
    size: int
    sealed: SealedPdf | None


def _drawn(document: Document) -> bytes:
    """Return the document drawn from its frozen context. Touches no row."""
    kind = kind_named(document.kind)
    words = {**document.context, **kind.secrets(document)}
    html = render_template_to_html(kind.template, document.template_version, words)
    assets = DocumentAssets.from_settings().for_template(kind.template, document.template_version)
    return render_pdf(
        html, metadata=_metadata(document), assets=assets.with_given(kind.pictures(document)),
        attachments=[_frozen_context(document), *kind.attachments(document)], signature_fields=_fields(document),
    )  # fmt: skip


def _stored(document: Document, claim: UUID, pdf: bytes) -> Made:
    """Seal what was drawn unless it is to be signed, check our own output and store it. Touches no row."""
    sealed = None if document.signature_fields else sealed_by_us(pdf, document, timezone.now())
    content = sealed.content if sealed else pdf
    key = storage.store(key_of(document, claim), content)
    return Made(key, hashlib.sha256(content).hexdigest(), len(content), sealed)


def sealed_by_us(pdf: bytes, document: Document, at: datetime) -> SealedPdf:
    """Return the bytes sealed at a moment and verified as of that moment. Raises SealingError."""
    sealed = seal_pdf(pdf, seal_settings(), reason=document.title, at=at)
    verify_own_output(sealed.content, seal_settings(), at=at)
    return sealed


def key_of(document: Document, claim: UUID) -> str:
    """Return where the bytes made under a claim are stored."""
    return f"{document.requested_at:%Y}/{document.public_id}/{claim}.pdf"


def _fields(document: Document) -> list[SignatureField]:
    fields = [SignatureField(**field) for field in document.signature_fields]
    return [*fields, SEAL_FIELD] if fields else []


@cache
def seal_settings() -> SealSettings:
    """Read the seal's configuration once per process: the key stays loaded."""
    return SealSettings.from_settings()


def _metadata(document: Document) -> PdfMetadata:
    return PdfMetadata(
        title=f"{document.title} – {document.reference}",
        author=document.context.get("issuer") or "Portail des Écoles de la 2e chance",
        subject=kind_named(document.kind).label,
        created_at=document.requested_at,
    )


def _frozen_context(document: Document) -> Attachment:
    return Attachment(
        name="donnees.json",
        content=json.dumps(document.context, ensure_ascii=False, indent=1, sort_keys=True).encode(),
        mime="application/json",
        description="Données figées à partir desquelles ce document a été fabriqué",
    )


def _keep(document: Document, claim: UUID, made: Made) -> bool:
    """Record what was made, or remove our own file when the claim was lost.

    After a fault the file stays: the commit may have passed, and the sweeper removes the files that nobody owns.
    """
    recorded = _record(document, claim, made)
    if not recorded:
        storage.discard(made.key)
        logger.warning("document %s: claim lost, file removed", document.pk)
    return recorded


@transaction.atomic
def _record(document: Document, claim: UUID, made: Made) -> bool:
    """Write the new state if the claim still holds, and tell the kind. Returns False when the claim was lost."""
    held = Document.objects.select_for_update().filter(pk=document.pk, claim=claim, status=Status.BUILDING).first()
    if held is None:
        return False
    held.claim, held.claimed_at, held.failure = None, None, ""
    held.file, held.sha256, held.size = made.key, made.sha256, made.size
    if made.sealed:
        write_sealed(held, made.sealed)
        return True
    held.status = Status.READY
    held.save(update_fields=["status", *MADE])
    Revision.objects.create(
        document=held, number=0, label=TO_SIGN, file=made.key, sha256=made.sha256, size=made.size,
        made_at=timezone.now(),
    )  # fmt: skip
    kind_named(held.kind).ready(held)
    return True


def write_sealed(held: Document, sealed: SealedPdf) -> None:
    """Write the facts of the seal on a locked document whose file is set, and tell the kind."""
    held.status = Status.SEALED
    held.sealed_at, held.seal_level = sealed.sealed_at, sealed.level
    held.seal_subject, held.seal_certificate_sha256 = sealed.signer_subject, sealed.certificate_sha256
    held.save(update_fields=["status", *MADE, *SEAL])
    kind_named(held.kind).sealed(held)


def _record_failure(document_id: int, claim: UUID, reason: str, *, transient: bool = False) -> None:
    """Write why, if the claim still holds. What failed for want of a service is asked for again by the sweeper."""
    Document.objects.filter(pk=document_id, claim=claim, status=Status.BUILDING).update(
        status=Status.FAILED, failure=f"{reason} {BY_ITSELF}" if transient else reason, claim=None, claimed_at=None,
        retry_at=Now() + RETRY_AFTER if transient else None,
    )  # fmt: skip
