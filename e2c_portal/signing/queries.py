"""Read envelopes: one by its address, those of a record, and for each signatory where they stand and what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, Prefetch, QuerySet

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.queries import documents_of
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.workflow import State
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.queries import state_of as link_state
from e2c_portal.mailing.models import Mail, Message, Sms
from e2c_portal.mailing.models import Status as MessageStatus
from e2c_portal.mailing.queries import next_step
from e2c_portal.mailing.queries import state_of as message_state
from e2c_portal.mailing.sms import sms_available
from e2c_portal.signing.evidence_file import KIND as EVIDENCE_KIND
from e2c_portal.signing.models import (
    Act,
    Channel,
    Code,
    Envelope,
    Exhibit,
    ExhibitKind,
    Method,
    Signatory,
    SignatoryStatus,
)
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.signing.signatory_links import SIGN_LINK


def envelopes_of(record: Model) -> QuerySet[Envelope]:
    """Return the envelopes about a record, latest first."""
    return Envelope.objects.filter(subject=subject_of(record)).select_related("document", "opened_by")


def envelope_managed_by(user: Any, public_id: UUID) -> Envelope | None:
    """Return the envelope if this person may manage it, else None, as for one that does not exist."""
    envelope = Envelope.objects.select_related("document", "opened_by").filter(public_id=public_id).first()
    if envelope is None:
        return None
    try:
        return envelope if purpose_of(envelope).may_manage(user, envelope) else None
    except PortalError:
        return None


def signatory_of_envelope(envelope: Envelope, public_id: UUID) -> Signatory | None:
    """Return one signatory of an envelope."""
    signatory = envelope.signatories.filter(public_id=public_id).first()
    if signatory:
        signatory.envelope = envelope
    return signatory


def exhibit_of_envelope(envelope: Envelope, public_id: UUID) -> Exhibit | None:
    """Return one exhibit of an envelope."""
    return Exhibit.objects.filter(signatory__envelope=envelope, public_id=public_id).first()


def signing_act(signatory: Signatory) -> Act | None:
    """Return the act by which somebody signed, None when they have not."""
    return signatory.acts.filter(kind__in=["signed", "paper_accepted"]).first()


@dataclass(frozen=True)
class Line:
    """One signatory as staff reads it: where they stand, by which way they were reached, and what to do next."""

    signatory: Signatory
    message: Message | None
    message_state: State | None
    message_next: str
    link_state: State | None
    advice: str
    to_check: Exhibit | None
    exhibits: tuple[Exhibit, ...]


def lines_of(envelope: Envelope) -> list[Line]:
    """Return a line for each signatory, those replaced included, in a constant number of queries."""
    exhibits = Prefetch("exhibits", Exhibit.objects.select_related("added_by", "checked_by"))
    rows = list(envelope.signatories.prefetch_related(exhibits).order_by("rank", "pk"))
    names = [subject_of(row) for row in rows]
    mails = _latest(Mail.objects.filter(subject__in=names).defer("context"))
    texts = _latest(Sms.objects.filter(subject__in=names).defer("context"))
    links = {link.subject: link for link in _links(names)}
    return [
        _line(row, envelope, mails.get(name), texts.get(name), links.get(name))
        for row, name in zip(rows, names, strict=True)
    ]


def _latest(messages: QuerySet) -> dict[str, Message]:
    return {message.subject: message for message in messages.order_by("requested_at", "pk")}


def _links(names: list[str]) -> QuerySet[PersonalLink]:
    links = PersonalLink.objects.filter(purpose=SIGN_LINK, subject__in=names)
    return links.order_by("prepared_at", "pk")


def _line(
    signatory: Signatory, envelope: Envelope, mail: Message | None, text: Message | None, link: PersonalLink | None
) -> Line:
    signatory.envelope = envelope
    last = max((m for m in (mail, text) if m), key=lambda m: m.requested_at, default=None)
    exhibits = tuple(signatory.exhibits.all())
    return Line(
        signatory=signatory,
        message=last,
        message_state=message_state(last) if last else None,
        message_next=next_step(last) if last else "",
        link_state=link_state(link) if link and signatory.signs_by_link else None,
        advice=_advice(signatory, last),
        to_check=next((e for e in exhibits if e.kind == ExhibitKind.PAPER and e.accepted is None), None),
        exhibits=exhibits,
    )


def _advice(signatory: Signatory, last: Message | None) -> str:
    """Return the next best way to reach somebody, one sentence, empty when nothing has to be done."""
    if signatory.status == SignatoryStatus.TO_CHECK:
        return "Un exemplaire papier attend le contrôle d’une seconde personne."
    if signatory.status != SignatoryStatus.INVITED:
        return ""
    if signatory.method == Method.PAPER:
        return "Ajoutez le document signé sur papier, numérisé ou photographié."
    if signatory.method == Method.ON_SITE:
        return "Faites signer sur place, sur votre écran ou par QR code."
    if last is None or last.status not in (MessageStatus.FAILED, MessageStatus.BOUNCED):
        return ""
    if isinstance(last, Mail) and signatory.phone and sms_available():
        return "Le courriel ne lui parvient pas : retirez l’adresse, le lien partira par message texte."
    return (
        "Les messages ne lui parviennent pas : corrigez l’adresse, ou choisissez le papier ou la signature sur place."
    )


def living_code(signatory: Signatory) -> Code | None:
    """Return the code that this person may still type, sent or about to be."""
    return signatory.codes.filter(used_at=None, voided_at=None).first()


def code_message(signatory: Signatory, code: Code) -> Message | None:
    """Return the message that carries a code."""
    model = Mail if code.channel == Channel.EMAIL else Sms
    return model._default_manager.filter(subject=subject_of(signatory), context__request=code.pk).first()


def evidence_file_of(envelope: Envelope) -> Document | None:
    """Return the evidence file of an envelope, sealed or on its way."""
    return documents_of(envelope).filter(kind=EVIDENCE_KIND).first()


def evidence_files_of(envelopes: Iterable[Envelope]) -> dict[int, Document]:
    """Return the last evidence file of each of these envelopes, by the number of the envelope. One query."""
    names = {subject_of(envelope): envelope.pk for envelope in envelopes}
    files = Document.objects.filter(kind=EVIDENCE_KIND, subject__in=names).exclude(status=Status.ABANDONED)
    return {names[file.subject]: file for file in files.defer("context").order_by("requested_at", "pk")}
