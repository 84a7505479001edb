"""The search of likely doubles."""

from celery import shared_task

from trainees.operations.doubles import find_doubles_of_the_day


@shared_task(name="trainees.find_doubles")
def find(**kwargs: object) -> None:
    find_doubles_of_the_day()
