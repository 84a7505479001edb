"""The tasks of mailing: thin, ids only, safe to run twice."""

from celery import shared_task

from e2c_portal.mailing import digests, sending


@shared_task(name="mailing.send_mail")
def send_mail(*, message_id: int, **kwargs: object) -> None:
    sending.send_mail(message_id)


@shared_task(name="mailing.send_sms")
def send_sms(*, message_id: int, **kwargs: object) -> None:
    sending.send_sms(message_id)


@shared_task(name="mailing.group_digests")
def group_digests(**kwargs: object) -> None:
    digests.group_due()
