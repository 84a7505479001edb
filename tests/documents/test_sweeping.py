"""The sweeper mends what a dead worker or a lost job left behind, without the broker."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from e2c_portal.documents import storage, sweeping
from e2c_portal.documents.models import Document, Status
from e2c_portal.kernel import jobs, sweepers
from e2c_portal.kernel.models import Job
from tests.factories.documents import seal
from tests.faults.broker import NOWHERE, publishing_to

pytestmark = pytest.mark.django_db

Ask = Callable[..., Document]


def age(document: Document, settings: Any, **values: Any) -> None:
    """Make a document look as if it had been left like this for longer than the lease."""
    long_ago = timezone.now() - settings.DOCUMENT_CLAIM_LEASE - timedelta(seconds=1)
    if values.get("status") == Status.BUILDING:
        values |= {"claim": uuid4(), "claimed_at": long_ago}
    Document.objects.filter(pk=document.pk).update(queued_at=long_ago, **values)


def test_nothing_is_touched_before_the_lease_ends(notice: Ask) -> None:
    queued, building = notice(), notice()
    Document.objects.filter(pk=building.pk).update(status=Status.BUILDING, claim=uuid4(), claimed_at=timezone.now())
    assert sweeping.sweep() == 0
    assert Job.objects.filter(task="documents.build").count() == 2
    assert {document.status for document in Document.objects.all()} == {Status.QUEUED, Status.BUILDING}
    assert queued.pk != building.pk


def test_a_document_left_by_a_dead_worker_goes_back_to_the_queue(notice: Ask, settings: Any) -> None:
    document = notice()
    Job.objects.update(published_at=timezone.now())
    age(document, settings, status=Status.BUILDING, attempts=1)
    assert sweeping.sweep() == 1
    document.refresh_from_db()
    assert (document.status, document.claim, document.claimed_at) == (Status.QUEUED, None, None)
    assert Job.objects.filter(task="documents.build", published_at=None).count() == 1
    assert seal(document).is_sealed


def test_a_lost_job_is_asked_for_again_but_not_beside_one_that_still_waits(notice: Ask, settings: Any) -> None:
    document = notice()
    age(document, settings)
    assert sweeping.sweep() == 1
    assert Job.objects.filter(task="documents.build").count() == 1
    Job.objects.update(published_at=timezone.now())
    age(document, settings)
    assert sweeping.sweep() == 1
    assert Job.objects.filter(task="documents.build").count() == 2


def test_a_document_that_kills_its_workers_is_given_up_with_a_reason(notice: Ask, settings: Any) -> None:
    document = notice()
    age(document, settings, status=Status.BUILDING, attempts=settings.DOCUMENT_MAX_ATTEMPTS)
    assert sweeping.sweep() == 1
    document.refresh_from_db()
    assert document.status == Status.FAILED
    assert "interrompue plusieurs fois" in document.failure


def test_files_that_no_document_owns_go_after_a_day(sealed_notice: Ask, documents_folder: Path) -> None:
    owned = sealed_notice()
    for key, days in (("2026/vieux.pdf", 2), ("2026/jeune.pdf", 0)):
        storage.store(key, b"%PDF-1.7")
        moment = (timezone.now() - timedelta(days=days)).timestamp()
        os.utime(documents_folder / key, (moment, moment))
    os.utime(documents_folder / owned.file, (0, 0))
    assert sweeping.delete_orphan_files() == 1
    assert sorted(storage.every_key()) == sorted(["2026/jeune.pdf", owned.file])


def test_a_walk_goes_on_after_the_key_where_it_stopped(documents_folder: Path) -> None:
    keys = ["a.pdf", "b/1.pdf", "b/1/x.pdf", "b/2/y.pdf", "b/2/z.pdf", "b.pdf", "c/d/e.pdf"]
    for key in keys:
        storage.store(key, b"%PDF-1.7")
    walked = list(storage.every_key())
    assert sorted(walked) == sorted(keys)
    for rank, key in enumerate(walked):
        assert list(storage.every_key(after=key)) == walked[rank + 1 :]
        # The last one read may be gone by the time the walk goes on.
        storage.discard(key)
        assert list(storage.every_key(after=key)) == walked[rank + 1 :]
    storage.store("b/1.pdf", b"%PDF-1.7")
    storage.store("b/1/x.pdf", b"%PDF-1.7")
    assert list(storage.every_key("b", after="1")) == ["b/1/x.pdf", "b/1.pdf"]


def test_what_one_turn_does_not_reach_is_left_to_the_next(
    sealed_notice: Ask, documents_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owned = sealed_notice()
    for number in range(5):
        storage.store(f"2026/perdu-{number}.pdf", b"%PDF-1.7")
        os.utime(documents_folder / f"2026/perdu-{number}.pdf", (0, 0))
    monkeypatch.setattr(sweeping, "FILES_AT_ONCE", 2)
    monkeypatch.setattr(sweeping, "TURN_SECONDS", -1)
    asked, removed = Job.objects.filter(task=sweeping.ORPHANS), sweeping.delete_orphan_files()
    while job := asked.order_by("-pk").first():
        asked.delete()
        removed += sweeping.delete_orphan_files(**job.arguments)
    assert removed == 5
    assert list(storage.every_key()) == [owned.file]


@pytest.mark.django_db(transaction=True)
def test_a_request_made_while_the_broker_is_away_waits_and_leaves_later(
    notice: Ask, empty_queue: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PUBLISHING_GRACE", timedelta(0))
    with publishing_to(NOWHERE):
        notice()
        job = Job.objects.get()
        assert job.published_at is None
        assert sweepers.sweep_once()["jobs"] == 0
    assert sweepers.sweep_once()["jobs"] == 1
    job.refresh_from_db()
    assert job.published_at is not None
