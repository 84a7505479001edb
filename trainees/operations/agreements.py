"""Prepare an internship agreement, have the company read it, put it to signature, replace it. One transaction each.

A text put to signature is never written anew: what it prints is held by the database. To correct it, the version lapses (those
who signed are told why) and the next one is drafted.
"""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.nir import refuse_nir
from e2c_portal.signing.lookups import last_signing_day
from e2c_portal.signing.models import Envelope, EnvelopeStatus
from trainees.documents.agreements import agreement_order
from trainees.emails.agreements import send_review_request, tell_of_host_reply, tell_signatories_of_lapse
from trainees.life import agreements as life
from trainees.life.agreements import AGREEMENT_LIFE
from trainees.life.internships import CANCELLED, INTERNSHIP_LIFE, NOT_STARTED
from trainees.models import Internship, InternshipAgreement
from trainees.operations.agreement_signatures import (
    ask_signatures,
    held_internship,
    hold_signature,
    require,
    stop_signature,
    write_recorded,
)
from trainees.operations.moving import save_or_refuse, write_move
from trainees.reads.agreement_checks import agreement_refusals
from trainees.reads.agreements import internship_in_full, living_agreement
from trainees.reads.signers import AgreementPlan, signers_of

REFUSED = "Cette convention ne peut pas encore être mise à la signature."
LATE_WITHOUT_REASON = (
    "Le stage a commencé : une convention signée après le premier jour dit pourquoi. Écrivez le motif du retard."
)
NO_TUTOR_ADDRESS = (
    "Le tuteur n’a pas d’adresse électronique : complétez sa fiche, ou passez directement à la signature."
)
NO_TUTOR = "Indiquez d’abord le tuteur dans l’entreprise."
NOT_IN_REVIEW = "Cette relecture est terminée : l’école a déjà mis la convention à la signature, ou l’a reprise."
ALREADY_SENT = "Cette convention est déjà à la signature ou signée : rechargez la page pour voir où elle en est."
NOT_TO_SIGN = "Cette convention n’est pas à la signature : rechargez la page pour voir son état."
ALL_SIGNED = "Toutes les personnes ont signé : la convention ne se corrige plus que par un avenant."
ONLY_AMENDED = "Cette convention est signée par tous : elle se modifie par un avenant. Elle ne devient caduque que si le stage est annulé."


@transaction.atomic
def draft_agreement(internship_id: int, actor: User) -> InternshipAgreement:
    """Return the living version of an internship's agreement, drafted if there is none: a double click finds the first one's.

    Raises NotAllowed, Refused when the internship is over.
    """
    internship = held_internship(internship_id)
    require(actor, internship)
    return living_agreement(internship) or _drafted(internship, actor)


def _drafted(internship: Internship, actor: User) -> InternshipAgreement:
    if internship.status in (CANCELLED, NOT_STARTED):
        raise Refused("Ce stage est annulé ou n’a pas eu lieu : il n’a plus de convention à préparer.")
    last = internship.agreements.aggregate(last=Max("version"))["last"] or 0
    agreement = InternshipAgreement(internship=internship, version=last + 1, created_by=actor)
    save_or_refuse(agreement)
    record(actor, "internshipagreement.drafted", internship, f"{agreement} : brouillon")
    return agreement


@transaction.atomic
def send_to_review(internship_id: int, actor: User) -> InternshipAgreement:
    """Have the tutor read what will be signed, by a personal link. Raises NotAllowed, Overtaken, Refused."""
    internship = held_internship(internship_id)
    require(actor, internship)
    agreement = living_agreement(internship) or _drafted(internship, actor)
    if internship.tutor is None or not internship.tutor.email:
        raise Refused(NO_TUTOR if internship.tutor is None else NO_TUTOR_ADDRESS)
    if agreement.status != life.IN_REVIEW:
        write_move(agreement, AGREEMENT_LIFE, AGREEMENT_LIFE.move("send_to_review"), actor, on=internship)
    send_review_request(agreement, internship.tutor)
    return agreement


