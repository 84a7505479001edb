"""What the signing engine tells of conventions and amendments, each in the transaction of the signature itself."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import date_in_letters
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.signing.lookups import day_signed
from e2c_portal.signing.models import Envelope, Method, Signatory
from e2c_portal.signing.purposes import SigningPurpose
from partnerships.amendment_documents import KIND as AMENDMENT
from partnerships.documents import KIND as CONVENTION
from partnerships.followers import followers_of
from partnerships.models import ConventionAmendment, PartnershipConvention
from partnerships.operations.recording import record_amendment_signed, record_convention_signed
from partnerships.permissions import PartnershipPermission
from partnerships.signature_messages import send_signed, send_stopped
from partnerships.signing_plan import ROLES

Subject = PartnershipConvention | ConventionAmendment
SIGNED_TOO_EARLY = (
    "L’exemplaire est daté {day}, avant la délibération {vote} : une convention se vote avant de se signer."
)


def subject_of_envelope(envelope: Envelope) -> Subject:
    """Return the convention or the amendment that an envelope signs."""
    pk = int(envelope.subject.rpartition(":")[2])
    if envelope.kind == AMENDMENT:
        return ConventionAmendment.objects.select_related("convention__company").get(pk=pk)
    return PartnershipConvention.objects.select_related("company").get(pk=pk)


def _convention_of(subject: Subject) -> PartnershipConvention:
    return subject.convention if isinstance(subject, ConventionAmendment) else subject


def may_manage(user: Any, envelope: Envelope) -> bool:
    """Let those who move conventions follow their signatures."""
    return bool(user.has_perm(PartnershipPermission.MOVE_CONVENTION))


def page_url(envelope: Envelope) -> str:
    return subject_of_envelope(envelope).get_absolute_url()


def commitments(envelope: Envelope, signatory: Signatory) -> Sequence[str]:
    """Return what the company promises, in the words of the frozen document; an amendment is read in its own words."""
    rows = envelope.document.context.get("commitments", []) if signatory.role == ROLES["company"] else []
    return [_promise(row) for row in rows]


def _promise(row: dict[str, Any]) -> str:
    words = [row["kind_label"], f"({row['description']})" if row["description"] else ""]
    figure = " ".join(
        part for part in (row["target"] or "", row["unit"] if row["target"] else "", row["period"]) if part
    )
    return " ".join(part for part in words if part) + (f" : {figure}" if figure else "")


def may_delegate(signatory: Signatory) -> bool:
    """Let the company name who may sign for it; for the Région an arrêté says who may, which is a mandate."""
    return signatory.role == ROLES["company"]


def contact(envelope: Envelope) -> str:
    return f"{envelope.opened_by}, {envelope.opened_by.email}"


def contact_email(envelope: Envelope) -> str:
    return envelope.opened_by.email


def followers(envelope: Envelope) -> list[Recipient]:
    """Return who is told: the officer who put the text to signature, else those who follow the convention."""
    opener = envelope.opened_by
    there = opener.is_active and opener.has_perm(PartnershipPermission.MOVE_CONVENTION)
    people = [opener] if there else followers_of(_convention_of(subject_of_envelope(envelope)))
    return [Recipient(person.email, str(person)) for person in people]


def signed(signatory: Signatory) -> None:
    """Note who signed. Raises Refused for a paper dated before the vote: it undoes the acceptance of that paper."""
    subject = subject_of_envelope(signatory.envelope)
    day, voted_on = day_signed(signatory), subject.deliberation_date
    if day and voted_on and day < voted_on:
        raise Refused(SIGNED_TOO_EARLY.format(day=date_in_letters(day), vote=date_in_letters(voted_on)))
    _note(subject, "signature.given", f"signature de {signatory.full_name} ({_way(signatory, day)})")


def _way(signatory: Signatory, day: date | None) -> str:
    on_paper = signatory.method == Method.PAPER and day is not None
    return f"papier, {date_in_letters(day)}" if on_paper and day else signatory.get_method_display().lower()


def delegated(successor: Signatory) -> None:
    subject = subject_of_envelope(successor.envelope)
    first = successor.takes_place_of
    _note(subject, "signature.delegated", f"{first} désigne {successor.full_name} pour signer")


def stopped(told: str) -> Callable[[Envelope], None]:
    """Return the hook that notes how a signature stopped and tells the officer who follows it."""

    def hook(envelope: Envelope) -> None:
        subject = subject_of_envelope(envelope)
        reason = f" : {envelope.end_reason}" if envelope.end_reason else ""
        _note(subject, f"signature.{envelope.status}", f"{told}{reason}")
        # An officer who voids it knows; a limit that passed is told by the engine.
        if envelope.ended_by_id is None and not envelope.is_alive:
            send_stopped(envelope, subject)

    return hook


def refused(signatory: Signatory) -> None:
    stopped("signature refusée")(signatory.envelope)


def completed(envelope: Envelope) -> None:
    """Record that everybody signed. What prevents it never undoes the seal: it is noted and told to the officer."""
    record_it = record_amendment_signed if envelope.kind == AMENDMENT else record_convention_signed
    blocked = ""
    try:
        with transaction.atomic():
            record_it(envelope)
    except Refused as refusal:
        blocked = " ".join([refusal.message, *refusal.details])
    subject = subject_of_envelope(envelope)
    if blocked:
        _note(subject, "signature.not_recorded", f"signature complète, mais non enregistrée. {blocked}")
    send_signed(envelope, subject, blocked)


def _note(subject: Subject, action: str, words: str) -> None:
    """Write in the history of the convention what happened to it, or to one of its amendments."""
    named = f"Avenant n° {subject.number} : {words}" if isinstance(subject, ConventionAmendment) else words
    record(None, action, _convention_of(subject), named[:1].upper() + named[1:])


def _purpose(kind: str, label: str) -> SigningPurpose:
    return SigningPurpose(
        kind=kind,
        label=label,
        may_manage=may_manage,
        page_url=page_url,
        commitments=commitments,
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
    _purpose(CONVENTION, "Convention de partenariat"),
    _purpose(AMENDMENT, "Avenant à une convention de partenariat"),
)
