"""Jobs leave after the commit, once, and wait in the database while the broker is away."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from queue import Empty
from typing import Any

import pytest
from celery.app.task import Context
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from e2c_portal.celery import app
from e2c_portal.kernel import jobs
from e2c_portal.kernel.models import Job
from e2c_portal.kernel.requests import RequestIdFilter, current_request_id, request_id_set
from e2c_portal.kernel.tasks import carry_request_id
from tests.faults.broker import NOWHERE, publishing_to

TASK = "tests.nothing"


class Queue:
    """The queue as a worker finds it."""

    def read(self) -> list[dict[str, Any]]:
        """Take all the messages that wait."""
        taken: list[dict[str, Any]] = []
        with app.connection_for_read() as link, link.SimpleQueue(app.conf.task_default_queue) as waiting:
            while True:
                try:
                    message = waiting.get(block=False)
                except Empty:
                    return taken
                message.ack()
                taken.append({"headers": message.headers, "arguments": message.payload[1]})


@pytest.fixture
def queue(empty_queue: None) -> Queue:
    return Queue()


def old_job(**values: Any) -> Job:
    """Write a job that no request is publishing any more."""
    return Job.objects.create(task=TASK, created_at=timezone.now() - timedelta(minutes=1), **values)


@pytest.mark.django_db(transaction=True)
class TestEnqueue:
    def test_it_leaves_after_the_commit_and_not_before(self, queue: Queue) -> None:
        with transaction.atomic():
            job = jobs.enqueue_on_commit(TASK, document_id=7)
            assert queue.read() == []
        [message] = queue.read()
        assert message["arguments"] == {"document_id": 7}
        job.refresh_from_db()
        assert job.published_at

    def test_those_of_one_transaction_leave_together_in_their_order(self, queue: Queue) -> None:
        asked = {}
        for count in (1, 5):
            with CaptureQueriesContext(connection) as queries, transaction.atomic():
                for number in range(count):
                    jobs.enqueue_on_commit(TASK, document_id=number)
            asked[count] = len(queries) - count
        assert asked[1] == asked[5]
        assert [message["arguments"]["document_id"] for message in queue.read()][0] == 0
        with transaction.atomic():
            for number in range(5):
                jobs.enqueue_on_commit(TASK, document_id=number)
        assert [message["arguments"]["document_id"] for message in queue.read()] == list(range(5))
        assert not Job.objects.filter(published_at=None).exists()

    def test_what_a_savepoint_took_back_stays_and_the_others_leave(self, queue: Queue) -> None:
        with transaction.atomic():
            with suppress(ZeroDivisionError), transaction.atomic():
                jobs.enqueue_on_commit(TASK, document_id=1)
                raise ZeroDivisionError
            jobs.enqueue_on_commit(TASK, document_id=2)
            with transaction.atomic():
                jobs.enqueue_on_commit(TASK, document_id=3)
        assert [message["arguments"]["document_id"] for message in queue.read()] == [2, 3]

    def test_the_transaction_after_one_given_up_publishes_its_own(self, queue: Queue) -> None:
        with suppress(ZeroDivisionError), transaction.atomic():
            jobs.enqueue_on_commit(TASK, document_id=1)
            raise ZeroDivisionError
        with transaction.atomic():
            jobs.enqueue_on_commit(TASK, document_id=2)
        jobs.enqueue_on_commit(TASK, document_id=3)
        assert [message["arguments"]["document_id"] for message in queue.read()] == [2, 3]

    def test_a_broker_that_goes_away_in_the_middle_keeps_what_left_noted(
        self, queue: Queue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent, monotonic = jobs._send, jobs._broker.away_until
        monkeypatch.setattr(jobs._broker, "away_until", monotonic)

        def third_fails(job: Job) -> None:
            if job.arguments["document_id"] == 2:
                raise jobs.BrokerAway
            sent(job)

        monkeypatch.setattr(jobs, "_send", third_fails)
        with transaction.atomic():
            for number in range(4):
                jobs.enqueue_on_commit(TASK, document_id=number)
        assert [message["arguments"]["document_id"] for message in queue.read()] == [0, 1]
        left = Job.objects.filter(published_at=None).order_by("pk")
        assert [job.arguments["document_id"] for job in left] == [2, 3]

    def test_a_rollback_takes_it_along(self, queue: Queue) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012  the rollback comes after the job
            jobs.enqueue_on_commit(TASK, document_id=7)
            raise RuntimeError
        assert queue.read() == []
        assert not Job.objects.exists()

    def test_the_broker_is_away_and_nobody_suffers(self, queue: Queue) -> None:
        with publishing_to(NOWHERE):
            job = jobs.enqueue_on_commit(TASK, document_id=7)
        job.refresh_from_db()
        assert job.published_at is None
        Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
        assert jobs.publish_waiting() == 1
        assert [message["arguments"] for message in queue.read()] == [{"document_id": 7}]

    def test_the_id_of_the_request_travels_with_it(self, queue: Queue) -> None:
        with request_id_set("requete-0001"):
            jobs.enqueue_on_commit(TASK)
        assert queue.read()[0]["headers"]["request_id"] == "requete-0001"


@pytest.mark.django_db(transaction=True)
class TestPublish:
    def test_a_job_is_sent_once(self, queue: Queue) -> None:
        job = old_job()
        assert [jobs.publish(job.pk), jobs.publish(job.pk)] == [True, False]
        assert len(queue.read()) == 1

    def test_a_job_being_published_is_left_alone(self, queue: Queue) -> None:
        job = old_job()
        with held_by_another(job):
            assert jobs.publish(job.pk) is False
        assert queue.read() == []

    def test_the_sweeper_leaves_young_jobs_to_their_request(self, queue: Queue) -> None:
        Job.objects.create(task=TASK)
        assert jobs.publish_waiting() == 0

    def test_a_job_being_published_does_not_hold_up_the_others(self, queue: Queue) -> None:
        first, _second = old_job(arguments={"n": 1}), old_job(arguments={"n": 2})
        with held_by_another(first):
            jobs.publish_waiting()
        assert [message["arguments"] for message in queue.read()] == [{"n": 2}]

    def test_the_sweeper_stops_while_the_broker_is_away(self, queue: Queue) -> None:
        for _ in range(3):
            old_job()
        with publishing_to(NOWHERE):
            assert jobs.publish_waiting() == 0
        assert jobs.publish_waiting() == 3


@contextmanager
def held_by_another(job: Job) -> Iterator[None]:
    """Hold a row from another connection, as another publisher does. Waiting for it is an error here, not a hang."""
    other = connection.copy()
    other.ensure_connection()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM kernel_job WHERE id = %s FOR UPDATE", [job.pk])
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
    try:
        yield
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


@pytest.mark.django_db
def test_only_old_published_jobs_are_purged() -> None:
    waiting = old_job()
    recent = old_job(published_at=timezone.now() - timedelta(days=6))
    old_job(published_at=timezone.now() - timedelta(days=8))
    assert jobs.purge_published() == 1
    assert set(Job.objects.all()) == {waiting, recent}


def test_a_task_logs_under_the_id_of_its_request() -> None:
    class Task:
        request = Context({"request_id": "requete-0002"})

    with request_id_set("-"):
        carry_request_id(task=Task())
        record = logging.makeLogRecord({})
        RequestIdFilter().filter(record)
        assert (record.request_id, current_request_id()) == ("requete-0002", "requete-0002")
