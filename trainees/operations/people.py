"""Write trainees and those who answer for them. One transaction each."""

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_over_what_was_seen, save_with_trace
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed
from e2c_portal.kernel.submissions import Sending, once
from trainees.models import LegalRepresentative, Trainee
from trainees.permissions import TraineePermission

OVERTAKEN = (
    "Quelqu’un a enregistré cette fiche pendant que vous la modifiiez. Votre saisie est conservée ci-dessous : "
    "comparez-la avec la version enregistrée, puis enregistrez de nouveau."
)
NOT_YOURS = "Vous n’avez pas le droit d’écrire dans les dossiers de cette école."


@transaction.atomic
def register_trainee(trainee: Trainee, actor: User, *, sending: Sending | None = None) -> Trainee:
    """Create a trainee in a school; a form sent twice (`sending`) gives back the one it made.

    Raises NotAllowed, AlreadySent, ValidationError by field.
    """
    _require(actor, TraineePermission.ADD_TRAINEE, trainee.school)
    trainee.created_by = actor
    return once(sending, actor, Trainee, lambda: save_with_trace(trainee, actor))


@transaction.atomic
def revise_trainee(trainee: Trainee, seen: int | None, actor: User) -> Trainee:
    """Change what is known of a trainee. Raises NotAllowed, Overtaken when somebody saved it after `seen`, ValidationError."""
    _require(actor, TraineePermission.CHANGE_TRAINEE, trainee)
    save_over_what_was_seen(trainee, seen, lambda: save_with_trace(trainee, actor), overtaken=OVERTAKEN)
    return trainee


@transaction.atomic
def save_representative(representative: LegalRepresentative, actor: User) -> LegalRepresentative:
    """Create or change a legal representative of a trainee. Raises NotAllowed, ValidationError by field."""
    trainee = Trainee.objects.select_for_update().get(pk=representative.trainee_id)
    _require(actor, TraineePermission.CHANGE_TRAINEE, trainee)
    adding = representative._state.adding
    representative.full_clean()
    representative.save()
    verb = "ajouté" if adding else "modifié"
    record(
        actor, "representative.saved", trainee, f"Représentant légal {verb} : {representative.get_quality_display()}"
    )
    return representative


def _require(actor: User, permission: TraineePermission, row: object) -> None:
    if not actor.has_perm(permission, row):
        raise NotAllowed(NOT_YOURS)
