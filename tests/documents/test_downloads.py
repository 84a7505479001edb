"""One document, for who may read it: its stored bytes and nothing else, or where its making stands."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.documents import kinds
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.views.downloads import file_name
from tests.documents.test_verification_pages import words_of
from tests.factories.documents import seal

pytestmark = pytest.mark.django_db

Ask = Callable[..., Document]
HTMX = {"HX-Request": "true"}


def address(document: Document, name: str = "download") -> str:
    return reverse(f"documents:{name}", args=[document.public_id])


@pytest.mark.parametrize("name", ["download", "state", "retry"])
def test_nobody_reads_without_signing_in(client: Client, sealed_notice: Ask, name: str) -> None:
    target = address(sealed_notice(), name)
    for response in (client.get(target), client.post(target)):
        assert response.status_code == 302
        assert response["Location"].startswith("/connexion/")


@pytest.mark.parametrize("name", ["download", "state"])
def test_who_may_not_read_is_told_that_it_does_not_exist(
    sealed_notice: Ask, stranger: User, client_of: Any, name: str
) -> None:
    document = sealed_notice()
    assert client_of(stranger).get(address(document, name)).status_code == 404
    assert client_of(stranger).get(reverse(f"documents:{name}", args=[uuid4()])).status_code == 404
    assert client_of(stranger).post(address(document, "retry")).status_code == 404


def test_a_kind_that_the_portal_forgot_is_read_by_nobody(
    sealed_notice: Ask, officer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = sealed_notice()
    monkeypatch.delitem(kinds._kinds, "notice")
    assert officer_client.get(address(document)).status_code == 404


def test_the_stored_bytes_are_served_as_they_are_and_it_leaves_a_trace(
    sealed_notice: Ask, officer: User, officer_client: Client
) -> None:
    document = sealed_notice()
    response = officer_client.get(address(document))
    assert hashlib.sha256(response.content).hexdigest() == document.sha256
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{document.reference}.pdf"'
    assert "no-store" in response["Cache-Control"]
    entry = Entry.objects.get(action="document.downloaded")
    assert (entry.actor, entry.subject) == (officer, f"documents.document:{document.pk}")


def test_it_can_be_looked_at_instead_of_kept(sealed_notice: Ask, officer_client: Client) -> None:
    response = officer_client.get(address(sealed_notice()), {"affichage": "1"})
    assert response["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize(
    ("reference", "name"),
    [("CP-2014-03", "CP-2014-03.pdf"), ("../../etc/a b", "etc-a-b.pdf"), ("Réf. n° 3/2", "Réf.-n-3-2.pdf")],
)
def test_the_name_of_the_file_is_safe_anywhere(reference: str, name: str) -> None:
    assert file_name(Document(reference=reference)) == name


def test_before_the_seal_a_page_says_where_it_stands_and_keeps_itself_up_to_date(
    notice: Ask, officer_client: Client
) -> None:
    document = notice()
    response = officer_client.get(address(document))
    page = words_of(response)
    assert response.status_code == 202
    assert "En attente" in page
    assert f'hx-get="{address(document, "state")}?vu=queued"' in page
    assert "L’actualiser" in page
    assert not Entry.objects.filter(action="document.downloaded").exists()


def test_the_fragment_is_silent_until_something_changes(notice: Ask, officer_client: Client) -> None:
    document = notice()
    target = address(document, "state")
    assert officer_client.get(f"{target}?vu=queued", headers=HTMX).status_code == 204
    seal(document)
    response = officer_client.get(f"{target}?vu=queued", headers=HTMX)
    assert "Télécharger le document scellé" in words_of(response)
    assert "hx-get" not in words_of(response)
    assert "<html" not in words_of(response)


def test_the_fragment_asked_for_by_hand_leads_to_the_page(notice: Ask, officer_client: Client) -> None:
    document = notice()
    assert officer_client.get(address(document, "state"))["Location"] == address(document)


def test_a_failure_says_why_and_who_asked_can_ask_again(notice: Ask, officer_client: Client) -> None:
    document = seal(notice("Un visage \U0001f600."))
    page = words_of(officer_client.get(address(document)))
    assert "U+1F600" in page
    assert "Relancer" in page
    response = officer_client.post(address(document, "retry"), {"next": "/verifier/"}, follow=True)
    assert response.redirect_chain == [("/verifier/", 302)]
    assert "La fabrication est relancée." in words_of(response)
    document.refresh_from_db()
    assert document.status == Status.QUEUED


def test_a_second_press_of_the_button_is_told_why_it_does_nothing(notice: Ask, officer_client: Client) -> None:
    document = seal(notice("Un visage \U0001f600."))
    officer_client.post(address(document, "retry"))
    response = officer_client.post(address(document, "retry"), follow=True)
    assert "Seul un document en échec peut être relancé" in words_of(response)


def test_who_only_reads_cannot_ask_again(notice: Ask, auditor: User, client_of: Any) -> None:
    document = seal(notice("Un visage \U0001f600."))
    reader = client_of(auditor)
    assert "Relancer" not in words_of(reader.get(address(document)))
    response = reader.post(address(document, "retry"))
    assert response.status_code == 403
    assert "Seule la personne qui a demandé ce document" in words_of(response)
    assert reader.get(address(document, "retry")).status_code == 405


def test_the_way_back_never_leads_out_of_the_portal(notice: Ask, officer_client: Client) -> None:
    document = seal(notice("Un visage \U0001f600."))
    for target in ("https://exemple.invalid/", "//exemple.invalid/", "javascript:alert(1)"):
        response = officer_client.post(address(document, "retry"), {"next": target})
        assert response["Location"] == address(document)


def test_a_file_that_cannot_be_read_is_told_in_french(
    sealed_notice: Ask, officer_client: Client, documents_folder: Path
) -> None:
    document = sealed_notice()
    (documents_folder / document.file).unlink()
    response = officer_client.get(address(document))
    assert response.status_code == 503
    assert "Le document ne peut pas être lu pour le moment." in words_of(response)
    assert not Entry.objects.filter(action="document.downloaded").exists()


def test_bytes_that_changed_on_the_disk_are_never_handed_over(
    sealed_notice: Ask, officer_client: Client, documents_folder: Path
) -> None:
    document = sealed_notice()
    stored = documents_folder / document.file
    stored.write_bytes(stored.read_bytes()[:-1] + b" ")
    response = officer_client.get(address(document))
    assert response.status_code == 503
    assert "n’est plus celui qui a été scellé" in words_of(response)


def test_a_replaced_request_says_so(notice: Ask, officer_client: Client) -> None:
    first = notice("Un texte.", number=1)
    notice("Un autre.", number=1)
    page = words_of(officer_client.get(address(first)))
    assert "Une demande plus récente a remplacé celle-ci" in page
    assert "hx-get" not in page
