"""A stored file is whole or is not there; a document that a service made fail is asked for again by itself."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now

from e2c_portal.documents import storage, sweeping
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.requesting import retry
from tests.factories.documents import seal

pytestmark = pytest.mark.django_db
Ask = Callable[..., Document]


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """Cut the writes of this process in the middle, as a disk that fills up does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_write_cut_in_the_middle_leaves_nothing(documents_folder: Path) -> None:
    with files_no_longer_than(4096), pytest.raises(storage.StorageFault, match="place disponible"):
        storage.store("2026/entier.pdf", b"x" * 100_000)
    assert [path for path in documents_folder.rglob("*") if path.is_file()] == []
    assert storage.store("2026/entier.pdf", b"x" * 100_000) == "2026/entier.pdf"


def test_a_name_that_is_taken_gives_another(documents_folder: Path) -> None:
    first, second = (storage.store("2026/acces.zip", content) for content in (b"un", b"deux"))
    assert (storage.read(first), storage.read(second)) == (b"un", b"deux")
    assert {path.stat().st_mode & 0o777 for path in documents_folder.rglob("*.zip")} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in documents_folder.rglob("*") if path.is_dir()} == {0o700}


def refused(notice: Ask, folder: Path) -> Document:
    """Return a document that the storage refused: a file stands where its folder should be."""
    folder.write_text("nobody can write here")
    document = seal(notice())
    folder.unlink()
    return document


def test_what_a_storage_refused_is_made_by_itself_a_minute_later(notice: Ask, documents_folder: Path) -> None:
    document = refused(notice, documents_folder)
    assert (document.status, document.retry_at is not None) == (Status.FAILED, True)
    assert document.failure.endswith("Le portail réessaie aussi tout seul, chaque minute.")
    assert sweeping.sweep() == 0
    Document.objects.update(retry_at=Now() - timedelta(seconds=1))
    assert sweeping.sweep() == 1
    document.refresh_from_db()
    assert (document.status, document.failure, document.retry_at) == (Status.QUEUED, "", None)
    assert seal(document).is_sealed


def test_a_clock_set_back_does_not_put_the_next_try_off(notice: Ask, documents_folder: Path) -> None:
    refused(notice, documents_folder)
    Document.objects.update(retry_at=Now() + timedelta(hours=1))
    assert sweeping.sweep() == 1


def test_a_person_may_try_before(notice: Ask, documents_folder: Path, officer: Any) -> None:
    document = retry(refused(notice, documents_folder), officer)
    assert (document.status, document.retry_at) == (Status.QUEUED, None)
    assert sweeping.sweep() == 0


def test_what_only_a_person_can_mend_waits_for_one(notice: Ask) -> None:
    document = seal(notice("Un visage \U0001f600."))
    assert (document.status, document.retry_at) == (Status.FAILED, None)
    assert sweeping.sweep() == 0
