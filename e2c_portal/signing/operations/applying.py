"""Write signatures into the file, one at a time per envelope, then have the seal close it.

The act is what counts, and it is there already: here it becomes a PAdES signature that anybody can check. A worker killed
at any point leaves the act waiting, and the sweeper asks again.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from e2c_portal.documents import signing_steps
from e2c_portal.documents.building import seal_settings, told_of
from e2c_portal.documents.models import Revision
from e2c_portal.documents.sealing import SignerIdentity, sign_as_person, verify_signed_output
from e2c_portal.kernel.clock import older_than
from e2c_portal.kernel.errors import Overtaken
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.signing import chain
from e2c_portal.signing.models import Act, ActKind, Envelope, EnvelopeStatus, Method, Signatory, SignatoryStatus
from e2c_portal.signing.models.envelopes import UNFINISHED
from e2c_portal.signing.operations.locking import locked_envelope
from e2c_portal.signing.operations.signing import APPLY

logger = logging.getLogger(__name__)

RETRY_AFTER = timedelta(minutes=1)
UNEXPECTED = "Une erreur imprévue retarde l’écriture d’une signature dans le fichier. Elle sera tentée de nouveau."


def to_write(envelope_id: int) -> QuerySet[Signatory]:
    """Return those who signed and whose signature is not in the file yet, in the order of their acts."""
    signed = Signatory.objects.filter(envelope=envelope_id, status=SignatoryStatus.SIGNED, revision=None)
    return signed.exclude(method=Method.PAPER).order_by("signed_at", "pk")


def apply(envelope_id: int) -> int:
    """Write what waits, unless another worker does. Returns how many signatures were written; a fault is kept as words."""
    claim = _claim(envelope_id)
    if claim is None:
        return 0
    written, failure = 0, ""
    try:
        while (signatory := to_write(envelope_id).select_related("envelope__document").first()) is not None:
            written += _write(signatory, claim)
        _close_when_whole(envelope_id)
    except (OperationalError, InterfaceError):
        raise
    except SoftTimeLimitExceeded:
        failure = UNEXPECTED
    except Exception as error:
        told = told_of(error)
        if told is None:
            logger.exception("envelope %s: a signature could not be written", envelope_id)
        failure = told.message if told else UNEXPECTED
    _release(envelope_id, claim, failure)
    return written


def _claim(envelope_id: int) -> UUID | None:
    claim = uuid4()
    free = Q(claim=None) | older_than("claimed_at", settings.DOCUMENT_CLAIM_LEASE)
    taken = Envelope.objects.filter(free, pk=envelope_id, status__in=[EnvelopeStatus.OPEN, EnvelopeStatus.EXPIRED])
    return claim if taken.update(claim=claim, claimed_at=Now()) else None


def _write(signatory: Signatory, claim: UUID) -> int:
    """Sign for one person outside of any transaction, then record. Returns 0 when somebody else came first."""
    document = signatory.envelope.document
    last = signing_steps.latest_revision(document)
    act = signatory.acts.get(kind=ActKind.SIGNED)
    # Clocks of two machines may differ: a signature never claims to be older than the one it follows.
    at = max(timezone.now(), last.made_at)
    made = sign_as_person(
        signing_steps.bytes_of(last), _identity(signatory), seal_settings(), at=at, field_name=signatory.field_name,
        reason=_reason(signatory, act),
    )  # fmt: skip
    verify_signed_output(made, seal_settings(), signatures=last.number + 1)
    key = signing_steps.store_revision(document, made.content)
    try:
        _record(signatory, claim, last, key, made.content, at)
    except Overtaken:
        return 0
    return 1


@transaction.atomic
def _record(signatory: Signatory, claim: UUID, last: Revision, key: str, content: bytes, at: datetime) -> None:
    label = f"Signature de {signatory.full_name}"
    revision = signing_steps.add_revision(signatory.envelope.document, last, key, content, label, made_at=at)
    held = locked_envelope(signatory.envelope_id)
    if held.claim != claim:
        raise Overtaken("Un autre traitement a repris cette enveloppe.")
    row = Signatory.objects.select_for_update().get(pk=signatory.pk)
    row.revision = revision
    row.save(update_fields=["revision"])
    # A long queue of signatures must not look abandoned.
    held.claimed_at = Now()
    held.save(update_fields=["claimed_at"])
    facts = {"id": revision.pk, "number": revision.number, "sha256": revision.sha256, "size": revision.size}
    chain.append(held, "signature.written", {"of": row.pk, "revision": facts})


def _identity(signatory: Signatory) -> SignerIdentity:
    quality = f"par mandat de {signatory.on_behalf_of}" if signatory.on_behalf_of else signatory.quality
    return SignerIdentity(signatory.full_name, quality, str(signatory.public_id))


def _reason(signatory: Signatory, act: Act) -> str:
    moment = timezone.localtime(act.at)
    return f"{signatory.role} – {signatory.get_method_display()}, le {moment:%d/%m/%Y à %H:%M:%S}"


def _close_when_whole(envelope_id: int) -> None:
    """Ask for the seal once everybody has signed and every signature is in the file."""
    rows = Signatory.objects.filter(envelope=envelope_id)
    if rows.filter(status__in=UNFINISHED).exists() or to_write(envelope_id).exists():
        return
    envelope = Envelope.objects.select_related("document").get(pk=envelope_id)
    if envelope.status in (EnvelopeStatus.OPEN, EnvelopeStatus.EXPIRED):
        signing_steps.ask_to_close(envelope.document)


@transaction.atomic
def _release(envelope_id: int, claim: UUID, failure: str) -> None:
    retry_at = timezone.now() + RETRY_AFTER if failure else None
    Envelope.objects.filter(pk=envelope_id, claim=claim).update(
        claim=None, claimed_at=None, failure=failure, retry_at=retry_at
    )
    # Somebody may have signed between our last look and this release, and found the envelope claimed.
    if not failure and to_write(envelope_id).exists():
        enqueue_on_commit(APPLY, envelope_id=envelope_id)
