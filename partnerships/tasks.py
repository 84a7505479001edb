"""The tasks of partnerships: thin, ids only, safe to run twice."""

from celery import shared_task

from partnerships.operations import reminding


@shared_task(name="partnerships.remind")
def remind(**kwargs: object) -> None:
    reminding.remind_of_deadlines()
    reminding.remind_of_actions()
