"""What every page of a signatory shows: the document, who signs, where things stand."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from e2c_portal.documents import storage
from e2c_portal.documents.models import Revision
from e2c_portal.documents.signing_steps import base_revision, bytes_of
from e2c_portal.documents.views.downloads import file_name
from e2c_portal.documents.views.handing_over import file_response
from e2c_portal.signing.models import Envelope, EnvelopeStatus, Signatory, SignatoryStatus
from e2c_portal.signing.operations.locking import ENDED, NOT_ANY_MORE, NOT_YOUR_TURN, is_their_turn
from e2c_portal.signing.operations.reading import note_opened
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.signing.queries import signing_act
from e2c_portal.signing.states import envelope_state, signatory_state
from e2c_portal.signing.visitors import Visitor


@dataclass(frozen=True)
class Standing:
    """Where a signatory stands, in the words of their page. `open` says that they may act now."""

    open: bool
    tone: str = "info"
    title: str = ""
    text: str = ""


def standing_of(signatory: Signatory) -> Standing:
    """Return what the page says first."""
    envelope = signatory.envelope
    if signatory.has_signed:
        return _signed(envelope)
    if signatory.status == SignatoryStatus.REPLACED:
        who = f"{signatory.replaced_by.full_name} signe à cette place. Vous n’avez plus rien à faire."
        return Standing(False, "neutral", "Une autre personne signe", who)
    if signatory.status == SignatoryStatus.REFUSED:
        return Standing(
            False, "neutral", "Votre refus est enregistré", "La personne qui suit le dossier en est informée."
        )
    if envelope.status in (EnvelopeStatus.VOIDED, EnvelopeStatus.REFUSED):
        return Standing(False, "warning", "Cette version ne se signe plus", _reason(envelope))
    if not envelope.is_open:
        return Standing(False, "warning", "Signature impossible pour le moment", ENDED[EnvelopeStatus(envelope.status)])
    if signatory.status == SignatoryStatus.TO_CHECK:
        return Standing(False, "info", "Votre exemplaire papier est en cours de contrôle", "Vous n’avez rien à faire.")
    if not signatory.is_unfinished:
        return Standing(False, "neutral", "Rien à signer", NOT_ANY_MORE[SignatoryStatus(signatory.status)])
    if not is_their_turn(signatory):
        return Standing(False, "info", "Pas encore votre tour", NOT_YOUR_TURN)
    return Standing(True)


def _signed(envelope: Envelope) -> Standing:
    if envelope.status == EnvelopeStatus.COMPLETED:
        return Standing(
            False, "success", "Tout le monde a signé",
            "Le document est signé et scellé. Conservez le fichier PDF : lui seul porte les signatures et le cachet.",
        )  # fmt: skip
    if envelope.status in (EnvelopeStatus.VOIDED, EnvelopeStatus.REFUSED):
        return Standing(False, "warning", "Votre signature ne compte plus", _reason(envelope))
    return Standing(
        False, "success", "Votre signature est enregistrée",
        "Un message vous parviendra quand tout le monde aura signé, avec le document scellé.",
    )  # fmt: skip


def _reason(envelope: Envelope) -> str:
    return f"Cette version du document a été arrêtée. Motif : {envelope.end_reason}"


def context_of(signatory: Signatory) -> dict[str, Any]:
    """Return what the frame of a signatory's page needs."""
    envelope, purpose = signatory.envelope, purpose_of(signatory.envelope)
    people = envelope.signatories.exclude(status=SignatoryStatus.REPLACED).order_by("rank", "pk")
    base = _base(envelope)
    return {
        "signatory": signatory,
        "envelope": envelope,
        "document": envelope.document,
        "purpose": purpose,
        "standing": standing_of(signatory),
        "state": envelope_state(envelope),
        "people": [(person, signatory_state(person)) for person in people],
        "commitments": purpose.commitments(envelope, signatory),
        "explanation": purpose.explained(envelope, signatory),
        "contact": purpose.contact(envelope),
        "may_delegate": signatory.method == "electronic" and purpose.may_delegate(signatory),
        "shown_size": envelope.document.size if envelope.document.is_sealed else (base.size if base else 0),
        "shown_sha256": envelope.document.sha256 if envelope.document.is_sealed else (base.sha256 if base else ""),
        "act": signing_act(signatory) if signatory.has_signed else None,
    }


def _base(envelope: Envelope) -> Revision | None:
    return envelope.document.revisions.filter(number=0).first()


def pdf_response(request: HttpRequest, signatory: Signatory) -> HttpResponse:
    """Give the very bytes that are signed, or the sealed ones once everybody has signed."""
    document = signatory.envelope.document
    if document.is_sealed:
        return file_response(storage.read(document.file, sha256=document.sha256), file_name(document))
    base = base_revision(document)
    content = bytes_of(base)
    note_opened(signatory, base.sha256, Visitor.of(request))
    return file_response(content, f"a-signer-{file_name(document)}")
