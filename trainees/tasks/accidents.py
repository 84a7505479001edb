"""The clock of accidents."""

from celery import shared_task

from trainees.operations.accidents import remind_of_accidents


@shared_task(name="trainees.remind_of_accidents")
def remind(**kwargs: object) -> None:
    remind_of_accidents()
