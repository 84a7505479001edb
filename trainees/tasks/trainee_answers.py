"""The reminders of trainees who have an assessment to read."""

from celery import shared_task

from trainees.operations.answer_reminders import remind_trainees


@shared_task(name="trainees.remind_to_answer")
def remind(**kwargs: object) -> None:
    remind_trainees()
