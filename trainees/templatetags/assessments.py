"""What the block of the assessment asks, on the page of any internship."""

from django import template
from django.utils import timezone

from trainees.models import Internship
from trainees.permissions import TraineePermission
from trainees.sheets.assessment_card import AssessmentCard, assessment_card

register = template.Library()


@register.simple_tag
def assessment_of_internship(internship: Internship, user: object) -> AssessmentCard:
    """`{% assessment_of_internship internship user as told %}`: where its assessment stands, and what comes next."""
    may_ask = user.has_perm(TraineePermission.ASK_ASSESSMENT, internship)  # type: ignore[attr-defined]
    may_decide = user.has_perm(TraineePermission.VALIDATE_SKILLS, internship)  # type: ignore[attr-defined]
    return assessment_card(internship, timezone.localdate(), may_ask=may_ask, may_decide=may_decide)
