"""Signing in and out: one door, neutral answers, and limits that a person can read."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from e2c_portal.accounts.models import User
from tests.factories.people import PASSWORD, person

SIGN_IN = "/connexion/"

pytestmark = pytest.mark.usefixtures("empty_cache")


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def test_right_password_opens_the_portal(client: Client, stranger: User) -> None:
    answer = sign_in(client, stranger.email.upper())
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.get("/").context["user"] == stranger


def test_wanted_page_is_opened_after_sign_in(client: Client, officer: User) -> None:
    asked = client.get("/conventions/")
    assert asked["Location"] == "/connexion/?next=/conventions/"
    # The form has no address of its own: it comes back to this one, with the wanted page in it.
    answer = client.post(asked["Location"], {"login": officer.email, "password": PASSWORD})
    assert answer["Location"] == "/conventions/"


def test_no_way_out_to_another_site(client: Client, officer: User) -> None:
    assert sign_in(client, officer.email, next="https://ailleurs.invalid/")["Location"] == "/"


def test_unknown_address_and_wrong_password_read_the_same(client: Client, officer: User) -> None:
    wrong = sign_in(client, officer.email, "pas le bon")
    unknown = sign_in(client, "inconnu@exemple.invalid", "pas le bon")
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert "Adresse ou mot de passe incorrect." in wrong.content.decode()


def test_five_wrong_tries_close_the_door_for_a_while(client: Client, officer: User) -> None:
    for _ in range(5):
        sign_in(client, officer.email, "pas le bon")
    page = sign_in(client, officer.email)
    assert page.status_code == 422
    assert "attendez cinq minutes" in page.content.decode()


def test_nobody_signs_in_while_tries_cannot_be_counted(client: Client, officer: User, settings) -> None:
    """Else whoever makes the queue fall could try passwords without end. The guide of faults says so."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    client.raise_request_exception = False
    answer = sign_in(client, officer.email)
    assert (answer.status_code, "Portail indisponible pour un moment" in answer.content.decode()) == (503, True)
    assert client.get("/stagiaires/").status_code == 302


def test_too_many_requests_from_one_place_read_a_page(client: Client, db: None) -> None:
    for number in range(30):
        sign_in(client, f"inconnu{number}@exemple.invalid", "pas le bon")
    refused = sign_in(client, "autre@exemple.invalid", "pas le bon")
    assert refused.status_code == 429
    assert refused["Retry-After"] == "60"
    assert "attendez une minute" in refused.content.decode()


def test_closed_account_is_told_so_to_its_owner_only(client: Client, db: None) -> None:
    closed = person(active=False)
    told = sign_in(client, closed.email)
    assert told.status_code == 403
    assert "Votre compte est fermé" in told.content.decode()
    assert "Adresse ou mot de passe incorrect." in sign_in(client, closed.email, "pas le bon").content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_takes_a_post(officer_client: Client) -> None:
    page = officer_client.get("/deconnexion/")
    assert page.status_code == 200
    assert "_auth_user_id" in officer_client.session
    gone = officer_client.post("/deconnexion/", follow=True)
    assert "Vous êtes déconnecté." in gone.content.decode()
    assert "_auth_user_id" not in officer_client.session


def test_session_key_changes_at_sign_in(client: Client, officer: User) -> None:
    client.session.save()
    session = client.session
    session["mark"] = "before"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client, officer.email)
    assert client.session.session_key != before


@pytest.mark.parametrize("path", ["/signup/", "/accounts/signup/", "/inscription/"])
def test_nobody_signs_up_by_themselves(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_confirm_email"])
def test_addresses_that_do_not_exist(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)
