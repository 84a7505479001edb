"""Open an assessment by a company, ask for it, give it up, change who answers. One transaction each."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.nir import refuse_nir
from e2c_portal.links import issuing
from e2c_portal.links.issuing import Holder
from partnerships.models import CompanyContact
from trainees.emails import assessments as mails
from trainees.life import assessments as life
from trainees.life import internships as internship_life
from trainees.models import CompanyAssessment, Internship
from trainees.operations.moving import save_or_refuse
from trainees.operations.tutor_reports import held_internship
from trainees.permissions import TraineePermission
from trainees.reads.assessment_link import ASSESSMENTS_LINK
from trainees.reads.assessment_skills import NOT_SEEN

ASSESSABLE = (internship_life.ACCEPTED, internship_life.SIGNED, internship_life.BROKEN)
# A question of the school leaves this long to answer; so does whatever is opened after the last day.
DAYS_TO_ANSWER = 7
ASKED_AGAIN_AFTER = timedelta(minutes=5)
NOT_YOURS = "Vous n’avez pas le droit de demander les évaluations de cette école."


@transaction.atomic
def open_assessment(
    internship_id: int, actor: User | None, *, question: str = "", due_on: date | None = None
) -> CompanyAssessment:
    """Open the first assessment of an internship, or the next version, filled with what the last one sent says.

    `actor` is None for the clock and for the tutor who corrects. `due_on` is the last day of the internship unless told, a
    week from now when that is past. Nothing is sent: see `ask`. Raises NotAllowed, Overtaken when one is open already,
    Refused for an internship that is not assessed, one already validated, or a question that holds a NIR.
    """
    internship = held_internship(internship_id)
    _require(actor, internship)
    refuse_nir(question)
    if internship.status not in ASSESSABLE:
        raise Refused(f"Un stage « {internship.state.label.lower()} » ne s’évalue pas.", code="not_assessable")
    versions = list(internship.assessments.order_by("version"))
    if any(row.status == life.OPEN for row in versions):
        raise Overtaken("Une évaluation de ce stage est déjà à remplir. Rechargez la page.")
    if any(row.status == life.VALIDATED for row in versions):
        raise Refused("L’école a déjà validé l’évaluation de ce stage : elle ne change plus.", code="validated")
    last = next((row for row in reversed(versions) if row.status in life.SENT), None)
    row = CompanyAssessment(
        internship=internship, school=internship.school, version=len(versions) + 1, question=question.strip(),
        respondent=_who_answers(internship, last), due_on=due_on or _due_on(internship),
        draft=draft_from(last) if last else {},
    )  # fmt: skip
    save_or_refuse(row)
    told = f"Évaluation préparée, version {row.version}, attendue pour le {row.due_on:%d/%m/%Y}"
    record(actor, "assessment.opened", internship, told, assessment=row.pk)
    return row


@transaction.atomic
def ask(assessment_id: int, actor: User | None) -> CompanyAssessment:
    """Send the link to whoever is to answer, again if need be.

    Raises NotAllowed, Overtaken when it is no longer to fill, Refused without anybody to ask, without an address, or within
    five minutes of the last time.
    """
    row = held(assessment_id)
    _require(actor, row.internship)
    contact = reachable_or_refuse(row)
    if row.asked_at and row.asked_at > timezone.now() - ASKED_AGAIN_AFTER:
        raise Refused(
            "Ce lien vient d’être demandé : attendez cinq minutes avant de l’envoyer de nouveau.", code="cool_down"
        )
    send_link(contact, [row])
    record(
        actor, "assessment.asked", row.internship, f"Évaluation demandée à {contact.full_name}", assessment=row.pk,
        contact=contact.pk,
    )  # fmt: skip
    return row


def send_link(contact: CompanyContact, rows: list[CompanyAssessment], *, key: str = "") -> None:
    """Ask one person for several assessments in one message, in the transaction under way. The rows are held."""
    prepare_link(contact)
    now = timezone.now()
    for row in rows:
        row.asked_at = now
        row.save(update_fields=["asked_at"])
    mails.send_request(contact, rows, key=key)


def prepare_link(contact: CompanyContact) -> None:
    """Make sure that this person has a link, in the transaction under way."""
    issuing.prepare(ASSESSMENTS_LINK, contact, "", Holder(contact.full_name, contact.email))


@says_why
@transaction.atomic
def cancel_assessment(assessment_id: int, reason: str, actor: User | None) -> CompanyAssessment:
    """Say that nobody will fill an assessment, and why; the person asked reads the reason on their page.

    `actor` is None for the clock. Raises NotAllowed, Overtaken when it is no longer to fill, Refused without a reason.
    """
    row = held(assessment_id)
    _require(actor, row.internship)
    if not reason.strip():
        raise Refused("Écrivez pourquoi cette évaluation est sans objet.", code="reason_required")
    row.status, row.draft, row.draft_saved_at = life.CANCELLED, {}, None
    row.decided_by, row.decided_at, row.decision_reason = actor, timezone.now(), reason.strip()
    save_or_refuse(row)
    record(
        actor, "assessment.cancelled", row.internship, f"Évaluation sans objet : {reason.strip()}", assessment=row.pk
    )
    return row


@transaction.atomic
def change_respondent(assessment_id: int, contact_id: int, actor: User) -> CompanyAssessment:
    """Let the school choose who answers, among the people of the company. Nothing is sent: see `ask`.

    Raises NotAllowed, Overtaken when it is no longer to fill, Refused for somebody elsewhere, gone, or without an address.
    """
    row = held(assessment_id)
    _require(actor, row.internship)
    contact = CompanyContact.objects.filter(
        pk=contact_id, company=row.internship.establishment.company_id, duplicate_of=None
    ).first()
    if contact is None or not contact.is_here_on(timezone.localdate()):
        raise Refused("Choisissez quelqu’un qui travaille dans cette entreprise.", code="elsewhere")
    if not contact.email:
        raise Refused(f"Ajoutez d’abord l’adresse électronique de {contact.full_name}.", code="no_address")
    give_to(row, contact)
    record(
        actor, "assessment.respondent_changed", row.internship, f"Évaluation : {contact.full_name} répondra",
        assessment=row.pk, contact=contact.pk,
    )  # fmt: skip
    return row


def give_to(row: CompanyAssessment, contact: CompanyContact) -> None:
    """Write who answers, in the transaction under way: whoever is new is asked and reminded from the beginning."""
    row.respondent, row.asked_at, row.reminders = contact, None, 0
    save_or_refuse(row)


def held(assessment_id: int, *, state: str | None = life.OPEN) -> CompanyAssessment:
    """Return an assessment locked until the commit, with its internship. Raises Overtaken when it is no longer to fill."""
    rows = CompanyAssessment.objects.select_for_update(of=("self",)).select_related(
        "school", "respondent", "told_by", "internship__trainee", "internship__school", "internship__tutor",
        "internship__referent", "internship__pathway__referent", "internship__establishment__company", "internship__trade",
    )  # fmt: skip
    row = rows.get(pk=assessment_id)
    if state and row.status != state:
        raise Overtaken(f"Cette évaluation est maintenant « {row.state.label.lower()} ». Rechargez la page.")
    return row


def reachable_or_refuse(row: CompanyAssessment) -> CompanyContact:
    """Return who may be asked today. Raises Refused when nobody can be."""
    contact = row.respondent
    if contact is None:
        raise Refused("Choisissez d’abord qui, dans l’entreprise, remplira cette évaluation.", code="no_tutor")
    if not contact.email:
        raise Refused(f"Ajoutez d’abord l’adresse électronique de {contact.full_name}.", code="no_address")
    if not contact.is_here_on(timezone.localdate()):
        raise Refused(f"{contact.full_name} a quitté l’entreprise : choisissez quelqu’un d’autre.", code="left")
    return contact


def draft_from(sent: CompanyAssessment) -> dict[str, object]:
    """Return a draft that says again what a version sent said: the next one begins there."""
    values = {
        "outcome": sent.outcome, "last_day": sent.last_day.isoformat() if sent.last_day else "",
        "missed_hours": "" if sent.missed_hours is None else f"{sent.missed_hours}".removesuffix(".0").replace(".", ","),
        "would_host_again": sent.would_host_again, "job_offered": sent.job_offered,
        "job_starts_on": sent.job_starts_on.isoformat() if sent.job_starts_on else "", "words": sent.words,
    }  # fmt: skip
    added = []
    for told in sent.skills.all():
        values[f"level-{told.skill_id}"] = str(told.level_id) if told.level_id else NOT_SEEN
        values[f"situation-{told.skill_id}"] = told.situation
        if not told.was_planned:
            added.append(told.skill_id)
    return {"values": {name: value for name, value in values.items() if value}, "added": added, "kept": []}


def _who_answers(internship: Internship, last: CompanyAssessment | None) -> CompanyContact | None:
    """Whoever answered last answers again, while they work there; else the tutor."""
    today = timezone.localdate()
    if last and last.told_by and last.told_by.is_here_on(today):
        return last.told_by
    tutor = internship.tutor
    return tutor if tutor and tutor.is_here_on(today) else None


def _due_on(internship: Internship) -> date:
    soon = timezone.localdate() + timedelta(days=DAYS_TO_ANSWER)
    return internship.last_day if internship.last_day >= timezone.localdate() else soon


def _require(actor: User | None, internship: Internship) -> None:
    if actor is not None and not actor.has_perm(TraineePermission.ASK_ASSESSMENT, internship):
        raise NotAllowed(NOT_YOURS)