@transaction.atomic
def take_back(agreement_id: int, actor: User) -> InternshipAgreement:
    """Take the draft back from the company: its link serves no more. Raises NotAllowed, Overtaken."""
    agreement = _held(agreement_id)
    write_move(agreement, AGREEMENT_LIFE, AGREEMENT_LIFE.move("take_back"), actor, on=agreement.internship)
    return agreement


@transaction.atomic
def record_host_reply(agreement_id: int, text: str) -> InternshipAgreement:
    """Keep what the company answers: corrections, or nothing when all is right. It changes nothing by itself.

    Raises Refused once the review is over, or for a text that holds a social security number.
    """
    agreement = _held(agreement_id)
    if agreement.status != life.IN_REVIEW:
        raise Refused(NOT_IN_REVIEW, code="not_in_review")
    refuse_nir(text)
    agreement.host_reply, agreement.host_replied_at = text.strip(), timezone.now()
    save_or_refuse(agreement)
    said = "corrections proposées" if agreement.host_reply else "rien à corriger"
    record(None, "internshipagreement.reviewed", agreement.internship, f"{agreement} relue par l’entreprise : {said}")
    tell_of_host_reply(agreement)
    return agreement


@transaction.atomic
def send_to_sign(
    internship_id: int,
    plan: AgreementPlan,
    actor: User,
    *,
    late_reason: str = "",
    representative: int | None = None,
) -> InternshipAgreement:
    """Put the agreement of an internship to signature: drafted if need be, checked, frozen, its signatories invited.

    A double click finds the first one's. Raises NotAllowed, Overtaken, Refused with `details` naming each rule that prevents it.
    """
    internship = held_internship(internship_id)
    require(actor, internship)
    agreement = living_agreement(internship) or _drafted(internship, actor)
    if agreement.status in (life.TO_SIGN, life.SIGNED):
        if agreement.status == life.TO_SIGN:
            return agreement
        raise Refused(ALREADY_SENT, code="already_sent")
    internship = internship_in_full(internship_id)
    agreement.internship = internship
    if refusals := agreement_refusals(internship):
        raise Refused(REFUSED, details=refusals, code="illegal")
    _say_why_late(agreement, late_reason)
    agreement.starts_on = internship.starts_on
    write_move(agreement, AGREEMENT_LIFE, AGREEMENT_LIFE.move("send_to_sign"), actor, on=internship)
    order = agreement_order(agreement.pk, representative)
    ask_signatures(order, signers_of(internship, representative), plan, actor)
    return agreement


def _say_why_late(agreement: InternshipAgreement, reason: str) -> None:
    """Keep why a signature comes after the first day. Raises Refused without a reason once the internship has begun."""
    refuse_nir(reason)
    late = agreement.internship.starts_on < timezone.localdate()
    if late and not reason.strip():
        raise Refused(LATE_WITHOUT_REASON, code="late_reason")
    agreement.late_reason = reason.strip() if late else ""


@transaction.atomic
def sign_again(
    agreement_id: int, plan: AgreementPlan, actor: User, *, why_new: str = "", representative: int | None = None
) -> Envelope:
    """Ask anew for the signatures of the same text: one was refused, voided or expired, or the ways have changed.

    With a signature under way, `why_new` says why it is replaced; those who signed read it. Raises NotAllowed, Refused.
    """
    hold_signature(InternshipAgreement, agreement_id)
    agreement = _held(agreement_id)
    require(actor, agreement.internship)
    _refuse_unless_to_sign(agreement)
    internship = internship_in_full(agreement.internship_id)
    if refusals := agreement_refusals(internship, sent=True):
        raise Refused(REFUSED, details=refusals, code="illegal")
    order = agreement_order(agreement.pk, representative)
    return ask_signatures(order, signers_of(internship, representative), plan, actor, why_new=why_new)


