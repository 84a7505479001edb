"""Refusals and faults: a page in French that says what to do, with the number of the request and nothing else."""

import pytest
from django.db import connections
from django.test import Client

PAGES = [
    ("/essai/illisible/", 400, "n’a pas compris cette demande"),
    ("/essai/refus/", 403, "Cette école n’est pas la vôtre."),
    ("/rien-ici/", 404, "Il n’y a rien à cette adresse"),
    ("/essai/trop-gros/", 413, "dépasse la taille acceptée"),
    ("/essai/413/", 413, "dépasse la taille acceptée"),
    ("/essai/429/", 429, "attendez une minute"),
    ("/essai/faute/", 500, "Le portail n’a pas pu répondre"),
    ("/essai/base/", 503, "rechargez la page dans une minute"),
    ("/essai/courtier/", 503, "rechargez la page dans une minute"),
]


@pytest.fixture
def portal(settings) -> Client:
    settings.ROOT_URLCONF = "tests.home.failing_urls"
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status", "told"), PAGES)
def test_page_says_what_to_do(portal: Client, path: str, status: int, told: str) -> None:
    answer = portal.get(path, headers={"x-request-id": "demande-0123456789"})
    page = answer.content.decode()
    assert answer.status_code == status
    assert told in page
    assert "demande-0123456789" in page
    assert answer["X-Request-ID"] == "demande-0123456789"
    assert "secret of the cellar" not in page
    assert page.count("<h1>") == 1
    assert "style-src" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(("path", "status"), [("/essai/faute/", 500), ("/essai/base/", 503)])
def test_fault_page_asks_nothing_of_the_database(portal: Client, path: str, status: int) -> None:
    # No database mark: pytest-django refuses any query here.
    assert portal.get(path).status_code == status


@pytest.mark.parametrize("path", ["/essai/429/", "/essai/base/"])
@pytest.mark.django_db
def test_waiting_is_told_to_programs_too(portal: Client, path: str) -> None:
    assert portal.get(path)["Retry-After"] == "60"


@pytest.mark.django_db(transaction=True)
def test_database_away_is_a_page_that_asks_to_wait(portal: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connections["default"]
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    portal.cookies["sessionid"] = "a" * 32
    assert portal.get("/conventions/").status_code == 503
    monkeypatch.undo()
    connection.close()


def test_form_left_open_too_long_is_explained(officer, client_of) -> None:
    answer = client_of(officer, strict=True).post("/mot-de-passe/changer/", {})
    assert answer.status_code == 403
    assert "rechargez-la, puis envoyez-le à nouveau" in answer.content.decode()
