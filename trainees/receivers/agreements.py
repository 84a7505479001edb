"""What the signing engine tells of internship agreements and their amendments, each in the transaction of the signature itself."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import date_in_letters
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.signing.lookups import day_signed
from e2c_portal.signing.models import Envelope, Method, Signatory
from e2c_portal.signing.purposes import SigningPurpose
from trainees.emails.agreements import internship_of, send_signed, send_stopped, tell_family
from trainees.models import AgreementAmendment, InternshipAgreement
from trainees.models.agreements import AGREEMENT_KIND, AMENDMENT_KIND
from trainees.operations.agreements import record_agreement_signed
from trainees.operations.amendments import record_amendment_signed
from trainees.reads.agreements import agreement_in_full, amendment_in_full, followers_of, may_send_agreement
from trainees.reads.signers import HOST, KEYS
from trainees.sheets.agreement_explained import commitments, explained, message_lines

Subject = InternshipAgreement | AgreementAmendment


def subject_of_envelope(envelope: Envelope) -> Subject:
    """Return the agreement or the amendment that an envelope signs, with its internship."""
    pk = int(envelope.subject.rpartition(":")[2])
    return amendment_in_full(pk) if envelope.kind == AMENDMENT_KIND else agreement_in_full(pk)


def may_manage(user: Any, envelope: Envelope) -> bool:
    """Let the school that made the internship follow its signatures, and no other."""
    return may_send_agreement(user, internship_of(subject_of_envelope(envelope)))


def page_url(envelope: Envelope) -> str:
    return subject_of_envelope(envelope).get_absolute_url()


def may_delegate(signatory: Signatory) -> bool:
    """Let the company name who may sign for it; the others sign themselves."""
    return KEYS.get(signatory.role) == HOST


def contact(envelope: Envelope) -> str:
    return f"{envelope.opened_by}, {envelope.opened_by.email}"


def contact_email(envelope: Envelope) -> str:
    return envelope.opened_by.email


def followers(envelope: Envelope) -> list[Recipient]:
    """Return who is told: whoever put the text to signature and the referent, while they work in the school."""
    people = followers_of(internship_of(subject_of_envelope(envelope)), envelope.opened_by)
    return [Recipient(person.email, person.full_name) for person in people]


def signed(signatory: Signatory) -> None:
    day = day_signed(signatory)
    on_paper = signatory.method == Method.PAPER and day is not None
    way = f"papier, {date_in_letters(day)}" if on_paper and day else signatory.get_method_display().lower()
    _note(subject_of_envelope(signatory.envelope), "signature.given", f"signature de {signatory.full_name} ({way})")


def delegated(successor: Signatory) -> None:
    subject = subject_of_envelope(successor.envelope)
    words = f"{successor.takes_place_of} désigne {successor.full_name} pour signer"
    _note(subject, "signature.delegated", words)


def stopped(told: str) -> Callable[[Envelope], None]:
    """Return the hook that notes how a signature stopped and tells the school."""

    def hook(envelope: Envelope) -> None:
        subject = subject_of_envelope(envelope)
        reason = f" : {envelope.end_reason}" if envelope.end_reason else ""
        _note(subject, f"signature.{envelope.status}", f"{told}{reason}")
        # Whoever voids it knows; a limit that passed is told by the engine.
        if envelope.ended_by_id is None and not envelope.is_alive:
            send_stopped(envelope, subject)

    return hook


def refused(signatory: Signatory) -> None:
    stopped("signature refusée")(signatory.envelope)


def completed(envelope: Envelope) -> None:
    """Record that everybody signed. What prevents it never undoes the seal: it is noted and told to the school."""
    blocked = ""
    try:
        with transaction.atomic():
            _record(envelope)
    except Refused as refusal:
        blocked = " ".join([refusal.message, *refusal.details])
    subject = subject_of_envelope(envelope)
    if blocked:
        _note(subject, "signature.not_recorded", f"signature complète, mais non enregistrée. {blocked}")
    elif isinstance(subject, InternshipAgreement):
        tell_family(subject)
    send_signed(envelope, subject, blocked)


def _record(envelope: Envelope) -> None:
    if envelope.kind == AMENDMENT_KIND:
        record_amendment_signed(envelope)
    else:
        record_agreement_signed(envelope)


def _note(subject: Subject, action: str, words: str) -> None:
    """Write in the history of the internship what happened to its agreement or to one of its amendments."""
    named = f"Avenant n° {subject.number} : {words}" if isinstance(subject, AgreementAmendment) else words
    record(None, action, internship_of(subject), named[:1].upper() + named[1:])


def _purpose(kind: str, label: str) -> SigningPurpose:
    return SigningPurpose(
        kind=kind,
        label=label,
        may_manage=may_manage,
        page_url=page_url,
        commitments=commitments,
        explained=explained,
        message_lines=message_lines,
        may_delegate=may_delegate,
        contact=contact,
        contact_email=contact_email,
        followers=followers,
        signed=signed,
        refused=refused,
        delegated=delegated,
        completed=completed,
        voided=stopped("signature annulée"),
        expired=stopped("délai de signature dépassé"),
    )


PURPOSES = (
    _purpose(AGREEMENT_KIND, "Convention de stage"),
    _purpose(AMENDMENT_KIND, "Avenant à une convention de stage"),
)
