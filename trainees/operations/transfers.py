"""Hand a trainee over to another school: asked by the one they are in, answered by the other. One transaction each.

Accepting ends the open pathway on the day that was asked, with the reason « Transfert »: interrupted when it was confirmed, left
in its trial, or never begun. It plans no follow-up, for the person is still in the network: the next exit will.
"""

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.french import with_article
from e2c_portal.kernel.submissions import Sending, once
from trainees.emails import transfers as emails
from trainees.life import transfers as life
from trainees.life.pathways import OPEN, PATHWAY_LIFE, PLANNED, RUNNING, SUSPENDED, TRIAL
from trainees.models import Pathway, Trainee, TraineeTransfer
from trainees.operations.doubles import refresh_doubles_of
from trainees.operations.moving import write_checked_move
from trainees.operations.pathway_ends import close_phase
from trainees.operations.people import NOT_YOURS
from trainees.operations.suspensions import close_suspension
from trainees.permissions import TraineePermission
from trainees.reads.transfers import internship_held_after

ENDED_BY = {PLANNED: "no_show", TRIAL: "leave_trial", RUNNING: "interrupt", SUSPENDED: "interrupt"}
NOT_ANSWERED_BY_YOU = "La réponse revient à la direction ou à la coordination de l’école d’accueil."


@transaction.atomic
def ask_transfer(transfer: TraineeTransfer, actor: User, *, sending: Sending | None = None) -> TraineeTransfer:
    """Ask another school to take a trainee over, and tell those who lead it.

    Raises NotAllowed, AlreadySent, Refused (already asked, an internship after the last day), ValidationError by field.
    """
    trainee = Trainee.objects.select_for_update().get(pk=transfer.trainee_id)
    if not actor.has_perm(TraineePermission.TRANSFER_TRAINEE, trainee):
        raise NotAllowed("Un transfert est demandé par la direction ou la coordination de l’école.")
    transfer.trainee, transfer.from_school, transfer.asked_by = trainee, trainee.school, actor
    return once(sending, actor, TraineeTransfer, lambda: _asked(transfer, actor))


def _asked(transfer: TraineeTransfer, actor: User) -> TraineeTransfer:
    transfer.full_clean()
    _refuse_before_entry(transfer)
    _refuse_internship(transfer)
    transfer.save()
    told = (
        f"Transfert demandé vers {with_article(str(transfer.to_school))}, dernier jour le {transfer.leaves_on:%d/%m/%Y}"
    )
    record(actor, "transfer.asked", transfer.trainee, told, transfer=transfer.pk)
    emails.tell_of_question(transfer)
    return transfer


@transaction.atomic
def accept_transfer(transfer_id: int, actor: User) -> TraineeTransfer:
    """Receive a trainee: the open pathway of the former school ends, the file changes hands.

    Raises NotAllowed, Overtaken when it was answered meanwhile, Refused (too early, an internship still runs).
    """
    transfer = _held(transfer_id)
    _require_receiver(actor, transfer)
    if transfer.leaves_on > timezone.localdate():
        raise Refused(
            f"La personne reste dans son école jusqu’au {transfer.leaves_on:%d/%m/%Y} : acceptez à partir de ce jour."
        )
    _refuse_internship(transfer)
    _end_open_pathway(transfer, actor)
    _decide(transfer, life.ACCEPTED, actor)
    trainee = transfer.trainee
    trainee.school, trainee.revision = transfer.to_school, trainee.revision + 1
    trainee.save(update_fields=["school", "revision"])
    refresh_doubles_of(trainee.pk)
    record(actor, "transfer.accepted", trainee, f"Transfert accepté : {transfer.from_school} → {transfer.to_school}")
    emails.tell_of_answer(transfer)
    return transfer


