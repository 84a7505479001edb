"""Open the file of an accident, correct it, declare it or set it aside, and remind of its clock. One transaction each."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.documents.received_files import Upload, store_received
from e2c_portal.kernel.errors import NotAllowed, Overtaken, PortalError, Refused
from e2c_portal.kernel.revisions import hold_revision
from e2c_portal.kernel.submissions import Sending, once
from trainees.emails import attendance as mails
from trainees.law.accident_clock import deadline_of
from trainees.law.days_off import off_in
from trainees.law.limits import Limit
from trainees.models import AccidentReport, Internship
from trainees.models.accidents import DECLARED, SET_ASIDE, TO_DECLARE
from trainees.models.parameters import limit_on
from trainees.operations.moving import save_or_refuse
from trainees.operations.tutor_reports import held_internship, tutor_or_refuse
from trainees.permissions import TraineePermission
from trainees.reads.accidents import accidents_to_remind, steps_due

logger = logging.getLogger(__name__)
FOLDER = "accidents"
NOT_YOURS = "Vous n’avez pas le droit d’écrire dans les accidents de cette école."
OVERTAKEN = "Quelqu’un a enregistré ce dossier pendant que vous l’écriviez. Votre saisie est conservée : comparez, puis enregistrez."


@dataclass(frozen=True)
class TutorAccident:
    """An accident as a tutor tells it. `public_id` is given by the page: sent twice, it is written once."""

    occurred_at: datetime
    place_words: str
    circumstances: str
    witnesses: str
    injuries: str
    public_id: UUID


@transaction.atomic
def open_accident(accident: AccidentReport, actor: User, *, sending: Sending | None = None) -> AccidentReport:
    """Open the file of an accident; its deadline is worked out from the moment the school knew.

    Raises NotAllowed, AlreadySent, Refused, ValidationError by field.
    """
    _require(actor, accident.pathway)
    accident.school, accident.trainee, accident.recorded_by = accident.pathway.school, accident.pathway.trainee, actor
    return once(sending, actor, AccidentReport, lambda: _opened(accident, actor))


@transaction.atomic
def report_accident(internship_id: int, told: TutorAccident, contact_id: int) -> AccidentReport:
    """Open the file of an accident that the tutor reports; the clock runs from now. The same page sent twice opens one.

    Raises NotAllowed for somebody who is not the tutor any more, ValidationError by field.
    """
    internship = held_internship(internship_id)
    contact = tutor_or_refuse(internship, contact_id)
    before = AccidentReport.objects.filter(public_id=told.public_id, internship=internship).first()
    if before:
        return before
    now = timezone.now()
    if told.occurred_at > now:
        raise ValidationError({"occurred_at": "Cette heure est à venir : vérifiez le jour et l’heure."})
    if AccidentReport.objects.filter(internship=internship, status=TO_DECLARE).count() >= 5:
        raise Refused("Plusieurs accidents sont déjà signalés pour ce stage : appelez l’école.")
    accident = AccidentReport(
        public_id=told.public_id, school=internship.school, trainee=internship.trainee, pathway=internship.pathway,
        internship=internship, place=AccidentReport.Place.COMPANY, occurred_at=told.occurred_at, host_knew_at=now, known_at=now,
        place_words=told.place_words, circumstances=told.circumstances, witnesses=told.witnesses, injuries=told.injuries,
        reported_by_contact=contact,
    )  # fmt: skip
    _opened(accident, None)
    mails.send_accident_receipt(accident)
    return accident


def _opened(accident: AccidentReport, actor: User | None) -> AccidentReport:
    _settle(accident)
    _refuse_to_come(accident)
    save_or_refuse(accident)
    record(
        actor,
        "accident.opened",
        accident,
        f"Dossier ouvert : accident du {timezone.localtime(accident.occurred_at):%d/%m/%Y à %H:%M}",
    )
    mails.tell_school_of_accident(accident)
    return accident


@transaction.atomic
def revise_accident(accident: AccidentReport, seen: int | None, actor: User) -> AccidentReport:
    """Correct what is known of an accident that is not declared yet. Raises NotAllowed, Overtaken, Refused, ValidationError."""
    _require(actor, accident)
    hold_revision(accident, seen, OVERTAKEN)
    if not AccidentReport.objects.filter(pk=accident.pk, status=TO_DECLARE).exists():
        raise Overtaken("Cet accident est déclaré ou classé : son dossier ne change plus.")
    _settle(accident)
    _refuse_to_come(accident)
    save_or_refuse(accident)
    record(actor, "accident.revised", accident, "Dossier corrigé")
    return accident


def _settle(accident: AccidentReport) -> None:
    """Give the file its regime and its deadline: neither is ever typed."""
    internship = accident.internship if accident.place != AccidentReport.Place.SCHOOL else None
    accident.internship = internship
    accident.regime = internship.regime if internship else Internship.Regime.TRAINING
    day = timezone.localdate(accident.known_at)
    hours = int(limit_on(Limit.ACCIDENT_HOURS, day))
    accident.deadline_at = deadline_of(accident.known_at, hours, off_in(accident.school.department))


def _refuse_to_come(accident: AccidentReport) -> None:
    now = timezone.now()
    told = ("occurred_at", "victim_told_at", "host_knew_at", "known_at")
    late = {name: "Cette heure est à venir." for name in told if (moment := getattr(accident, name)) and moment > now}
    if late:
        raise ValidationError(late)


@transaction.atomic
def declare_accident(
    accident_id: int, declared_at: datetime, reference: str, proof: Upload | None, actor: User
) -> AccidentReport:
    """Record the declaration, with its reference and its receipt. Raises NotAllowed, Overtaken, Refused, ValidationError."""
    accident = _held(accident_id, actor, TO_DECLARE)
    if declared_at > timezone.now():
        raise ValidationError({"declared_at": "Cette heure est à venir."})
    if declared_at < accident.occurred_at:
        raise ValidationError({"declared_at": "La déclaration ne peut pas précéder l’accident."})
    if proof:
        file = store_received(FOLDER, proof, keep_metadata=True)
        accident.proof, accident.proof_mime, accident.proof_sha256, accident.proof_size = file.key, file.mime, file.sha256, file.size  # fmt: skip
    accident.status, accident.declared_at, accident.declared_by = DECLARED, declared_at, actor
    accident.declaration_reference = reference.strip()
    return _saved(accident, actor, f"Accident déclaré, référence {reference.strip()}")


@transaction.atomic
def pass_on_accident(accident_id: int, to: str, at: datetime, actor: User) -> AccidentReport:
    """Record that the accident of a PMSMP was passed on to the prescribing structure. Raises NotAllowed, Refused."""
    accident = _held(accident_id, actor, None)
    if at > timezone.now() or at < accident.occurred_at:
        raise ValidationError({"at": "Vérifiez le jour et l’heure de la transmission."})
    accident.passed_on_to, accident.passed_on_at = to.strip(), at
    return _saved(accident, actor, f"Accident transmis à {to.strip()}")


@transaction.atomic
def set_accident_aside(accident_id: int, reason: str, actor: User) -> AccidentReport:
    """Close a file that calls for no declaration, and say why. Raises NotAllowed, Overtaken, Refused without a reason."""
    accident = _held(accident_id, actor, TO_DECLARE)
    if not reason.strip():
        raise Refused("Écrivez pourquoi il n’y a pas lieu de déclarer.", code="reason_required")
    accident.status, accident.reason = SET_ASIDE, reason.strip()
    return _saved(accident, actor, f"Accident classé sans suite : {reason.strip()}")


@transaction.atomic
def take_accident_again(accident_id: int, actor: User) -> AccidentReport:
    """Take again a file that was set aside by mistake: its clock never stopped. Raises NotAllowed, Overtaken."""
    accident = _held(accident_id, actor, SET_ASIDE)
    accident.status, accident.reason = TO_DECLARE, ""
    return _saved(accident, actor, "Dossier repris")


def trace_reading(accident: AccidentReport, actor: User) -> None:
    """Keep the trace of whoever read what happened to the person."""
    record(actor, "accident.read", accident, "Dossier d’accident lu")


def remind_of_accidents() -> int:
    """Ask for the reminders owed now: a day before the deadline, six hours before, and once it has passed. Returns how many."""
    told = 0
    for accident_id in accidents_to_remind(timezone.now()):
        try:
            told += _remind(accident_id)
        except PortalError as refusal:
            logger.warning("accident %s: %s", accident_id, refusal.code)
    return told


@transaction.atomic
def _remind(accident_id: int) -> int:
    rows = AccidentReport.objects.select_for_update(of=("self",)).select_related(
        "trainee", "school", "pathway__referent", "internship__referent"
    )
    accident = rows.get(pk=accident_id)
    step = steps_due(accident, timezone.now())
    if not accident.is_open or not step:
        return 0
    return sum(1 for user in mails.followers_of_accident(accident) if mails.remind_of_accident(accident, user, step).pk)


def _held(accident_id: int, actor: User, status: str | None) -> AccidentReport:
    rows = AccidentReport.objects.select_for_update(of=("self",)).select_related(
        "school", "trainee", "pathway", "internship"
    )
    accident = rows.get(pk=accident_id)
    _require(actor, accident)
    if status and accident.status != status:
        raise Overtaken(f"L’état de ce dossier est maintenant « {accident.state.label.lower()} ». Rechargez la page.")
    return accident


def _saved(accident: AccidentReport, actor: User, told: str) -> AccidentReport:
    accident.revision += 1
    save_or_refuse(accident)
    record(actor, f"accident.{accident.status}", accident, told)
    return accident


def _require(actor: User, row: Any) -> None:
    if not actor.has_perm(TraineePermission.WRITE_ACCIDENT, row):
        raise NotAllowed(NOT_YOURS)
