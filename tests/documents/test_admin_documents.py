"""The documents in the admin: read by those who watch over them, started again when they failed."""

from collections.abc import Callable

import pytest
from django.test import Client

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document, Status
from partnerships.models import PartnershipConvention
from partnerships.operations.sealing import seal_convention
from tests.factories.documents import seal

LIST = "/gestion/documents/document/"


@pytest.fixture
def document(officer: User, convention_in: Callable[..., PartnershipConvention]) -> Document:
    return seal_convention(convention_in("approved"), officer)


@pytest.fixture
def failed(document: Document) -> Document:
    rows = Document.objects.filter(pk=document.pk)
    rows.update(status=Status.BUILDING, claim="7f4df9a4-91a0-4f0c-9e6e-2a64f9be62bd", claimed_at="2026-01-01T00:00:00Z")
    rows.update(status=Status.FAILED, failure="Une lettre manque à la police.", claim=None, claimed_at=None)
    document.refresh_from_db()
    return document


def test_a_sealed_document_tells_all_but_its_data(officer_client: Client, document: Document) -> None:
    seal(document)
    html = officer_client.get(f"{LIST}{document.pk}/change/").content.decode()
    assert document.printed_code in html
    assert f"/documents/{document.public_id}/" in html
    assert "Anne Exemple" not in html
    assert "Relancer" not in html


def test_the_list_finds_by_code_and_state(officer_client: Client, failed: Document) -> None:
    def found(**query: str) -> int:
        return len(officer_client.get(LIST, query).context["cl"].result_list)

    assert found(q=failed.printed_code.lower()) == 1
    assert found(q="introuvable") == 0
    assert (found(status__exact="failed"), found(status__exact="sealed")) == (1, 0)
    assert "Une lettre manque à la police." in officer_client.get(LIST).content.decode()


def test_a_failed_one_is_started_again(officer_client: Client, failed: Document) -> None:
    assert "Relancer la fabrication" in officer_client.get(f"{LIST}{failed.pk}/change/").content.decode()
    officer_client.post(f"{LIST}{failed.pk}/relancer/")
    failed.refresh_from_db()
    assert failed.status == Status.QUEUED


def test_those_chosen_are_started_again_and_the_others_explained(officer_client: Client, failed: Document) -> None:
    answer = officer_client.post(LIST, {"action": "retry_selected", "_selected_action": [failed.pk]}, follow=True)
    assert "1\N{NO-BREAK SPACE}fabrication relancée" in answer.content.decode()
    answer = officer_client.post(LIST, {"action": "retry_selected", "_selected_action": [failed.pk]}, follow=True)
    assert "Seul un document en échec peut être relancé" in answer.content.decode()


def test_an_auditor_reads_and_starts_nothing(
    auditor: User, client_of: Callable[[User], Client], failed: Document
) -> None:
    client = client_of(auditor)
    assert "Relancer" not in client.get(f"{LIST}{failed.pk}/change/").content.decode()
    client.post(f"{LIST}{failed.pk}/relancer/")
    client.post(LIST, {"action": "retry_selected", "_selected_action": [failed.pk]})
    failed.refresh_from_db()
    assert failed.status == Status.FAILED


def test_nothing_is_written_or_deleted_by_hand(officer_client: Client, document: Document) -> None:
    assert officer_client.get(f"{LIST}add/").status_code == 403
    assert officer_client.post(f"{LIST}{document.pk}/change/", {"status": "sealed"}).status_code == 403
    assert officer_client.post(f"{LIST}{document.pk}/delete/", {"post": "yes"}).status_code == 403


def test_query_count_of_the_list(
    officer_client: Client,
    officer: User,
    convention_in: Callable[..., PartnershipConvention],
    document: Document,
    same_query_count: Callable[..., int],
) -> None:
    add = lambda: seal_convention(convention_in("approved"), officer)  # noqa: E731
    assert same_query_count(lambda: officer_client.get(LIST), add) <= 6
