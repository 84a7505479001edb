"""Jobs leave after the commit. The row stays when the broker is away, and the sweeper sends it later."""

import logging
import time
from datetime import timedelta

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from e2c_portal.kernel.clock import older_than
from e2c_portal.kernel.models import Job

logger = logging.getLogger(__name__)

# A job younger than this is probably being published by the request that asked for it.
PUBLISHING_GRACE = timedelta(seconds=3)
# A broker that hangs costs ten seconds at each try: a request for twenty documents tries once.
AWAY_SECONDS = 3
PUBLISHED_KEPT_FOR = timedelta(days=7)


class BrokerAway(Exception):
    """The broker cannot be reached now."""


class _Broker:
    """What this process knows of the broker."""

    away_until = 0.0


_broker = _Broker()


def enqueue_on_commit(task: str, **arguments: int | str) -> Job:
    """Ask for a task in the current transaction; it is published once the transaction is committed.

    Arguments are ids only: rows are read again by the task. A rollback takes the job with it.
    """
    job = Job.objects.create(task=task, arguments=arguments)
    transaction.on_commit(lambda: _publish_at_once(job.pk))
    return job


def _publish_at_once(job_id: int) -> None:
    """Publish for a person who waits: after a refusal of the broker, their other jobs are left to the sweeper."""
    if time.monotonic() < _broker.away_until:
        return
    try:
        _publish(job_id)
    except BrokerAway:
        _broker.away_until = time.monotonic() + AWAY_SECONDS


def publish(job_id: int) -> bool:
    """Send one waiting job to the broker. Returns False when it was already sent or the broker is away.

    Two publishers never send the same job at once: the row is locked while it leaves.
    """
    try:
        return _publish(job_id)
    except BrokerAway:
        return False


def _publish(job_id: int) -> bool:
    """Send one job unless another publisher did or is doing so. Raises BrokerAway."""
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, published_at=None).first()
        if job is None:
            return False
        _send(job)
        job.published_at = timezone.now()
        job.save(update_fields=["published_at"])
    return True


def _send(job: Job) -> None:
    try:
        headers = {"request_id": job.request_id, "acting": job.acting}
        current_app.send_task(job.task, kwargs=job.arguments, headers=headers, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        logger.warning("broker away, job %s (%s) waits: %s", job.pk, job.task, type(error).__name__)
        raise BrokerAway from error


def publish_waiting(limit: int = 200) -> int:
    """Publish the jobs that no request managed to send. Returns how many left; stops once the broker is away."""
    waiting = Job.objects.filter(older_than("created_at", PUBLISHING_GRACE), published_at=None)
    sent = 0
    for job_id in waiting.order_by("pk").values_list("pk", flat=True)[:limit]:
        try:
            sent += _publish(job_id)
        except BrokerAway:
            break
    return sent


def purge_published() -> int:
    """Delete the jobs published more than seven days ago. Returns how many."""
    old = Job.objects.filter(published_at__lt=timezone.now() - PUBLISHED_KEPT_FOR)
    return old.delete()[0]
