"""Asking for documents: one at a time for a record, and the latest content wins."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.documents.models import Batch, BatchItem, Document, Status
from e2c_portal.documents.requesting import current_document, request_batch, request_document, retry
from e2c_portal.kernel.errors import PortalError, Refused
from e2c_portal.kernel.models import Job
from tests.documents.notices.kind import order
from tests.factories.documents import seal

pytestmark = pytest.mark.django_db

Ask = Callable[..., Document]


def test_an_unknown_kind_is_refused_in_french(officer: User) -> None:
    unknown = order()
    with pytest.raises(PortalError, match="n’est plus connu du portail"):
        request_document(type(unknown)("nothing", unknown.subject, "R", "T", {}), officer)
    assert not Document.objects.exists()
    assert not Job.objects.exists()


def test_only_a_failed_document_can_be_asked_for_again(notice: Ask, officer: User) -> None:
    document = notice()
    with pytest.raises(Refused, match="Seul un document en échec"):
        retry(document, officer)


def test_a_rollback_takes_the_document_and_its_job_away(notice: Ask) -> None:
    with transaction.atomic():
        notice()
        transaction.set_rollback(True)
    assert (Document.objects.count(), Job.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_the_same_content_twice_is_one_document_and_one_job(notice: Ask) -> None:
    first = notice("Un texte.", number=1)
    assert notice("Un texte.", number=1) == first
    assert Job.objects.filter(task="documents.build").count() == 1
    assert seal(first) == notice("Un texte.", number=1)


def test_other_content_replaces_the_one_that_waits(notice: Ask) -> None:
    first, second = notice("Un texte.", number=1), notice("Un autre.", number=1)
    first.refresh_from_db()
    assert (first.status, second.status) == (Status.ABANDONED, Status.QUEUED)
    assert first.verification_code != second.verification_code


def test_coming_back_to_the_sealed_content_gives_up_the_one_that_waits(notice: Ask, sealed_notice: Ask) -> None:
    sealed = sealed_notice("Un texte.", number=1)
    waiting = notice("Un autre.", number=1)
    assert notice("Un texte.", number=1) == sealed
    waiting.refresh_from_db()
    assert waiting.status == Status.ABANDONED


def test_a_sealed_document_is_superseded_only_once_its_successor_is_sealed(notice: Ask, sealed_notice: Ask) -> None:
    first = sealed_notice("Un texte.", number=1)
    second = notice("Un autre.", number=1)
    assert second.supersedes == first
    assert current_document("notice", first.subject) == first
    seal(second)
    assert current_document("notice", first.subject) == second


def test_a_failed_document_asked_for_again_goes_back_to_the_queue(notice: Ask) -> None:
    document = seal(notice("Un visage\U0001f600.", number=1))
    assert document.status == Status.FAILED
    again = notice("Un visage\U0001f600.", number=1)
    assert (again.pk, again.status, again.failure, again.attempts) == (document.pk, Status.QUEUED, "", 0)


def test_the_context_is_frozen_with_what_the_paper_prints(notice: Ask, settings: object) -> None:
    document = notice("Un texte.", number=7)
    frozen = document.context
    assert (frozen["reference"], frozen["text"]) == ("AV-007", "Un texte.")
    assert frozen["verification"]["code"] == document.printed_code
    assert frozen["verification"]["url"].endswith(f"/verifier/{document.printed_code}/")


def test_a_request_leaves_a_trace(notice: Ask, officer: User) -> None:
    document = notice("Un texte.", number=7)
    entry = Entry.objects.get(action="document.requested")
    assert (entry.actor, entry.subject, entry.detail) == (officer, "documents.batch:7", {"document": document.pk})


def test_a_batch_keeps_the_refused_lines(notices: None, officer: User) -> None:
    batch = request_batch("Trois avis", [order(number=1), ("Avis 2", "Le texte manque."), order(number=3)], officer)
    lines = [(item.label, item.refusal) for item in batch.items.order_by("pk")]
    assert lines == [("Avis numéro 1", ""), ("Avis 2", "Le texte manque."), ("Avis numéro 3", "")]


def test_a_batch_asks_as_many_questions_for_five_as_for_one(
    notices: None, officer: User, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as for_one:
        request_batch("Un avis", [order(number=1)], officer)
    with django_assert_num_queries(len(for_one)):
        request_batch("Cinq avis", [order(number=number) for number in range(2, 7)], officer)
    assert Job.objects.filter(task="documents.build").count() == 6
    assert Entry.objects.filter(action="document.requested").count() == 6


def test_a_record_asked_for_twice_in_a_batch_has_one_document(notices: None, officer: User) -> None:
    twice = request_batch("Deux fois", [order(number=1), order(number=2), order(number=1)], officer)
    first, second, again = [item.document for item in twice.items.order_by("pk")]
    assert (first, first.reference, second.reference) == (again, "AV-001", "AV-002")
    changed = request_batch("Puis un autre", [order("Un texte.", number=3), order("Un autre.", number=3)], officer)
    given_up, kept = [item.document for item in changed.items.order_by("pk")]
    assert (given_up.status, kept.status) == (Status.ABANDONED, Status.QUEUED)


def test_a_batch_takes_what_is_there_already(notice: Ask, sealed_notice: Ask, officer: User) -> None:
    sealed, waiting, failed = sealed_notice("Un.", number=1), notice("Deux.", number=2), notice("Trois.", number=3)
    Document.objects.filter(pk=failed.pk).update(status=Status.BUILDING, claim=uuid4(), claimed_at=timezone.now())
    Document.objects.filter(pk=failed.pk).update(status=Status.FAILED, failure="Essai.", claim=None, claimed_at=None)
    asked = [order("Un.", number=1), order("Deux.", number=2), order("Trois.", number=3), order("Quatre.", number=4)]
    batch = request_batch("Quatre avis", asked, officer)
    documents = [item.document for item in batch.items.order_by("pk")]
    assert documents[:3] == [sealed, waiting, failed]
    assert [document.status for document in documents] == [Status.SEALED, *[Status.QUEUED] * 3]


def test_a_code_already_given_is_drawn_again(notice: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = notice(number=1).verification_code
    codes = iter([taken, "VVVVV23456"])
    monkeypatch.setattr("e2c_portal.documents.requesting.new_code", lambda: next(codes))
    assert notice(number=2).verification_code == "VVVVV23456"


@pytest.mark.parametrize(
    "statement", ["UPDATE documents_document SET context = '{}'", "DELETE FROM documents_document"]
)
def test_the_database_itself_refuses_to_change_or_forget_a_request(notice: Ask, statement: str) -> None:
    notice()
    with (
        pytest.raises(Exception, match="Données figées|garde une trace"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_batch_line_is_a_document_or_a_reason(officer: User) -> None:
    batch = Batch.objects.create(label="Essai", requested_by=officer)
    with pytest.raises(Exception, match="batch_item_document_or_refusal"), transaction.atomic():
        BatchItem.objects.create(batch=batch, label="Rien")
