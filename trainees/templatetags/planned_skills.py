"""What the card of planned skills asks, on the page of an internship."""

from django import template

from trainees.models import Internship, PlannedSkill
from trainees.operations.planned_skills import GIVEN_UP
from trainees.permissions import TraineePermission
from trainees.reads.planned_skills import answer_was_sent, planned_of

register = template.Library()


@register.simple_tag
def skills_planned(internship: Internship) -> list[PlannedSkill]:
    """`{% skills_planned internship as planned %}`: the skills planned, in order."""
    return planned_of(internship)


@register.simple_tag
def may_plan_skills(user: object, internship: Internship) -> bool:
    """`{% may_plan_skills user internship as may_plan %}`: whether this person may still choose them."""
    may = user.has_perm(TraineePermission.PLAN_SKILLS, internship)  # type: ignore[attr-defined]
    return may and internship.status not in GIVEN_UP and not answer_was_sent(internship)
