"""Open, ask and give up an assessment: only what the decisions of the school need. Replaced by the whole of it."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.nir import refuse_nir
from trainees.life import assessments as life
from trainees.models import CompanyAssessment, Internship
from trainees.operations.moving import save_or_refuse
from trainees.permissions import TraineePermission


@transaction.atomic
def open_assessment(
    internship_id: int, actor: User | None, *, question: str = "", due_on: date | None = None
) -> CompanyAssessment:
    """Open the next version."""
    internship = Internship.objects.select_for_update(of=("self",), no_key=True).get(pk=internship_id)
    _require(internship, actor)
    last = internship.assessments.order_by("-version").first()
    if last and last.is_open:
        raise Overtaken("Une évaluation de ce stage est déjà à remplir.")
    row = CompanyAssessment(
        internship=internship, school_id=internship.school_id, version=(last.version if last else 0) + 1, question=question,
        respondent=internship.tutor, due_on=due_on or timezone.localdate() + timedelta(days=7),
    )  # fmt: skip
    save_or_refuse(row)
    record(actor, "assessment.opened", row, "Évaluation préparée")
    return row


@transaction.atomic
def ask(assessment_id: int, actor: User | None) -> CompanyAssessment:
    """Say that it is asked."""
    row = CompanyAssessment.objects.select_for_update(of=("self",)).select_related("respondent").get(pk=assessment_id)
    _require(row, actor)
    if not row.is_open:
        raise Overtaken("Cette évaluation n’attend plus l’entreprise.")
    if row.respondent is None or not row.respondent.email:
        raise Refused("Indiquez d’abord qui évalue, avec son adresse électronique.")
    row.asked_at = timezone.now()
    save_or_refuse(row)
    record(actor, "assessment.asked", row, f"Évaluation demandée à {row.respondent.full_name}")
    return row


@transaction.atomic
def cancel_assessment(assessment_id: int, reason: str, actor: User | None) -> CompanyAssessment:
    """Say that nobody will fill it."""
    row = CompanyAssessment.objects.select_for_update(of=("self",)).get(pk=assessment_id)
    _require(row, actor)
    refuse_nir(reason)
    if not row.is_open:
        raise Overtaken("Cette évaluation n’attend plus l’entreprise.")
    if not reason.strip():
        raise Refused("Écrivez pourquoi cette évaluation est sans objet.")
    row.status, row.decided_by, row.decided_at = life.CANCELLED, actor, timezone.now()
    row.decision_reason, row.draft = reason.strip(), {}
    save_or_refuse(row)
    record(actor, "assessment.cancelled", row, f"Sans objet : {reason.strip()}")
    return row


@transaction.atomic
def change_respondent(assessment_id: int, contact_id: int, actor: User) -> CompanyAssessment:
    """Choose who answers."""
    row = CompanyAssessment.objects.select_for_update(of=("self",)).get(pk=assessment_id)
    _require(row, actor)
    if not row.is_open:
        raise Overtaken("Cette évaluation n’attend plus l’entreprise.")
    row.respondent_id = contact_id
    row.asked_at = None
    save_or_refuse(row)
    record(actor, "assessment.respondent", row, "Autre personne à interroger")
    return row


def _require(row: object, actor: User | None) -> None:
    if actor is not None and not actor.has_perm(TraineePermission.ASK_ASSESSMENT, row):
        raise NotAllowed("Vous n’avez pas le droit de demander les évaluations de cette école.")
