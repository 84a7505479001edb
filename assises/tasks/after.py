"""The tasks of the messages around the day, of attestations, of the survey and of the erasure of people."""

from time import monotonic

from celery import shared_task
from django.utils import timezone

from assises.operations import attestations, outbox, purging, survey, timed_mails

# A task ends well before its hard limit.
NIGHTLY_SECONDS = 30


@shared_task(name="assises.send_due_mails")
def send_due_mails(**kwargs: object) -> None:
    timed_mails.send_due_mails()


@shared_task(name="assises.send_outbox")
def send_outbox(*, message_id: int, **kwargs: object) -> None:
    outbox.send_turn(message_id)


@shared_task(name="assises.renew_attestations")
def renew_attestations(**kwargs: object) -> None:
    attestations.renew_attestations()


@shared_task(name="assises.shuffle_survey")
def shuffle_survey(**kwargs: object) -> None:
    survey.shuffle_replies()


@shared_task(name="assises.erase_people")
def erase_people(**kwargs: object) -> None:
    stop = monotonic() + NIGHTLY_SECONDS
    while monotonic() < stop and purging.purge_people(timezone.now()):
        pass
