"""Several workers at once, and workers that die: each message leaves once."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as portal_settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from e2c_portal.kernel.models import Job
from e2c_portal.mailing import digests, sending
from e2c_portal.mailing.models import Mail, Status
from e2c_portal.mailing.sweeping import sweep
from tests.harness.worker import database_url
from tests.mailing.samples import invite, remind
from tests.mailing.smtp_sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)


def together(action: Callable[[], object], times: int = 6) -> list[object]:
    """Do the same thing at the same instant in several threads, each with its own connection."""
    gate = threading.Barrier(times)

    def run() -> object:
        try:
            gate.wait()
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(run) for _ in range(times)]]


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The jobs stay in their table: these tests are the workers."""
    monkeypatch.setattr("e2c_portal.kernel.jobs.publish", lambda job_id: False)


def test_several_workers_one_message(sink: Sink) -> None:
    mail = invite()
    assert sorted(together(lambda: sending.send_mail(mail.pk))) == [False] * 5 + [True]
    assert len(sink.received) == 1
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == (Status.SENT, 1)


def test_a_double_click_at_the_same_instant_asks_once() -> None:
    assert len(set(together(lambda: invite().pk))) == 1
    assert Mail.objects.count() == Job.objects.count() == 1


def test_several_timed_tasks_make_one_message_of_the_day() -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        remind(days=30)
        remind(days=7)
    with time_machine.travel("2026-11-24 07:00+01:00", tick=False):
        assert sorted(together(digests.group_due)) == [0] * 5 + [1]
    assert Mail.objects.exclude(digest_key="").count() == 1


def test_several_sweepers_ask_once() -> None:
    mail = invite(earliest_at=timezone.now() + timedelta(hours=1))
    with time_machine.travel(mail.due_at, tick=False):
        assert sum(map(int, together(sweep))) == 1  # type: ignore[call-overload]
    assert Job.objects.count() == 1


def test_a_message_is_written_only_if_the_business_change_is() -> None:
    with transaction.atomic():
        mail = invite()
        assert not sending.send_mail(-1)
        transaction.set_rollback(True)
    assert not Mail.objects.filter(pk=mail.pk).exists()


@pytest.fixture
def workers(sink: Sink) -> Iterator[Callable[[int], subprocess.Popen]]:
    """Return a function that starts a worker in a process of its own, on the same database and mail server."""
    started: list[subprocess.Popen] = []
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "e2c_portal.settings.dev",
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
    }

    def start(mail_id: int) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.mailing.one_worker", str(mail_id)]
        started.append(subprocess.Popen(command, cwd=portal_settings.BASE_DIR, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.parametrize(("stage", "arrived"), [("MAIL", 1), ("CONTENT", 2)])
def test_a_worker_killed_at_its_work_loses_nothing(
    sink: Sink, workers: Callable[[int], subprocess.Popen], stage: str, arrived: int
) -> None:
    """Killed before the content: one copy. Killed while the server answers: two at most, under one Message-ID."""
    reached, usual = threading.Event(), sink.manners.reply

    def hang(command: str, reply: str) -> str:
        if command == stage and not reached.is_set():
            reached.set()
            threading.Event().wait(3)
        return usual(command, reply)

    sink.manners.reply = hang  # type: ignore[method-assign]
    mail = invite()
    process = workers(mail.pk)
    assert reached.wait(30)
    process.kill()
    process.wait()
    mail.refresh_from_db()
    assert mail.status == Status.SENDING
    # The lease is counted by the database's clock.
    Mail.objects.filter(pk=mail.pk).update(claimed_at=Now() - portal_settings.MAIL_CLAIM_LEASE - timedelta(seconds=1))
    later = timezone.now() + timedelta(minutes=1)
    with time_machine.travel(later, tick=False):
        assert sweep() >= 1
    with time_machine.travel(later + timedelta(minutes=1), tick=False):
        assert sending.send_mail(mail.pk)
    mail.refresh_from_db()
    assert (mail.status, mail.maybe_delivered) == (Status.SENT, True)
    assert len(sink.seen) == arrived
    assert {message["Message-ID"] for message in sink.seen} == {mail.message_id}
