"""Making a document: claimed once, sealed, stored once, and every failure told in words that staff can act on."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from e2c_portal.documents import building, kinds, storage
from e2c_portal.documents.building import build
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.requesting import retry
from e2c_portal.documents.sealing import embedded_context
from e2c_portal.kernel.errors import Refused
from tests.documents.notices.kind import NOTICE
from tests.factories.documents import seal

pytestmark = pytest.mark.django_db

Ask = Callable[..., Document]


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_sealed_document_is_stored_once_with_its_fingerprint(notice: Ask, documents_folder: Path) -> None:
    document = seal(notice("Un texte."))
    [stored] = files_in(documents_folder)
    assert document.is_sealed
    assert hashlib.sha256(stored.read_bytes()).hexdigest() == document.sha256
    assert stored.stat().st_size == document.size
    assert (document.claim, document.failure, document.attempts, document.seal_level) == (None, "", 1, "B-B")
    assert b'"text": "Un texte."' in (embedded_context(stored.read_bytes()) or b"")


def test_building_twice_does_nothing_the_second_time(notice: Ask, documents_folder: Path) -> None:
    document = notice()
    assert build(document.pk) is True
    assert build(document.pk) is False
    assert len(files_in(documents_folder)) == 1


def test_a_document_claimed_by_another_worker_is_left_to_it(notice: Ask) -> None:
    document = notice()
    Document.objects.filter(pk=document.pk).update(
        status=Status.BUILDING, claim=uuid4(), claimed_at=timezone.now(), attempts=1
    )
    assert build(document.pk) is False
    document.refresh_from_db()
    assert (document.status, document.attempts) == (Status.BUILDING, 1)


def test_a_claim_older_than_its_lease_is_taken_over(notice: Ask, settings: Any) -> None:
    document = notice()
    old = timezone.now() - settings.DOCUMENT_CLAIM_LEASE - timedelta(seconds=1)
    Document.objects.filter(pk=document.pk).update(status=Status.BUILDING, claim=uuid4(), claimed_at=old, attempts=1)
    assert build(document.pk) is True


def test_a_worker_that_lost_its_claim_throws_its_file_away(
    notice: Ask, documents_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = notice()
    thief = uuid4()

    def store_then_lose(key: str, content: bytes) -> str:
        name = store(key, content)
        Document.objects.filter(pk=document.pk).update(claim=thief, claimed_at=timezone.now())
        return name

    store = storage.store
    monkeypatch.setattr(storage, "store", store_then_lose)
    assert build(document.pk) is False
    document.refresh_from_db()
    assert (document.status, document.claim, files_in(documents_folder)) == (Status.BUILDING, thief, [])


def test_content_changed_meanwhile_wins_over_the_worker(
    notice: Ask, documents_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = notice("Un texte.", number=1)
    store = storage.store

    def store_then_change(key: str, content: bytes) -> str:
        name = store(key, content)
        notice("Un autre.", number=1)
        return name

    monkeypatch.setattr(storage, "store", store_then_change)
    assert build(document.pk) is False
    document.refresh_from_db()
    assert (document.status, files_in(documents_folder)) == (Status.ABANDONED, [])


def test_a_character_that_no_font_prints_is_named_and_the_document_can_be_asked_for_again(
    notice: Ask, documents_folder: Path, officer: Any
) -> None:
    document = seal(notice("Un visage \U0001f600."))
    assert document.status == Status.FAILED
    assert "U+1F600" in document.failure
    assert "ses polices ne savent pas imprimer" in document.failure
    assert files_in(documents_folder) == []
    assert retry(document, officer).status == Status.QUEUED


def test_a_storage_that_refuses_is_told_in_french(notice: Ask, documents_folder: Path, officer: Any) -> None:
    documents_folder.parent.mkdir(exist_ok=True)
    documents_folder.write_text("a file stands where the folder should be: nobody can write there, not even root")
    document = seal(notice())
    assert document.status == Status.FAILED
    assert document.failure.startswith("L’espace de stockage n’a pas pu enregistrer le document.")
    documents_folder.unlink()
    assert seal(retry(document, officer)).is_sealed


def test_a_storage_that_gives_other_bytes_back_is_not_believed(notice: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    save = storage.document_storage().__class__.save

    def save_damaged(self: Any, name: str, content: Any, max_length: int | None = None) -> str:
        kept = save(self, name, content, max_length)
        Path(self.path(kept)).write_bytes(b"%PDF-1.7 something else")
        return kept

    monkeypatch.setattr(storage.document_storage().__class__, "save", save_damaged)
    document = seal(notice())
    assert "n’a pas rendu le document à l’identique" in document.failure


def test_the_kind_is_told_once_and_its_refusal_keeps_the_document_unsealed(
    notice: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def refuse(document: Document) -> None:
        told.append(document.status)
        raise Refused("La fiche a été close entre-temps.")

    monkeypatch.setitem(kinds._kinds, "notice", replace(NOTICE, sealed=refuse))
    document = seal(notice())
    assert told == [Status.SEALED]
    assert (document.status, document.failure) == (Status.FAILED, "La fiche a été close entre-temps.")


def test_an_unforeseen_error_is_told_without_its_technical_words(notice: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(building, "seal_pdf", break_down)
    document = seal(notice())
    assert document.status == Status.FAILED
    assert "erreur imprévue" in document.failure
    assert "zero" not in document.failure


def test_a_database_that_goes_away_is_not_a_failure_of_the_document(
    notice: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(building, "_record", break_down)
    document = notice()
    with pytest.raises(OperationalError):
        build(document.pk)
    document.refresh_from_db()
    assert document.status == Status.BUILDING
