"""Say when a school is closed and what its usual week is. One transaction each."""

from datetime import date

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed
from e2c_portal.kernel.submissions import Sending, once
from schools.models import School
from trainees.models import SchoolClosure, SchoolWeek
from trainees.operations.moving import save_or_refuse
from trainees.permissions import TraineePermission

NOT_YOURS = "Les jours de l’école sont tenus par sa direction ou sa coordination."


@transaction.atomic
def close_school(closure: SchoolClosure, actor: User, *, sending: Sending | None = None) -> SchoolClosure:
    """Note days on which the school is closed. Raises NotAllowed, AlreadySent, Refused when another closure holds them."""
    _require(actor, closure.school)
    closure.recorded_by = actor
    return once(sending, actor, SchoolClosure, lambda: _closed(closure, actor))


def _closed(closure: SchoolClosure, actor: User) -> SchoolClosure:
    save_or_refuse(closure)
    record(actor, "school.closed", closure.school, f"Fermeture notée : {closure}")
    return closure


@transaction.atomic
def reopen_school(closure_id: int, actor: User) -> None:
    """Erase a closure. Raises NotAllowed. Presences noted meanwhile stay as they are."""
    closure = (
        SchoolClosure.objects.select_for_update(of=("self",)).select_related("school").filter(pk=closure_id).first()
    )
    if closure is None:
        return
    _require(actor, closure.school)
    record(actor, "school.reopened", closure.school, f"Fermeture effacée : {closure}")
    closure.delete()


@transaction.atomic
def set_week(school: School, starts_on: date, minutes: list[int], actor: User) -> SchoolWeek:
    """Set the usual week of a school from a day on; what was noted before keeps its hours. Raises NotAllowed, Refused."""
    _require(actor, school)
    week = SchoolWeek(school=school, starts_on=starts_on, minutes=minutes, recorded_by=actor)
    save_or_refuse(week)
    record(actor, "school.week_set", school, f"{week} : {sum(minutes) // 60} heures", minutes=minutes)
    return week


def _require(actor: User, school: School) -> None:
    if not actor.has_perm(TraineePermission.FREEZE_ATTENDANCE, school):
        raise NotAllowed(NOT_YOURS)
