"""The clock of assessments by companies."""

from celery import shared_task

from trainees.operations.assessment_planning import plan_assessments


@shared_task(name="trainees.plan_assessments")
def plan(**kwargs: object) -> None:
    plan_assessments()
