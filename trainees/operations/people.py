"""Write trainees and those who answer for them. One transaction each."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_over_what_was_seen, save_with_trace
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.submissions import Sending, once
from trainees.emails.representatives import send_rights
from trainees.models import LegalRepresentative, Trainee
from trainees.operations.doubles import refresh_doubles_of
from trainees.permissions import TraineePermission
from trainees.reads.communes import commune_named

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
    trainee.commune = commune_named(trainee.postal_code, trainee.city)

    def write() -> Trainee:
        save_with_trace(trainee, actor)
        refresh_doubles_of(trainee.pk)
        return trainee

    return once(sending, actor, Trainee, write)


@transaction.atomic
def revise_trainee(trainee: Trainee, seen: int | None, actor: User) -> Trainee:
    """Change what is known of a trainee. Raises NotAllowed, Overtaken when somebody saved it after `seen`, ValidationError."""
    _require(actor, TraineePermission.CHANGE_TRAINEE, trainee)
    trainee.commune = commune_named(trainee.postal_code, trainee.city)
    save_over_what_was_seen(trainee, seen, lambda: save_with_trace(trainee, actor), overtaken=OVERTAKEN)
    refresh_doubles_of(trainee.pk)
    return trainee


@transaction.atomic
def save_representative(
    representative: LegalRepresentative, actor: User, *, sending: Sending | None = None
) -> LegalRepresentative:
    """Create or change a legal representative of a trainee; whoever answers for a minor is told of their rights.

    Raises NotAllowed, AlreadySent, ValidationError by field.
    """
    trainee = Trainee.objects.select_for_update().get(pk=representative.trainee_id)
    _require(actor, TraineePermission.CHANGE_TRAINEE, trainee)
    adding = representative._state.adding

    def write() -> LegalRepresentative:
        representative.full_clean()
        representative.save()
        verb = "ajouté" if adding else "modifié"
        told = f"Représentant légal {verb} : {representative.get_quality_display()}"
        record(actor, "representative.saved", trainee, told, representative=representative.pk)
        send_rights(representative)
        return representative

    return once(sending if adding else None, actor, LegalRepresentative, write)


@transaction.atomic
def end_representative(representative_id: int, ended_on: date, actor: User) -> LegalRepresentative:
    """Note that somebody represents a trainee no more; the row stays in the file. Raises NotAllowed, Refused, Overtaken."""
    rows = LegalRepresentative.objects.select_for_update(of=("self",)).select_related("trainee")
    row = rows.get(pk=representative_id)
    _require(actor, TraineePermission.CHANGE_TRAINEE, row.trainee)
    if row.ended_on:
        raise Overtaken(f"{row.full_name} ne représente plus cette personne depuis le {row.ended_on:%d/%m/%Y}.")
    if not row.trainee.birth_date <= ended_on <= timezone.localdate():
        raise Refused("Indiquez un jour passé, ou aujourd’hui.")
    row.ended_on = ended_on
    row.full_clean()
    row.save()
    told = f"Représentant légal jusqu’au {ended_on:%d/%m/%Y} : {row.get_quality_display()}"
    record(actor, "representative.ended", row.trainee, told, representative=row.pk)
    return row


def _require(actor: User, permission: TraineePermission, row: object) -> None:
    if not actor.has_perm(permission, row):
        raise NotAllowed(NOT_YOURS)
