"""Remind trainees to answer what companies say of them: twice, some days apart, while nothing is decided."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.errors import PortalError
from e2c_portal.links import issuing
from e2c_portal.links.issuing import Holder
from e2c_portal.links.models import PersonalLink
from trainees.emails.trainee_answers import mark_of, remind_to_answer
from trainees.life import assessments as life
from trainees.models import CompanyAssessment, Trainee
from trainees.reads.trainee_answers import assessments_to_remind
from trainees.reads.trainee_space import TRAINEE_SPACE, has_recent_pathway, link_of, opens

logger = logging.getLogger(__name__)
# The school may decide without an answer, with a reason: two reminders, then nobody is chased.
STEPS = (("first", timedelta(days=4)), ("second", timedelta(days=10)))
# A worker that was away sends what it owes of the last days, not of last year.
LATE_AT_MOST = timedelta(days=3)


def remind_trainees() -> int:
    """Ask for the reminders owed now; each leaves once, however often this runs. Returns how many were asked."""
    told = 0
    for step, after in STEPS:
        for assessment_id in assessments_to_remind(timezone.now() - after, LATE_AT_MOST, mark_of(step)):
            try:
                told += _remind(assessment_id, step)
            except PortalError as refusal:
                logger.info("assessment %s, trainee not reminded: %s", assessment_id, refusal.code)
    return told


@transaction.atomic
def _remind(assessment_id: int, step: str) -> int:
    rows = CompanyAssessment.objects.select_for_update(of=("self",)).select_related(
        "internship__trainee__school", "internship__school", "internship__establishment__company"
    )
    assessment = rows.get(pk=assessment_id)
    trainee = assessment.internship.trainee
    if assessment.status != life.SUBMITTED or not trainee.email or not may_be_written(trainee):
        return 0
    remind_to_answer(assessment, step)
    return 1


def may_be_written(trainee: Trainee) -> bool:
    """Say whether a trainee may receive the link of their space; it is prepared for those who never had one.

    A link that the school withdrew, or that another address had, is not given back without the school.
    """
    if link := link_of(trainee):
        return opens(link)
    known = PersonalLink.objects.filter(purpose=TRAINEE_SPACE, subject=subject_of(trainee)).exists()
    if known or not has_recent_pathway(trainee):
        return False
    issuing.prepare(TRAINEE_SPACE, trainee, "", Holder(str(trainee), trainee.email))
    return True
