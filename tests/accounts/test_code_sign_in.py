"""A code by e-mail: one factor, ten minutes, three tries, and the same answer whether the address has an account or not."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from tests.accounts.applications import code_of, with_application
from tests.factories.people import person

ASK, TYPE = "/connexion/code/", "/connexion/code/saisir/"

pytestmark = pytest.mark.usefixtures("empty_cache")


def ask(client: Client, email: str):
    return client.post(ASK, {"email": email}, follow=True)


def code_in_the_message() -> str:
    return re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1]


def test_the_code_opens_the_portal_once(client: Client, stranger: User) -> None:
    ask(client, stranger.email.upper())
    code = code_in_the_message()
    assert client.post(TYPE, {"code": code})["Location"] == "/"
    assert client.get("/").context["user"] == stranger
    assert Client().post(TYPE, {"code": code})["Location"] == ASK


def test_known_unknown_and_closed_addresses_get_the_same_page_and_one_message_each(
    client: Client, stranger: User
) -> None:
    closed = person(active=False)
    pages = [ask(Client(), email) for email in (stranger.email, "inconnu@exemple.invalid", closed.email)]
    texts = {re.sub(r"csrfmiddlewaretoken\" value=\"\w+|[0-9a-f]{32}", "", page.content.decode()) for page in pages}
    assert len(texts) == 1
    assert len(mail.outbox) == 3
    assert [bool(re.search(r"^\d{6}$", message.body, re.MULTILINE)) for message in mail.outbox] == [True, False, False]


def test_an_unknown_address_has_no_code_that_fits(client: Client, db: None) -> None:
    ask(client, "inconnu@exemple.invalid")
    for typed in ("", "000000", "None"):
        assert "_auth_user_id" not in client.session
        client.post(TYPE, {"code": typed})
    assert "_auth_user_id" not in client.session


def test_three_wrong_codes_end_the_try(client: Client, stranger: User) -> None:
    ask(client, stranger.email)
    right = code_in_the_message()
    wrong = "111111" if right != "111111" else "222222"
    for _ in range(3):
        client.post(TYPE, {"code": wrong})
    assert client.post(TYPE, {"code": right})["Location"] == ASK


def test_an_old_code_opens_nothing(client: Client, stranger: User) -> None:
    ask(client, stranger.email)
    code = code_in_the_message()
    with time_machine.travel(timezone.localtime() + timedelta(minutes=10, seconds=2)):
        assert client.post(TYPE, {"code": code})["Location"] == ASK


def test_codes_are_asked_for_three_times_a_minute_at_most(stranger: User) -> None:
    pages = [ask(Client(), stranger.email) for _ in range(4)]
    assert len(mail.outbox) == 3
    assert "Trop d’essais" in pages[-1].content.decode()


def test_another_code_may_be_asked_for_from_the_same_browser(client: Client, stranger: User) -> None:
    ask(client, stranger.email)
    assert client.post("/deconnexion/", {"next": ASK})["Location"] == ASK
    ask(client, stranger.email)
    assert client.post(TYPE, {"code": code_in_the_message()})["Location"] == "/"


def test_a_code_is_one_factor_only(client: Client, officer: User) -> None:
    with_application(officer)
    ask(client, officer.email)
    assert client.post(TYPE, {"code": code_in_the_message()})["Location"] == "/connexion/seconde-etape/"
    assert client.post("/connexion/seconde-etape/", {"code": code_of()})["Location"] == "/"
