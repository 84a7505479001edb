"""What tutors report by their link: written at once, told to the school at once, noted or set aside by the school."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from partnerships.models import CompanyContact
from trainees.emails import attendance as mails
from trainees.models import Internship, TutorReport
from trainees.models.attendance import Presence
from trainees.models.tutor_reports import CONFIRMED, REPORTED, SET_ASIDE
from trainees.operations.moving import save_or_refuse
from trainees.operations.presence import Entry, save_entries
from trainees.permissions import TraineePermission
from trainees.reads.attendance import mark_of, noted_between
from trainees.reads.tutor_links import is_tutor_of

# A link that got into the wrong hands must not fill the school's list.
WAITING_AT_MOST = 40
NOT_YOURS = "Vous n’avez pas le droit de noter les présences de cette école."


@dataclass(frozen=True)
class Told:
    """What a tutor types. `public_id` is given by the page: sent twice, it is written once."""

    kind: str
    day: date
    halves: str
    late_minutes: int | None = None
    note: str = ""
    public_id: UUID = field(default_factory=uuid4)


@transaction.atomic
def report_presence(internship_id: int, told: Told, contact_id: int) -> TutorReport:
    """Write what the tutor reports, tell the school and give the tutor a receipt. The same page sent twice reports once.

    Raises NotAllowed for somebody who is not the tutor any more, ValidationError by field, Refused when too much waits.
    """
    internship = held_internship(internship_id)
    contact = tutor_or_refuse(internship, contact_id)
    before = TutorReport.objects.filter(public_id=told.public_id, internship=internship).first()
    if before:
        return before
    if told.day > timezone.localdate():
        raise ValidationError({"day": "Ce jour est à venir : signalez l’absence le jour même."})
    if not internship.starts_on <= told.day <= internship.last_day:
        raise ValidationError(
            {
                "day": f"Choisissez un jour du stage, du {internship.starts_on:%d/%m/%Y} au {internship.last_day:%d/%m/%Y}."
            }
        )
    if TutorReport.objects.filter(internship=internship, status=REPORTED).count() >= WAITING_AT_MOST:
        raise Refused("Beaucoup de signalements attendent déjà l’école : appelez-la avant d’en ajouter.")
    report = TutorReport(
        public_id=told.public_id, school_id=internship.school_id, internship=internship, contact=contact, kind=told.kind,
        day=told.day, halves=told.halves, late_minutes=told.late_minutes, note=told.note.strip(),
    )  # fmt: skip
    save_or_refuse(report)
    record(None, "attendance.reported", internship, f"{report}, signalé par {contact.full_name}", contact=contact.pk)
    mails.tell_school_of_report(report)
    mails.send_report_receipt(report)
    return report


@transaction.atomic
def confirm_report(report_id: int, actor: User) -> TutorReport:
    """Note in the presences what a tutor reported. Half-days that somebody noted otherwise meanwhile are changed to it.

    Raises NotAllowed, Overtaken when it was decided already, Refused when nobody was expected or the month is frozen.
    """
    report = _held(report_id, actor)
    state = Presence.ABSENT if report.kind == TutorReport.Kind.ABSENCE else Presence.LATE
    pathway_id, noted = (
        report.internship.pathway_id,
        noted_between([report.internship.pathway_id], report.day, report.day),
    )
    entries = [
        Entry(
            pathway_id, report.day, half, state, mark_of(noted.get((pathway_id, report.day, half))), report.late_minutes
        )
        for half in report.half_days_told
    ]  # fmt: skip
    saved = save_entries(report.school, entries, actor)
    if not saved.written and not saved.complete:
        raise Refused("Ce signalement ne peut pas être noté tel quel.", details=sorted(set(saved.refused.values())))
    return _decided(report, CONFIRMED, "", actor)


@transaction.atomic
def set_report_aside(report_id: int, reason: str, actor: User) -> TutorReport:
    """Do not note what a tutor reported, and say why. Raises NotAllowed, Refused without a reason, Overtaken."""
    report = _held(report_id, actor)
    if not reason.strip():
        raise Refused("Écrivez pourquoi ce signalement n’est pas retenu.", code="reason_required")
    return _decided(report, SET_ASIDE, reason.strip(), actor)


def _held(report_id: int, actor: User) -> TutorReport:
    rows = TutorReport.objects.select_for_update(of=("self",)).select_related(
        "school", "internship__pathway", "decided_by"
    )
    report = rows.get(pk=report_id)
    if not actor.has_perm(TraineePermission.WRITE_ATTENDANCE, report):
        raise NotAllowed(NOT_YOURS)
    if report.status != REPORTED:
        raise Overtaken(f"Ce signalement est déjà traité ({report.state.label.lower()}) par {report.decided_by}.")
    return report


def _decided(report: TutorReport, status: str, reason: str, actor: User) -> TutorReport:
    report.status, report.reason, report.decided_by, report.decided_at = status, reason, actor, timezone.now()
    save_or_refuse(report)
    record(actor, f"attendance.report_{status}", report.internship, f"{report} : {report.state.label.lower()}")
    return report


def held_internship(internship_id: int) -> Internship:
    """Return an internship held until the commit, with what the messages name."""
    rows = Internship.objects.select_for_update(of=("self",), no_key=True).select_related(
        "trainee", "school", "pathway__referent", "referent", "establishment__company", "tutor"
    )
    return rows.get(pk=internship_id)


def tutor_or_refuse(internship: Internship, contact_id: int) -> CompanyContact:
    """Return the tutor who acts. Raises NotAllowed for somebody who is not the tutor of this internship today."""
    if internship.tutor is None or internship.tutor_id != contact_id or not is_tutor_of(internship):
        raise NotAllowed("Seul le tuteur de ce stage peut faire un signalement. Appelez l’école.")
    return internship.tutor
