"""Record the derogations of a host for minors."""

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.french import day_in_letters
from partnerships.calendar import add_months
from schools.models import School
from trainees.law.limits import Limit
from trainees.models import DangerousWorkDerogation
from trainees.models.parameters import limit_on
from trainees.permissions import TraineePermission


@transaction.atomic
def record_derogation(derogation: DangerousWorkDerogation, school: School, actor: User) -> DangerousWorkDerogation:
    """Record what a host declared to the labour inspection for minors (code du travail, R4153-40): three years at most.

    `school` is the one whose internship asks for it. Raises NotAllowed, Refused, ValidationError by field.
    """
    if not actor.has_perm(TraineePermission.WRITE_INTERNSHIP, school):
        raise NotAllowed("Vous n’avez pas le droit d’écrire les stages de cette école.")
    derogation.recorded_by = actor
    derogation.full_clean()
    years = int(limit_on(Limit.DEROGATION_YEARS, derogation.declared_on))
    latest = add_months(derogation.declared_on, 12 * years)
    if derogation.expires_on > latest:
        raise Refused(
            f"Une déclaration de dérogation vaut {years} ans au plus : jusqu’au {day_in_letters(latest)} "
            "(code du travail, art. R4153-41)."
        )
    derogation.save()
    record(actor, "derogation.recorded", derogation.establishment, f"Dérogation enregistrée : {derogation.reference}")
    return derogation
