"""Jobs leave after the commit. The row stays when the broker is away, and the sweeper sends it later."""

import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from celery import current_app
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from e2c_portal.kernel.clock import older_than
from e2c_portal.kernel.models import Job

logger = logging.getLogger(__name__)

# A job younger than this is probably being published by the request that asked for it.
PUBLISHING_GRACE = timedelta(seconds=3)
# A broker that hangs costs ten seconds at each try: a request for twenty documents tries once.
AWAY_SECONDS = 3
# Jobs of one transaction that leave in one: each commit is written to the disk, and what is killed in the middle leaves twice.
TOGETHER = 50
PUBLISHED_KEPT_FOR = timedelta(days=7)


class BrokerAway(Exception):
    """The broker cannot be reached now."""


class _Broker:
    """What this process knows of the broker."""

    away_until = 0.0


_broker = _Broker()


class _Leaving:
    """The jobs of one transaction: they leave together once it is committed, whatever savepoint each was asked in."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self._gone = False

    def leave(self) -> None:
        """Publish them; whoever of them is called first does it for all. One that a savepoint took back is no longer there."""
        if not self._gone:
            self._gone = True
            _publish_at_once(self.ids)


class _Waiting(threading.local):
    """What waits for a commit, in each thread: so does its connection."""

    leaving: _Leaving | None = None


_waiting = _Waiting()


def _of_this_transaction() -> _Leaving:
    """Return what waits for the present commit. A transaction that was given up took what waited for it away."""
    leaving = _waiting.leaving
    if leaving is None or not any(hook[1] == leaving.leave for hook in reversed(connection.run_on_commit)):
        leaving = _waiting.leaving = _Leaving()
    return leaving


def enqueue_on_commit(task: str, **arguments: int | str) -> Job:
    """Ask for a task in the current transaction; it is published once the transaction is committed.

    Arguments are ids only: rows are read again by the task. A rollback takes the job with it.
    """
    [job] = enqueue_each_on_commit(task, [arguments])
    return job


def enqueue_each_on_commit(task: str, each: Iterable[Mapping[str, int | str]]) -> list[Job]:
    """Ask for a task several times, each with its own arguments, in one question; otherwise as `enqueue_on_commit`."""
    jobs = Job.objects.bulk_create(Job(task=task, arguments=dict(arguments)) for arguments in each)
    if jobs:
        leaving = _of_this_transaction()
        leaving.ids += [job.pk for job in jobs]
        transaction.on_commit(leaving.leave)
    return jobs


def _publish_at_once(ids: Sequence[int]) -> None:
    """Publish for a person who waits: after a refusal of the broker, their other jobs are left to the sweeper."""
    if time.monotonic() < _broker.away_until:
        return
    try:
        for first in range(0, len(ids), TOGETHER):
            _publish(ids[first : first + TOGETHER])
    except BrokerAway:
        _broker.away_until = time.monotonic() + AWAY_SECONDS


def publish(job_id: int) -> bool:
    """Send one waiting job to the broker. Returns False when it was already sent or the broker is away.

    Two publishers never send the same job at once: the row is locked while it leaves.
    """
    try:
        return _publish([job_id]) == 1
    except BrokerAway:
        return False


def _publish(ids: Sequence[int]) -> int:
    """Send jobs, those that another publisher sent or is sending excepted. Returns how many; raises BrokerAway, what left noted."""
    sent: list[int] = []
    with transaction.atomic():
        waiting = Job.objects.select_for_update(skip_locked=True).filter(pk__in=ids, published_at=None)
        try:
            for job in waiting.order_by("pk"):
                _send(job)
                sent.append(job.pk)
        except BrokerAway as error:
            away: BrokerAway | None = error
        else:
            away = None
        if sent:
            Job.objects.filter(pk__in=sent).update(published_at=timezone.now())
    if away:
        raise away
    return len(sent)


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
            sent += _publish([job_id])
        except BrokerAway:
            break
    return sent


def purge_published() -> int:
    """Delete the jobs published more than seven days ago. Returns how many."""
    old = Job.objects.filter(published_at__lt=timezone.now() - PUBLISHED_KEPT_FOR)
    return old.delete()[0]
