"""The tasks of the messages around the day, of attestations and of the survey. People are erased by the rules of retention."""

from celery import shared_task

from assises.operations import attestations, outbox, survey, timed_mails


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
