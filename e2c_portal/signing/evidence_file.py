"""The evidence file (« dossier de preuve »): one sealed page, made from the chain, that tells how a document was signed."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import Order, request_document
from e2c_portal.kernel.errors import PortalError
from e2c_portal.signing.models import Act, ActKind, Channel, Envelope, Evidence, Method, Signatory
from e2c_portal.signing.purposes import purpose_of

KIND = "evidence_file"
SIGNING_ACTS = [ActKind.SIGNED, ActKind.PAPER_ACCEPTED]


def request_evidence_file(envelope: Envelope) -> Document:
    """Ask for the evidence file of a completed envelope, in the transaction under way."""
    document = envelope.document
    order = Order(
        kind=KIND, subject=envelope, reference=f"{document.reference}-P"[:60],
        title=f"Dossier de preuve – {document.title}"[:250], content=content_of(envelope),
    )  # fmt: skip
    return request_document(order, envelope.opened_by)


def content_of(envelope: Envelope) -> dict[str, Any]:
    """Return what the file prints, as plain values."""
    document = envelope.document
    last = Evidence.objects.filter(envelope=envelope).order_by("-sequence").first()
    base = document.revisions.get(number=0)
    acts = Act.objects.filter(signatory__envelope=envelope, kind__in=SIGNING_ACTS)
    acts = acts.select_related("signatory__takes_place_of", "actor", "exhibit__added_by").order_by("at", "pk")
    consents = sorted({(act.consent_version, act.consent_text) for act in acts if act.consent_text})
    return {
        "issuer": document.context.get("issuer") or "",
        "signed": {
            "title": document.title, "reference": document.reference, "code": document.printed_code,
            "label": purpose_of(envelope).label, "sealed_at": _moment(document.sealed_at),
            "holder": document.seal_subject, "level": document.seal_level, "sha256": document.sha256,
            "base_sha256": base.sha256, "base_size": base.size,
        },
        "envelope": str(envelope.public_id),
        "opened": {"at": _moment(envelope.opened_at), "by": str(envelope.opened_by)},
        "signatures": [_signature(act) for act in acts],
        "consents": [text for _version, text in consents],
        "consent_version": envelope.consent_version,
        "chain": {
            "sequence": last.sequence if last else 0, "hash": last.hash if last else "",
            "links": Evidence.objects.filter(envelope=envelope).count(),
        },
    }  # fmt: skip


def _signature(act: Act) -> dict[str, Any]:
    signatory = act.signatory
    return {
        "name": signatory.full_name, "quality": signatory.quality, "role": signatory.role,
        "at": _moment(act.at), "method": signatory.get_method_display(), "proof": _proof(act),
        "instead_of": _instead_of(signatory), "from": _from(act),
    }  # fmt: skip


def _proof(act: Act) -> str:
    """Say in one sentence how the identity was checked."""
    signatory = act.signatory
    if act.method == Method.PAPER and act.exhibit:
        return (
            f"Exemplaire signé à la main, numérisé par {act.exhibit.added_by}, contrôlé par {act.actor} "
            f"(SHA-256 {act.exhibit.sha256})."
        )
    if act.method == Method.ON_SITE:
        return act.reason
    where = signatory.email if act.channel == Channel.EMAIL else _masked(signatory.phone)
    way = "courriel" if act.channel == Channel.EMAIL else "message texte"
    return f"Lien personnel et code à usage unique reçu par {way} ({where})."


def _from(act: Act) -> str:
    return f"Adresse IP {act.ip}" if act.ip else ""


def _instead_of(signatory: Signatory) -> str:
    if signatory.on_behalf_of:
        return f"par mandat de {signatory.on_behalf_of}"
    first = signatory.takes_place_of
    return f"par délégation de {first.full_name}" if first else ""


def _masked(phone: str) -> str:
    return f"numéro se terminant par {phone[-4:]}"


def _moment(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y à H:i:s") if moment else ""


def _envelope_of(document: Document) -> Envelope | None:
    number = document.subject.rpartition(":")[2]
    return Envelope.objects.select_related("document").filter(pk=int(number)).first() if number.isdecimal() else None


def _may_read(user: Any, document: Document) -> bool:
    envelope = _envelope_of(document)
    try:
        return bool(envelope and purpose_of(envelope).may_manage(user, envelope))
    except PortalError:
        return False


def _subject_url(document: Document) -> str:
    envelope = _envelope_of(document)
    return purpose_of(envelope).page_url(envelope) if envelope else ""


def _standing(document: Document, day: date) -> Standing:
    reference = document.context["signed"]["reference"]
    return Standing("record", "Pièce de preuve", f"Ce dossier raconte la signature du document {reference}.")


EVIDENCE_FILE = DocumentKind(
    name=KIND,
    label="Dossier de preuve",
    template=KIND,
    version="v1",
    standing=_standing,
    public_facts=lambda document: [("Document signé", document.context["signed"]["reference"])],
    may_read=_may_read,
    subject_url=_subject_url,
    may_retry=_may_read,
)
