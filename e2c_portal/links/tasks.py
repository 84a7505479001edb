"""The tasks of links: thin, ids only, safe to run twice."""

from celery import shared_task

from e2c_portal.links import renewing


@shared_task(name="links.recover")
def recover(*, request_id: int, **kwargs: object) -> None:
    renewing.recover(request_id)
