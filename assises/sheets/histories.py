"""The histories of the Assises: of an edition for the Région, of a registration for whoever reads it."""

from typing import Any

from django.db.models import Model

from assises.models import Edition
from assises.permissions import AssisesPermission as P
from assises.reads.registrations import registrations_visible_to
from e2c_portal.audit.histories import History
from schools.scope import scope_of


def edition(user: Any, pk: int) -> Model | None:
    """Return an edition of the Assises."""
    return Edition.objects.filter(pk=pk).first() if user.has_perm(P.VIEW_EDITION) else None


def registration(user: Any, pk: int) -> Model | None:
    """Return a registration that this person may read."""
    return registrations_visible_to(user).filter(pk=pk).first()


HISTORIES = (
    History(
        "assises.Edition", edition,
        (
            "assises.Room", "assises.Session", "assises.Quota", "assises.Question", "assises.Checkpoint", "assises.Photo",
            "assises.ToldFact", "assises.OutboxMessage",
        ),
        may=lambda user, row: scope_of(user).whole_network,
    ),
    History("assises.Registration", registration),
)  # fmt: skip
