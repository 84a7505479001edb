"""Read and write health data (RQTH): each reading and each change leaves its trace, and nothing else of the portal reads them.

RGPD art. 9; the trace says who and when, and which fields changed, never what they hold.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.changes import changed_fields
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken
from trainees.models import SensitiveFlag, Trainee
from trainees.operations.people import OVERTAKEN
from trainees.permissions import TraineePermission

RESERVED = "Ces données de santé sont réservées à la direction et à la coordination de l’école."
READ, CHANGED = "sensitive.read", "sensitive.changed"


@transaction.atomic
def read_sensitive(trainee: Trainee, actor: User) -> SensitiveFlag | None:
    """Return what is recorded, None when nothing is; the reading is traced either way. Raises NotAllowed."""
    if not actor.has_perm(TraineePermission.VIEW_SENSITIVE, trainee):
        raise NotAllowed(RESERVED)
    record(actor, READ, trainee, "Données sensibles consultées")
    return SensitiveFlag.objects.filter(trainee=trainee).select_related("recorded_by").first()


@transaction.atomic
def save_sensitive(trainee: Trainee, facts: Mapping[str, Any], seen: int | None, actor: User) -> SensitiveFlag:
    """Record or correct them. Raises NotAllowed, Overtaken when they were saved after the revision `seen`, ValidationError by field."""
    Trainee.objects.select_for_update().get(pk=trainee.pk)
    if not actor.has_perm(TraineePermission.CHANGE_SENSITIVE, trainee):
        raise NotAllowed(RESERVED)
    row = SensitiveFlag.objects.filter(trainee=trainee).first()
    if row and row.revision != seen:
        raise Overtaken(OVERTAKEN)
    row = row or SensitiveFlag(trainee=trainee, revision=0)
    for name, value in facts.items():
        setattr(row, name, value)
    changed = changed_fields(row)
    row.recorded_by, row.recorded_at, row.revision = actor, timezone.now(), row.revision + 1
    row.full_clean()
    row.save()
    record(actor, CHANGED, trainee, "Données sensibles modifiées", changed=changed)
    return row
