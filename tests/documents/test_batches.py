"""Documents asked for together: the page says how far they are and what to do with those that failed."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Batch, Document, Status
from e2c_portal.documents.queries import batch_progress
from e2c_portal.documents.requesting import request_batch, request_document
from tests.documents.notices.kind import order
from tests.documents.test_verification_pages import words_of
from tests.factories.documents import seal, seal_waiting

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
BROKEN = "Un visage \U0001f600."


def address(batch: Batch, name: str = "batch") -> str:
    return reverse(f"documents:{name}", args=[batch.public_id])


@pytest.fixture
def batch(notices: None, officer: User) -> Batch:
    """Four lines: one to seal, one that will fail, one that waits, one refused."""
    orders = [order(number=1), order(BROKEN, number=2), order(number=3), ("Avis numéro 4", "Le texte manque.")]
    return request_batch("Avis de l’année", orders, officer)


@pytest.fixture
def half_done(batch: Batch) -> Batch:
    for document in Document.objects.order_by("pk")[:2]:
        seal(document)
    return batch


@pytest.mark.parametrize("name", ["batch", "batch_progress"])
def test_only_who_asked_and_the_network_may_follow(
    batch: Batch, client: Client, stranger: User, coordinator: User, auditor: User, client_of: Any, name: str
) -> None:
    assert client.get(address(batch, name)).status_code == 302
    assert client_of(stranger).get(address(batch, name)).status_code == 404
    assert client_of(coordinator).get(address(batch, name)).status_code == 404
    assert client_of(auditor).get(address(batch, name), headers=HTMX).status_code == 200
    assert client_of(auditor).get(reverse(f"documents:{name}", args=[uuid4()])).status_code == 404


def test_school_staff_follow_their_own_batch(notices: None, coordinator: User, client_of: Any) -> None:
    own = request_batch("Mes avis", [order(number=1)], coordinator)
    assert client_of(coordinator).get(address(own)).status_code == 200


def test_each_line_says_its_state_its_reason_and_what_to_do(half_done: Batch, officer_client: Client) -> None:
    page = words_of(officer_client.get(address(half_done)))
    sealed, failed, waiting = Document.objects.order_by("pk")
    assert "1 document scellé sur 4, 1 en cours, 1 en échec, 1 refusé." in page
    assert reverse("documents:download", args=[sealed.public_id]) in page
    assert reverse("documents:retry", args=[failed.public_id]) in page
    assert reverse("documents:download", args=[waiting.public_id]) not in page
    assert "U+1F600" in page
    assert "Le texte manque." in page


def test_it_works_without_a_script(half_done: Batch, officer_client: Client) -> None:
    page = words_of(officer_client.get(address(half_done)))
    assert f'href="{address(half_done)}"' in page
    assert '<progress aria-labelledby="lot-barre" value="3" max="4">3 sur 4</progress>' in page


def test_the_fragment_is_silent_until_something_changes_and_stops_asking_at_the_end(
    half_done: Batch, officer_client: Client
) -> None:
    fragment = officer_client.get(address(half_done, "batch_progress"), headers=HTMX)
    token = fragment.context["token"]
    assert f"{address(half_done, 'batch_progress')}?vu={token}" in words_of(fragment)
    assert officer_client.get(address(half_done, "batch_progress"), {"vu": token}, headers=HTMX).status_code == 204
    seal(Document.objects.get(status=Status.QUEUED))
    over = words_of(officer_client.get(address(half_done, "batch_progress"), {"vu": token}, headers=HTMX))
    assert "La fabrication est terminée." in over
    assert "hx-get" not in over
    assert 'hx-swap-oob="innerHTML"' in over


def test_the_fragment_asked_for_by_hand_leads_to_the_page(batch: Batch, officer_client: Client) -> None:
    assert officer_client.get(address(batch, "batch_progress"))["Location"] == address(batch)


def test_a_screen_reader_is_told_of_quarters_only(notices: None, officer: User, officer_client: Client) -> None:
    batch = request_batch("Huit avis", [order(number=number) for number in range(8)], officer)
    told, token = [], "0-0-0"
    for document in Document.objects.order_by("pk"):
        Document.objects.filter(pk=document.pk).update(status=Status.ABANDONED)
        response = officer_client.get(address(batch, "batch_progress"), {"vu": token}, headers=HTMX)
        told.append("hx-swap-oob" in words_of(response))
        token = response.context["token"]
    assert told == [False, True] * 4


def test_a_failed_line_is_asked_for_again_from_the_page(half_done: Batch, officer_client: Client) -> None:
    failed = Document.objects.get(status=Status.FAILED)
    response = officer_client.post(
        reverse("documents:retry", args=[failed.public_id]), {"next": address(half_done)}, follow=True
    )
    assert response.redirect_chain == [(address(half_done), 302)]
    assert "2 en cours" in words_of(response)


def test_an_auditor_sees_the_failure_but_no_button(half_done: Batch, auditor: User, client_of: Any) -> None:
    page = words_of(client_of(auditor).get(address(half_done)))
    assert "U+1F600" in page
    assert "Relancer" not in page


def test_a_line_replaced_meanwhile_says_so(batch: Batch, officer: User, officer_client: Client) -> None:
    request_document(order("Un autre texte.", number=1), officer)
    page = words_of(officer_client.get(address(batch)))
    assert "Une demande plus récente a remplacé celle-ci" in page
    assert batch_progress(batch).refused == 2


def test_the_page_asks_as_much_for_three_lines_as_for_one(
    notices: None, officer: User, officer_client: Client, same_query_count: Callable[..., int]
) -> None:
    batch = request_batch("Avis", [order()], officer)

    def add() -> None:
        batch.items.create(label="Un de plus", document=request_document(order(), officer))
        seal_waiting()

    add()
    same_query_count(lambda: officer_client.get(address(batch)), add)
