"""Write amendments of a signed internship agreement, put them to signature, apply them. One transaction each.

Dates, hours, place, tutor and activities change once everybody signed. A suspension and a rupture protect the trainee: they take
effect when the school records them, and their amendment is signed after.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.nir import refuse_nir
from e2c_portal.kernel.submissions import Sending, once
from e2c_portal.signing.lookups import last_signing_day
from e2c_portal.signing.models import Envelope, EnvelopeStatus
from trainees.documents.amendments import amendment_order
from trainees.life import agreements as life
from trainees.life import internships as internship_life
from trainees.life.agreements import AMENDMENT_LIFE
from trainees.life.internships import INTERNSHIP_LIFE
from trainees.models import AgreementAmendment, Internship
from trainees.operations.agreement_signatures import (
    ask_signatures,
    held_internship,
    hold_signature,
    require,
    stop_signature,
    write_recorded,
)
from trainees.operations.amendment_applying import apply_changes, refusals_once_applied, settle
from trainees.operations.moving import save_or_refuse, write_move
from trainees.reads.agreements import amendment_in_full, internship_in_full, living_agreement
from trainees.reads.amendment_planning import changes_wanted, made_by
from trainees.reads.signers import AgreementPlan, signers_missing, signers_of

Kind = AgreementAmendment.Kind
PROTECTIVE = (Kind.SUSPENSION, Kind.RUPTURE)
NOTHING_CHANGES = "Rien ne change : modifiez au moins une chose."
NOT_SIGNED = "Seule une convention de stage signée se modifie par avenant. Avant, corrigez la convention elle-même."
OVER = "Ce stage est terminé, annulé ou rompu : il ne se modifie plus."
PAST = "Un avenant ne revient pas sur le passé : choisissez une date d’effet à partir d’aujourd’hui."
ILLEGAL = "Cet avenant ne peut pas être mis à la signature."
TOOK_EFFECT = "Cette mesure a déjà pris effet : son avenant se signe, il ne se classe pas."
NOT_TO_SIGN = "Cet avenant n’est pas à la signature : rechargez la page pour voir son état."
ALL_SIGNED = "Toutes les personnes ont déjà signé cet avenant."


@dataclass(frozen=True)
class Wish:
    """What an amendment should make true. `after` holds the new values by name, as reads.amendment_planning keeps them."""

    kind: str
    reason: str
    effective_on: date
    after: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def draft_amendment(
    internship_id: int, wish: Wish, actor: User, *, sending: Sending | None = None
) -> AgreementAmendment:
    """Write the draft of the next amendment; a form sent twice (`sending`) gives back the one it made. It changes nothing yet.

    Raises NotAllowed, AlreadySent, Refused (not signed, over, nothing changes, another one is open, a date in the past).
    """
    internship = held_internship(internship_id)
    require(actor, internship)
    return once(sending, actor, AgreementAmendment, lambda: _drafted(internship_in_full(internship_id), wish, actor))


def _drafted(internship: Internship, wish: Wish, actor: User) -> AgreementAmendment:
    agreement = living_agreement(internship)
    if agreement is None or agreement.status != life.SIGNED:
        raise Refused(NOT_SIGNED, code="not_signed")
    if internship.status != internship_life.SIGNED:
        raise Refused(OVER, code="over")
    if wish.kind not in PROTECTIVE and wish.effective_on < timezone.localdate():
        raise Refused(PAST, code="past")
    refuse_nir(str(wish.after))
    changes = changes_wanted(internship, wish.after)
    if not changes:
        raise Refused(NOTHING_CHANGES, code="nothing")
    last = agreement.amendments.aggregate(last=Max("number"))["last"] or 0
    amendment = AgreementAmendment(
        agreement=agreement, number=last + 1, kind=wish.kind, reason=wish.reason.strip(), effective_on=wish.effective_on,
        changes=changes, created_by=actor,
    )  # fmt: skip
    save_or_refuse(amendment)
    record(actor, "agreementamendment.drafted", internship, f"{amendment} : {amendment.get_kind_display().lower()}")
    return amendment


@transaction.atomic
def send_amendment_to_sign(
    amendment_id: int, plan: AgreementPlan, actor: User, *, representative: int | None = None
) -> AgreementAmendment:
    """Put an amendment to signature: its consequences are checked against the law first, then its document is frozen.

    A double click finds the first one's. Raises NotAllowed, Overtaken, Refused with `details`.
    """
    amendment = _held(amendment_id)
    require(actor, amendment.agreement.internship)
    if amendment.status == life.TO_SIGN:
        return amendment
    _refuse_illegal(amendment)
    _send(amendment, plan, actor, representative)
    return amendment


def _refuse_illegal(amendment: AgreementAmendment) -> None:
    if amendment.kind in PROTECTIVE:
        return
    if amendment.effective_on < timezone.localdate():
        raise Refused(PAST, code="past")
    if refusals := refusals_once_applied(amendment):
        raise Refused(ILLEGAL, details=refusals, code="illegal")


def _send(amendment: AgreementAmendment, plan: AgreementPlan, actor: User, representative: int | None) -> None:
    write_move(amendment, AMENDMENT_LIFE, AMENDMENT_LIFE.move("send_to_sign"), actor, on=amendment.agreement.internship)
    _ask(amendment, plan, actor, representative)


def _ask(
    amendment: AgreementAmendment, plan: AgreementPlan, actor: User, representative: int | None, why_new: str = ""
) -> Envelope:
    """Ask for the signatures of the people of the day: those that the amendment itself brings in."""
    after = made_by(amendment_in_full(amendment.pk))
    if missing := signers_missing(after):
        raise Refused(ILLEGAL, details=missing, code="illegal")
    order = amendment_order(amendment.pk, after, representative)
    people = signers_of(after, representative)
    # What protects is signed after it took effect; the rest before.
    until = None if amendment.kind in PROTECTIVE else amendment.effective_on
    return ask_signatures(order, people, plan, actor, until=until, why_new=why_new)


@transaction.atomic
def sign_amendment_again(
    amendment_id: int, plan: AgreementPlan, actor: User, *, why_new: str = "", representative: int | None = None
) -> Envelope:
    """Ask anew for the signatures of an amendment: one was refused, voided, or the ways have changed. Raises NotAllowed, Refused."""
    hold_signature(AgreementAmendment, amendment_id)
    amendment = _held(amendment_id)
    require(actor, amendment.agreement.internship)
    if amendment.status != life.TO_SIGN:
        raise Refused(NOT_TO_SIGN, code="not_to_sign")
    if amendment.signed_envelope():
        raise Refused(ALL_SIGNED, code="all_signed")
    return _ask(amendment, plan, actor, representative, why_new)


@says_why
@transaction.atomic
def shelve_amendment(amendment_id: int, reason: str, actor: User) -> AgreementAmendment:
    """Give an amendment up: the agreement stays as it is, and those who signed read why.

    Raises NotAllowed, Overtaken, Refused: what took effect already cannot be given up.
    """
    held = hold_signature(AgreementAmendment, amendment_id)
    amendment = _held(amendment_id)
    if amendment.kind in PROTECTIVE:
        require(actor, amendment.agreement.internship)
        raise Refused(TOOK_EFFECT, code="took_effect")
    if amendment.signed_envelope() and not reason.strip():
        raise Refused("Écrivez pourquoi cet avenant signé par tous est classé.", code="reason_required")
    refuse_nir(reason)
    move = AMENDMENT_LIFE.move("shelve")
    write_move(amendment, AMENDMENT_LIFE, move, actor, reason, on=amendment.agreement.internship)
    stop_signature(held, reason, actor)
    return amendment


@transaction.atomic
def suspend_internship(
    internship_id: int, first: date, last: date, wish: Wish, actor: User, *, sending: Sending | None = None
) -> AgreementAmendment:
    """Suspend an internship at once: nobody is expected in the company between two days; the amendment is signed after.

    Raises NotAllowed, AlreadySent, Refused (days outside the internship, no day to suspend).
    """
    internship = held_internship(internship_id)
    require(actor, internship)
    if not internship.starts_on <= first <= last <= internship.ends_on:
        raise Refused("La suspension se situe pendant le stage, et finit après avoir commencé.", code="outside")
    return once(sending, actor, AgreementAmendment, lambda: _suspended(internship_id, wish, actor))


def _suspended(internship_id: int, wish: Wish, actor: User) -> AgreementAmendment:
    amendment = _drafted(internship_in_full(internship_id), wish, actor)
    if "days" not in amendment.changes:
        raise Refused(
            "Le stage n’a aucun jour en entreprise entre ces dates : il n’y a rien à suspendre.", code="nothing"
        )
    apply_changes(amendment)
    settle()
    record(actor, "internship.suspended", amendment.agreement.internship, f"Stage suspendu : {amendment.reason}")
    _try_to_send(amendment, actor)
    return amendment


@transaction.atomic
def break_internship_off(
    internship_id: int, wish: Wish, actor: User, *, sending: Sending | None = None
) -> AgreementAmendment:
    """Stop an internship at once, on its last day of presence; the amendment of rupture is signed after.

    Raises NotAllowed, AlreadySent, Refused with `details` (dates, who ends it).
    """
    internship = held_internship(internship_id)
    require(actor, internship)
    return once(sending, actor, AgreementAmendment, lambda: _broken(internship, wish, actor))


def _broken(internship: Internship, wish: Wish, actor: User) -> AgreementAmendment:
    amendment = _drafted(internship_in_full(internship.pk), wish, actor)
    internship.ended_early_on = date.fromisoformat(wish.after["ended_early_on"])
    internship.broken_by = wish.after["broken_by"]
    write_move(internship, INTERNSHIP_LIFE, INTERNSHIP_LIFE.move("break_off"), actor, wish.reason)
    amendment.applied_in = None
    _try_to_send(amendment, actor)
    return amendment


def _try_to_send(amendment: AgreementAmendment, actor: User) -> None:
    """Put what took effect to signature at once. An address at fault must not prevent the protection: the draft then waits."""
    try:
        with transaction.atomic():
            _send(amendment, AgreementPlan(), actor, None)
    except NotAllowed:
        raise
    except Refused as refusal:
        amendment.refresh_from_db()
        told = " ".join([refusal.message, *refusal.details])
        record(actor, "agreementamendment.not_sent", amendment.agreement.internship, f"{amendment} à envoyer : {told}")


@transaction.atomic
def record_amendment_signed(envelope: Envelope) -> AgreementAmendment:
    """Make an amendment « signé » at the day of its last signature, and the internship what it says.

    Called in the transaction of the seal. Raises Refused, with details, when something else than signatures prevents it.
    """
    amendment = _held(int(envelope.subject.rpartition(":")[2]))
    amendment.signed_on = last_signing_day(envelope)
    if amendment.status == life.TO_SIGN and amendment.kind not in PROTECTIVE:
        apply_changes(amendment)
    write_recorded(
        amendment, AMENDMENT_LIFE, AMENDMENT_LIFE.move("record_signature"), envelope, amendment.agreement.internship
    )
    settle()
    return amendment


@transaction.atomic
def record_amendment_again(amendment_id: int, actor: User) -> AgreementAmendment:
    """Record at last an amendment that everybody signed, once what prevented it is mended. Raises NotAllowed, Refused."""
    amendment = _held(amendment_id)
    require(actor, amendment.agreement.internship)
    envelope = amendment.signed_envelope()
    if amendment.status != life.TO_SIGN or envelope is None or envelope.status != EnvelopeStatus.COMPLETED:
        raise Refused(NOT_TO_SIGN, code="not_to_sign")
    return record_amendment_signed(envelope)


def _held(amendment_id: int) -> AgreementAmendment:
    """Return an amendment in full, locked after its internship."""
    rows = AgreementAmendment.objects.filter(pk=amendment_id)
    held_internship(rows.values_list("agreement__internship_id", flat=True).get())
    rows.select_for_update(of=("self",)).get()
    return amendment_in_full(amendment_id)
