"""Locks in one order for all: document, envelope, signatory, and last the chain of evidence. Then nobody waits both ways."""

from datetime import datetime

from e2c_portal.documents.models import Document
from e2c_portal.kernel.errors import Refused
from e2c_portal.signing.models import Envelope, EnvelopeStatus, Mode, Signatory, SignatoryStatus
from e2c_portal.signing.models.envelopes import UNFINISHED

ENDED = {
    EnvelopeStatus.PREPARING: "Le document est encore en préparation. Réessayez dans un instant.",
    EnvelopeStatus.COMPLETED: "Toutes les personnes ont signé : ce document est clos.",
    EnvelopeStatus.REFUSED: "Une personne a refusé de signer : cette version du document est close.",
    EnvelopeStatus.VOIDED: "Cette version du document a été annulée : elle ne se signe plus.",
    EnvelopeStatus.EXPIRED: "Le délai pour signer est dépassé. La personne qui suit le dossier peut le prolonger.",
}
NOT_YOUR_TURN = "Une autre personne doit signer avant. Vous recevrez un message quand ce sera votre tour."
NOT_ANY_MORE = {
    SignatoryStatus.SIGNED: "Cette signature est déjà enregistrée.",
    SignatoryStatus.REFUSED: "Le refus de signer est déjà enregistré.",
    SignatoryStatus.REPLACED: "Une autre personne signe désormais à cette place.",
    SignatoryStatus.VOID: "Cette signature n’est plus demandée.",
}


def locked_envelope(envelope_id: int, *, with_document: bool = False) -> Envelope:
    """Return an envelope, locked; its document first when the operation may end it."""
    if with_document:
        Document.objects.select_for_update().get(envelope=envelope_id)
    return Envelope.objects.select_for_update(of=("self",)).select_related("document", "opened_by").get(pk=envelope_id)


def locked_signatory(signatory_id: int, *, with_document: bool = False) -> Signatory:
    """Return a signatory, locked after its envelope (`signatory.envelope`, locked too)."""
    envelope_id = Signatory.objects.values_list("envelope_id", flat=True).get(pk=signatory_id)
    envelope = locked_envelope(envelope_id, with_document=with_document)
    signatory = Signatory.objects.select_for_update().get(pk=signatory_id)
    signatory.envelope = envelope
    return signatory


def refuse_unless_open(envelope: Envelope, now: datetime) -> None:
    """Raise Refused, saying why, unless people may sign now."""
    status = EnvelopeStatus(envelope.status)
    if status == EnvelopeStatus.OPEN and now >= envelope.expires_at:
        status = EnvelopeStatus.EXPIRED
    if status != EnvelopeStatus.OPEN:
        raise Refused(ENDED[status], code=f"envelope_{status}")


def refuse_unless_expected(signatory: Signatory, now: datetime) -> None:
    """Raise Refused, saying why, unless this person may act now."""
    refuse_unless_open(signatory.envelope, now)
    if not signatory.is_unfinished:
        raise Refused(NOT_ANY_MORE[SignatoryStatus(signatory.status)], code=f"signatory_{signatory.status}")
    if not is_their_turn(signatory):
        raise Refused(NOT_YOUR_TURN, code="not_your_turn")


def is_their_turn(signatory: Signatory) -> bool:
    """Say whether nobody must sign before."""
    if signatory.envelope.mode == Mode.PARALLEL:
        return True
    before = Signatory.objects.filter(
        envelope=signatory.envelope_id, rank__lt=signatory.rank, status__in=UNFINISHED
    )  # fmt: skip
    return not before.exists()