def _refuse_unless_to_sign(agreement: InternshipAgreement) -> None:
    if agreement.status != life.TO_SIGN:
        raise Refused(NOT_TO_SIGN, code="not_to_sign")
    if agreement.signed_envelope():
        raise Refused(ALL_SIGNED, code="all_signed")


@says_why
@transaction.atomic
def correct_agreement(agreement_id: int, reason: str, actor: User) -> InternshipAgreement:
    """Let a version lapse so that its internship may be corrected, and draft the next one, which is returned.

    Signatures already given count no more, and those who gave them read the reason. Raises NotAllowed, Overtaken, Refused.
    """
    held = hold_signature(InternshipAgreement, agreement_id)
    agreement = _held(agreement_id)
    require(actor, agreement.internship)
    _refuse_unless_to_sign(agreement)
    _lapse(agreement, held, reason, actor)
    return _drafted(agreement.internship, actor)


@says_why
@transaction.atomic
def lapse_agreement(agreement_id: int, reason: str, actor: User) -> InternshipAgreement:
    """Let a version lapse for good: its internship is given up. Raises NotAllowed, Overtaken, Refused.

    A signed agreement lapses only with a cancelled internship: anything else is an amendment.
    """
    held = hold_signature(InternshipAgreement, agreement_id)
    agreement = _held(agreement_id)
    if agreement.status == life.SIGNED and agreement.internship.status != CANCELLED:
        raise Refused(ONLY_AMENDED, code="signed")
    _lapse(agreement, held, reason, actor)
    return agreement


def _lapse(agreement: InternshipAgreement, held: Envelope | None, reason: str, actor: User) -> None:
    refuse_nir(reason)
    was_signed = agreement.status == life.SIGNED
    write_move(agreement, AGREEMENT_LIFE, AGREEMENT_LIFE.move("lapse"), actor, reason, on=agreement.internship)
    stop_signature(held, reason, actor)
    if was_signed:
        tell_signatories_of_lapse(agreement, reason)


@transaction.atomic
def record_agreement_signed(envelope: Envelope) -> InternshipAgreement:
    """Make an agreement « signée » at the day of its last signature, and its internship with it.

    Called in the transaction of the seal. Raises Refused, with details, when something else than signatures prevents it.
    """
    agreement = _held(int(envelope.subject.rpartition(":")[2]))
    internship = agreement.internship
    agreement.signed_on = last_signing_day(envelope)
    write_recorded(agreement, AGREEMENT_LIFE, AGREEMENT_LIFE.move("record_signature"), envelope, internship)
    write_recorded(internship, INTERNSHIP_LIFE, INTERNSHIP_LIFE.move("record_signature"), envelope, internship)
    return agreement


@says_why
@transaction.atomic
def explain_late_signature(agreement_id: int, reason: str, actor: User) -> InternshipAgreement:
    """Say why the last signature came after the first day, and record at last that everybody signed.

    Raises NotAllowed, Refused without a reason, before everybody signed, or once it is recorded.
    """
    agreement = _held(agreement_id)
    require(actor, agreement.internship)
    envelope = agreement.signed_envelope()
    if agreement.status != life.TO_SIGN or envelope is None or envelope.status != EnvelopeStatus.COMPLETED:
        raise Refused(NOT_TO_SIGN, code="not_to_sign")
    refuse_nir(reason)
    if not reason.strip():
        raise Refused(LATE_WITHOUT_REASON, code="late_reason")
    agreement.late_reason = reason.strip()
    save_or_refuse(agreement)
    record(actor, "internshipagreement.late_explained", agreement.internship, f"{agreement} : {agreement.late_reason}")
    return record_agreement_signed(envelope)


def _held(agreement_id: int) -> InternshipAgreement:
    """Return an agreement, locked after its internship."""
    internship_id = InternshipAgreement.objects.values_list("internship_id", flat=True).get(pk=agreement_id)
    internship = held_internship(internship_id)
    agreement = InternshipAgreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
    agreement.internship = internship
    return agreement
