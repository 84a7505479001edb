"""End an envelope: void it, let it expire, give it more time. Whoever signed or was asked to is told why."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from e2c_portal.audit.trail import record
from e2c_portal.documents import signing_steps
from e2c_portal.kernel.errors import Refused
from e2c_portal.signing import chain, messages
from e2c_portal.signing.models import Envelope, EnvelopeStatus, OnSiteSession, SignatoryStatus
from e2c_portal.signing.models.envelopes import UNFINISHED
from e2c_portal.signing.operations.locking import ENDED, locked_envelope
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.signing.signatory_links import link_for

if TYPE_CHECKING:
    # Who acts stands on a floor above: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

REASON_MISSING = "Écrivez pourquoi cette signature est annulée : les personnes qui ont signé le liront."


@transaction.atomic
def void(envelope: Envelope, why: str, actor: "User") -> Envelope:
    """Void an envelope and give up its document: signatures already made count no more, and those who made them learn why.

    Doing it twice changes nothing. Raises Refused without a reason, or once everybody has signed and the seal is set.
    """
    why = why.strip()
    if not why:
        raise Refused(REASON_MISSING, code="reason_required")
    held = locked_envelope(envelope.pk, with_document=True)
    if held.status == EnvelopeStatus.VOIDED:
        return held
    if not held.is_alive:
        raise Refused(ENDED[EnvelopeStatus(held.status)], code=f"envelope_{held.status}")
    held.ended_by = actor
    end(held, EnvelopeStatus.VOIDED, why)
    record(actor, "envelope.voided", held, f"Signature annulée : {why}")
    return held


def end(held: Envelope, status: EnvelopeStatus, why: str) -> None:
    """End a locked envelope (document locked too) before its seal, with a reason that people will read."""
    now = timezone.now()
    told = list(held.signatories.exclude(status__in=[SignatoryStatus.REPLACED, SignatoryStatus.WAITING]))
    held.status, held.end_reason, held.ended_at = status, why, now
    held.claim = held.claimed_at = held.retry_at = None
    held.failure = ""
    held.save()
    held.signatories.filter(status__in=UNFINISHED).update(status=SignatoryStatus.VOID)
    OnSiteSession.objects.filter(signatory__envelope=held, ended_at=None).update(ended_at=now)
    # The document's own hook comes back here (document_hooks.abandoned) and finds the envelope ended already.
    signing_steps.abandon(held.document, why)
    for signatory in told:
        signatory.envelope = held
        if signatory.status != SignatoryStatus.REFUSED:
            messages.send_ended(signatory, why)
    chain.append(held, f"envelope.{status}", {"why": why, "by": held.ended_by_id})
    if status == EnvelopeStatus.VOIDED:
        purpose_of(held).voided(held)


@transaction.atomic
def extend(envelope: Envelope, until: datetime, actor: "User") -> Envelope:
    """Give an open or expired envelope more time; signatures already made stay. Raises Refused for a date too early."""
    held = locked_envelope(envelope.pk)
    if held.status not in (EnvelopeStatus.OPEN, EnvelopeStatus.EXPIRED):
        raise Refused(ENDED[EnvelopeStatus(held.status)], code=f"envelope_{held.status}")
    if until <= timezone.now() or until <= held.expires_at:
        raise Refused("La nouvelle date limite doit être plus tardive que celle d’aujourd’hui.", code="too_early")
    held.expires_at, held.status = until, EnvelopeStatus.OPEN
    held.save(update_fields=["expires_at", "status"])
    for signatory in held.signatories.filter(status=SignatoryStatus.INVITED):
        signatory.envelope = held
        if signatory.email or signatory.phone:
            link_for(signatory)
    record(actor, "envelope.extended", held, f"Délai de signature prolongé jusqu’au {until:%d/%m/%Y}")
    chain.append(held, "envelope.extended", {"until": until.isoformat(), "by": actor.pk})
    return held


@transaction.atomic
def expire(envelope_id: int) -> bool:
    """Mark an open envelope whose time has passed. Returns False when it may still be signed."""
    held = locked_envelope(envelope_id)
    if held.status != EnvelopeStatus.OPEN or timezone.now() < held.expires_at or not _awaits_somebody(held):
        return False
    held.status = EnvelopeStatus.EXPIRED
    held.save(update_fields=["status"])
    chain.append(held, "envelope.expired", {"at": held.expires_at.isoformat()})
    purpose_of(held).expired(held)
    return True


def _awaits_somebody(held: Envelope) -> bool:
    # Everybody signed in time: the seal may come later than the limit.
    return held.signatories.filter(status__in=UNFINISHED).exists()
