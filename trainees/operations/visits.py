"""Plan the visits to tutors, write them up, cancel them."""

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_over_what_was_seen, save_with_trace
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.submissions import Sending, once
from trainees.models import Internship, TutorVisit
from trainees.models.hosting_guards import FREEING
from trainees.permissions import TraineePermission
from trainees.reads.visits import visitors_of

OVERTAKEN = (
    "Quelqu’un a enregistré cette visite pendant que vous l’écriviez. Votre saisie est conservée ci-dessous : comparez-la "
    "avec la version enregistrée, puis enregistrez de nouveau."
)


@transaction.atomic
def plan_visit(visit: TutorVisit, actor: User, *, sending: Sending | None = None) -> TutorVisit:
    """Plan a visit during an internship. Raises NotAllowed, Refused for one that will not take place, ValidationError."""
    internship = Internship.objects.select_for_update().get(pk=visit.internship_id)
    _require(actor, internship)
    if internship.status in FREEING:
        raise Refused("Ce stage n’a pas lieu : aucune visite n’est à prévoir.", code="no_internship")
    if not visitors_of(internship.school_id).filter(pk=visit.visitor_id).exists():
        raise Refused("Choisissez quelqu’un qui travaille aujourd’hui dans cette école.", code="foreign_visitor")
    visit.created_by, visit.school_id = actor, internship.school_id
    return once(sending, actor, TutorVisit, lambda: save_with_trace(visit, actor))


@transaction.atomic
def write_up_visit(visit: TutorVisit, seen: int | None, actor: User) -> TutorVisit:
    """Say when the visit was made and what was found; the report may be completed later, each time with its trace.

    Raises NotAllowed, Refused when it was cancelled or nothing is written, Overtaken, ValidationError by field.
    """
    _require(actor, visit)
    if visit.cancelled_on:
        raise Refused("Cette visite est annulée : prévoyez-en une autre.", code="cancelled")
    if not visit.report.strip() or visit.done_on is None:
        raise Refused("Écrivez la date et le compte rendu de la visite.", code="nothing_said")
    save_over_what_was_seen(visit, seen, lambda: save_with_trace(visit, actor), overtaken=OVERTAKEN)
    return visit


@transaction.atomic
def cancel_visit(visit_id: int, reason: str, actor: User) -> TutorVisit:
    """Say that a planned visit will not take place. Raises NotAllowed, Refused without a reason, Overtaken when it is past."""
    visit = TutorVisit.objects.select_for_update().get(pk=visit_id)
    _require(actor, visit)
    if not visit.is_to_do:
        raise Overtaken("Cette visite est déjà faite ou annulée.")
    if not reason.strip():
        raise Refused("Écrivez pourquoi la visite est annulée.", code="nothing_said")
    visit.cancelled_on, visit.cancel_reason = timezone.localdate(), reason.strip()[:250]
    visit.revision += 1
    visit.full_clean()
    visit.save(update_fields=["cancelled_on", "cancel_reason", "revision"])
    record(actor, "tutorvisit.cancelled", visit, f"Visite annulée : {visit.cancel_reason}")
    return visit


def _require(actor: User, row: object) -> None:
    if not actor.has_perm(TraineePermission.WRITE_VISIT, row):
        raise NotAllowed("Vous n’avez pas le droit d’écrire les visites de cette école.")
