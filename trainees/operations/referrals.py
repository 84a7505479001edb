"""Write applications and who sent them. One transaction each."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_with_trace
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.submissions import Sending, once
from trainees.life import referrals as life
from trainees.models import Prescriber, Referral, Trainee
from trainees.operations.people import NOT_YOURS
from trainees.permissions import TraineePermission


@transaction.atomic
def save_prescriber(prescriber: Prescriber, actor: User, *, sending: Sending | None = None) -> Prescriber:
    """Create a prescriber (staff of schools too), or change one (the Région alone). Raises NotAllowed, ValidationError by field."""
    adding = prescriber._state.adding
    right = TraineePermission.ADD_PRESCRIBER if adding else TraineePermission.CHANGE_PRESCRIBER
    if not actor.has_perm(right):
        raise NotAllowed("La liste des prescripteurs est tenue par la Région : demandez-lui cette modification.")
    return once(sending if adding else None, actor, Prescriber, lambda: save_with_trace(prescriber, actor))


@transaction.atomic
def record_referral(
    referral: Referral, actor: User, *, new_prescriber: Prescriber | None = None, sending: Sending | None = None
) -> Referral:
    """Record who sent a trainee, with a prescriber that is not in the list yet if there is one. Raises NotAllowed, ValidationError."""
    trainee = Trainee.objects.select_for_update().get(pk=referral.trainee_id)
    if not actor.has_perm(TraineePermission.CHANGE_TRAINEE, trainee):
        raise NotAllowed(NOT_YOURS)

    def make() -> Referral:
        if new_prescriber is not None:
            referral.prescriber = save_prescriber(new_prescriber, actor)
        referral.full_clean()
        referral.save()
        record(
            actor, "referral.recorded", trainee, f"Candidature adressée par {referral.prescriber}", referral=referral.pk
        )
        return referral

    return once(sending, actor, Referral, make)


@says_why
@transaction.atomic
def advance_referral(
    referral_id: int, outcome: str, actor: User, *, seen: str, on: date | None = None, reason: str = ""
) -> Referral:
    """Say where an application stands now, from the state that was on screen (`seen`).

    Raises NotAllowed, Overtaken, Refused (a step back, a refusal without a reason), ValidationError by field.
    """
    rows = Referral.objects.select_for_update(of=("self",)).select_related("trainee", "prescriber")
    referral = rows.get(pk=referral_id)
    if not actor.has_perm(TraineePermission.CHANGE_TRAINEE, referral.trainee):
        raise NotAllowed(NOT_YOURS)
    if referral.outcome != seen:
        raise Overtaken(
            f"Cette candidature a changé : elle est « {referral.get_outcome_display()} ». Relisez avant d’agir."
        )
    if outcome not in life.NEXT[referral.outcome]:
        raise Refused("Une candidature ne revient pas en arrière : enregistrez-en une autre.")
    referral.outcome, referral.reason = outcome, reason.strip()
    referral.outcome_on = (on or timezone.localdate()) if outcome in life.DECIDED else None
    referral.full_clean()
    referral.save()
    told = f"Candidature : {referral.get_outcome_display().lower()}"
    record(actor, "referral.advanced", referral.trainee, told, referral=referral.pk, outcome=outcome)
    return referral
