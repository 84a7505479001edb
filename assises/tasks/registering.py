"""The tasks of registrations: links asked for, offers that lapse, what a new programme changes."""

from celery import shared_task

from assises.operations.own_registration import answer_request, lapse_late_offers
from assises.operations.telling import tell_of_cancelling, tell_of_changes


@shared_task(name="assises.send_registration_link")
def send_registration_link(*, request_id: int, **kwargs: object) -> None:
    answer_request(request_id)


@shared_task(name="assises.let_offers_lapse")
def lapse(**kwargs: object) -> None:
    lapse_late_offers()


@shared_task(name="assises.tell_of_changes")
def tell_changes(*, version_id: int, **kwargs: object) -> None:
    tell_of_changes(version_id)


@shared_task(name="assises.tell_of_cancelling")
def tell_cancelling(*, edition_id: int, **kwargs: object) -> None:
    tell_of_cancelling(edition_id)
