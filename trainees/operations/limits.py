"""Change a legal limit: a new row from a later day on; the former one ends the day before. One transaction each."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_with_trace
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.submissions import Sending, once
from trainees.models import LegalParameter
from trainees.permissions import TraineePermission
from trainees.reads.limits import rows_around

OFFICERS_ONLY = "Les limites légales sont tenues par la Région."


@transaction.atomic
def add_limit(parameter: LegalParameter, actor: User, *, sending: Sending | None = None) -> LegalParameter:
    """Give a limit another value from a day to come on. Raises NotAllowed, Refused (a day past), ValidationError by field."""
    if not actor.has_perm(TraineePermission.ADD_PARAMETER):
        raise NotAllowed(OFFICERS_ONLY)
    return once(sending, actor, LegalParameter, lambda: _added(parameter, actor))


def _added(parameter: LegalParameter, actor: User) -> LegalParameter:
    # One at a time for one limit: two officers would else both follow the same row.
    list(LegalParameter.objects.select_for_update().filter(key=parameter.key))
    if parameter.starts_on is None or parameter.starts_on <= timezone.localdate():
        raise Refused(
            "Une valeur nouvelle vaut à partir d’un jour à venir : ce qui est déjà jugé ne change pas.", code="past"
        )
    before, after = rows_around(parameter.key, parameter.starts_on)
    if before and before.starts_on >= parameter.starts_on:
        raise Refused("Une autre valeur commence déjà ce jour-là : corrigez-la.", code="same_day")
    if before:
        before.ends_on = parameter.starts_on - timedelta(days=1)
        before.save(update_fields=["ends_on"])
        record(actor, "legalparameter.ended", before, f"Prend fin le {before.ends_on:%d/%m/%Y}")
    parameter.ends_on = after.starts_on - timedelta(days=1) if after else None
    return save_with_trace(parameter, actor)


@transaction.atomic
def correct_limit(parameter: LegalParameter, actor: User) -> LegalParameter:
    """Correct the value or the source of a row that is still to come. Raises NotAllowed, Refused for one in force or past."""
    if not actor.has_perm(TraineePermission.CHANGE_PARAMETER):
        raise NotAllowed(OFFICERS_ONLY)
    saved = LegalParameter.objects.select_for_update().get(pk=parameter.pk)
    if saved.starts_on <= timezone.localdate():
        raise Refused(
            "Cette valeur est ou a été en vigueur : ajoutez-en une autre à partir d’un jour à venir.", code="in_force"
        )
    parameter.key, parameter.starts_on, parameter.ends_on = saved.key, saved.starts_on, saved.ends_on
    return save_with_trace(parameter, actor)
