"""What the document tells its envelope: ready to sign, sealed, given up. Each runs in the document's own transaction."""

from django.utils import timezone

from e2c_portal.documents.models import Document
from e2c_portal.documents.signing_steps import base_revision
from e2c_portal.signing import chain, messages
from e2c_portal.signing.evidence_file import request_evidence_file
from e2c_portal.signing.models import Envelope, EnvelopeStatus, SignatoryStatus
from e2c_portal.signing.operations.ending import end
from e2c_portal.signing.operations.inviting import invite_next
from e2c_portal.signing.operations.locking import locked_envelope
from e2c_portal.signing.purposes import purpose_of


def ready(document: Document) -> None:
    """Open the envelope and invite those whose turn it is."""
    held = _held(document)
    if held is None or held.status != EnvelopeStatus.PREPARING:
        return
    held.status = EnvelopeStatus.OPEN
    held.save(update_fields=["status"])
    base = base_revision(document)
    facts = {"id": base.pk, "number": 0, "sha256": base.sha256, "size": base.size}
    chain.append(held, "envelope.opened", {"revision": facts})
    purpose_of(held).opened(held)
    invite_next(held)


def sealed(document: Document) -> None:
    """Complete the envelope, tell everybody and ask for the evidence file."""
    held = _held(document)
    if held is None or not held.is_alive:
        return
    if held.status == EnvelopeStatus.EXPIRED:
        # Everybody had signed in time; the states know no other way.
        held.status = EnvelopeStatus.OPEN
        held.save(update_fields=["status"])
    held.status, held.ended_at, held.failure, held.retry_at = EnvelopeStatus.COMPLETED, timezone.now(), "", None
    held.save(update_fields=["status", "ended_at", "failure", "retry_at"])
    purpose_of(held).completed(held)
    for signatory in held.signatories.filter(status=SignatoryStatus.SIGNED):
        signatory.envelope = held
        messages.send_completed(signatory)
    facts = {"sealed_sha256": document.sha256, "size": document.size, "level": document.seal_level}
    chain.append(held, "envelope.sealed", {**facts, "certificate_sha256": document.seal_certificate_sha256})
    request_evidence_file(held)


def abandoned(document: Document, why: str) -> None:
    """Void the envelope of a document that was given up by somebody else than its envelope: it was edited, for example."""
    held = _held(document)
    if held is not None and held.is_alive:
        end(held, EnvelopeStatus.VOIDED, why)


def _held(document: Document) -> Envelope | None:
    envelope_id = Envelope.objects.filter(document=document).values_list("pk", flat=True).first()
    return locked_envelope(envelope_id) if envelope_id else None
