"""What the card of visits asks, on the page of any internship."""

from django import template

from trainees.models import Internship, TutorVisit
from trainees.permissions import TraineePermission
from trainees.reads.visits import visits_of

register = template.Library()


@register.simple_tag
def visits_of_internship(internship: Internship) -> list[TutorVisit]:
    """`{% visits_of_internship internship as visits %}`: its visits in order, each with `where`."""
    return visits_of(internship)


@register.simple_tag
def may_write_visits(user: object, internship: Internship) -> bool:
    """`{% may_write_visits user internship as may_write %}`: whether this person plans visits for that internship."""
    return user.has_perm(TraineePermission.WRITE_VISIT, internship)  # type: ignore[attr-defined]