@transaction.atomic
def refuse_transfer(transfer_id: int, answer: str, actor: User) -> TraineeTransfer:
    """Answer no, with the reason. Raises NotAllowed, Overtaken, Refused without a reason, ValidationError for a NIR in it."""
    transfer = _held(transfer_id)
    _require_receiver(actor, transfer)
    if not answer.strip():
        raise Refused("Un refus est motivé : écrivez pourquoi.", code="reason_required")
    transfer.answer = answer.strip()
    _decide(transfer, life.REFUSED, actor)
    record(
        actor,
        "transfer.refused",
        transfer.trainee,
        f"Transfert refusé par {with_article(str(transfer.to_school))}",
        transfer=transfer.pk,
    )
    emails.tell_of_answer(transfer)
    return transfer


@transaction.atomic
def withdraw_transfer(transfer_id: int, actor: User) -> TraineeTransfer:
    """Give up a transfer that nobody answered. Raises NotAllowed, Overtaken."""
    transfer = _held(transfer_id)
    if not actor.has_perm(TraineePermission.TRANSFER_TRAINEE, transfer.from_school):
        raise NotAllowed(NOT_YOURS)
    _decide(transfer, life.WITHDRAWN, actor)
    record(actor, "transfer.withdrawn", transfer.trainee, "Transfert retiré", transfer=transfer.pk)
    return transfer


def _held(transfer_id: int) -> TraineeTransfer:
    """Return a transfer, its person and itself locked in that order: as when it was asked."""
    trainee_id = TraineeTransfer.objects.values_list("trainee", flat=True).get(pk=transfer_id)
    trainee = Trainee.objects.select_for_update().get(pk=trainee_id)
    rows = TraineeTransfer.objects.select_for_update(of=("self",))
    transfer = rows.select_related("from_school", "to_school", "asked_by", "decided_by").get(pk=transfer_id)
    transfer.trainee = trainee
    if not transfer.waits:
        raise Overtaken(f"Ce transfert n’attend plus de réponse : il est « {transfer.state.label.lower()} ».")
    return transfer


def _require_receiver(actor: User, transfer: TraineeTransfer) -> None:
    if not actor.has_perm(TraineePermission.TRANSFER_TRAINEE, transfer.to_school):
        raise NotAllowed(NOT_ANSWERED_BY_YOU)


def _refuse_before_entry(transfer: TraineeTransfer) -> None:
    begun = Pathway.objects.filter(trainee=transfer.trainee_id, status__in=OPEN).exclude(status=PLANNED).first()
    if begun and transfer.leaves_on < begun.entered_on:
        raise Refused(f"Le dernier jour ne peut pas précéder l’entrée, le {begun.entered_on:%d/%m/%Y}.")


def _refuse_internship(transfer: TraineeTransfer) -> None:
    internship = internship_held_after(transfer.trainee_id, transfer.leaves_on)
    if internship:
        raise Refused(
            f"Un stage court jusqu’au {internship.last_day:%d/%m/%Y} : l’école actuelle le termine ou l’annule d’abord, ou "
            "choisit un dernier jour plus tardif.",
            code="internship",
        )


def _end_open_pathway(transfer: TraineeTransfer, actor: User) -> None:
    """End the pathway in the name of whoever accepts: the school that asked agreed to it by asking."""
    rows = Pathway.objects.select_for_update(of=("self",)).select_related("trainee")
    pathway = rows.filter(trainee=transfer.trainee_id, status__in=OPEN).first()
    if pathway is None:
        return
    move = PATHWAY_LIFE.move(ENDED_BY[pathway.status])
    if pathway.status != PLANNED:
        pathway.ended_on = transfer.leaves_on
    if missing := move.missing(pathway):
        raise Refused("Le parcours dans l’ancienne école ne peut pas encore se terminer.", details=missing)
    write_checked_move(
        pathway, move, actor, f"Transfert vers {with_article(str(transfer.to_school))}", on=transfer.trainee
    )
    if pathway.ended_on:
        close_suspension(pathway)
        close_phase(pathway)


def _decide(transfer: TraineeTransfer, status: str, actor: User) -> None:
    transfer.status, transfer.decided_by, transfer.decided_at = status, actor, timezone.now()
    transfer.full_clean()
    transfer.save()
