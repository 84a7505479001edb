"""The history of a school: for those who reach its team, as its page shows it."""

from typing import Any

from django.db.models import Model
from django.urls import reverse

from e2c_portal.audit.histories import History
from schools.models import School
from schools.queries import schools_visible_to
from schools.scope import scope_of


def school(user: Any, pk: int) -> Model | None:
    """Return a school of the network."""
    return schools_visible_to(scope_of(user)).filter(pk=pk).first()


def reads_its_team(user: Any, row: School) -> bool:
    """Say whether somebody's scope covers a school: its history tells its team, as its page does to them alone."""
    return scope_of(user).covers(row.pk)


HISTORIES = (
    History(
        "schools.School", school, ("schools.Site", "schools.Membership"),
        may=reads_its_team, url=lambda row: reverse("schools:school", args=[row.slug]),
    ),
)  # fmt: skip
