"""A lost password: the same page for everybody, a link that serves once, on the portal's own address."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from tests.factories.people import PASSWORD

NEW = "Un-nouveau-Chemin-9"
ASK = "/mot-de-passe/oublie/"

pytestmark = pytest.mark.usefixtures("empty_cache")


def ask(client: Client, email: str):
    return client.post(ASK, {"email": email}, follow=True)


def link_in(message: mail.EmailMessage) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/mot-de-passe/nouveau/\S+)", message.body)[1]


def open_link(client: Client, link: str):
    return client.get(link, follow=True)


def choose(client: Client, page, password: str = NEW, again: str = ""):
    address = page.redirect_chain[-1][0]
    return client.post(address, {"password1": password, "password2": again or password}, follow=True)


def test_known_and_unknown_addresses_get_the_same_page(client: Client, officer: User) -> None:
    known, unknown = ask(client, officer.email), ask(client, "inconnu@exemple.invalid")
    # Only the number of the request may differ between the two pages.
    assert known.content.decode() == unknown.content.decode()
    assert [message.to for message in mail.outbox] == [[officer.email], ["inconnu@exemple.invalid"]]
    assert "Aucun compte n’est ouvert" in mail.outbox[1].body
    assert "http://127.0.0.1:8000/mot-de-passe" not in mail.outbox[1].body


def test_link_gives_a_new_password_once(client: Client, officer: User) -> None:
    ask(client, officer.email)
    message = mail.outbox[0]
    assert message.subject == "Portail des Écoles de la 2e\xa0chance\xa0: choisir un nouveau mot de passe"
    assert "deux heures" in message.body
    link = link_in(message)
    done = choose(client, open_link(client, link))
    assert "Votre mot de passe est enregistré" in done.content.decode()
    assert User.objects.get(pk=officer.pk).check_password(NEW)
    assert "Ce lien ne sert plus" in open_link(Client(), link).content.decode()


def test_key_of_the_link_leaves_the_address_at_once(client: Client, officer: User) -> None:
    ask(client, officer.email)
    link = link_in(mail.outbox[0])
    page = open_link(client, link)
    assert page.redirect_chain[-1][0].endswith("set-password/")
    assert link not in page.content.decode()


def test_old_link_offers_a_new_one(client: Client, officer: User) -> None:
    ask(client, officer.email)
    with time_machine.travel(timezone.localtime() + timedelta(hours=2, minutes=1)):
        page = open_link(client, link_in(mail.outbox[0])).content.decode()
    assert "Ce lien ne sert plus" in page
    assert ASK in page


def test_claimed_host_never_enters_the_message(client: Client, officer: User, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.post(ASK, {"email": officer.email}, headers={"host": "pirate.invalid"})
    assert "pirate.invalid" not in mail.outbox[0].body
    assert link_in(mail.outbox[0])


def test_weak_password_is_refused_with_its_reason(client: Client, officer: User) -> None:
    ask(client, officer.email)
    page = choose(client, open_link(client, link_in(mail.outbox[0])), "Chemin2014").content.decode()
    assert "Ce mot de passe est trop faible." in page
    assert User.objects.get(pk=officer.pk).check_password(PASSWORD)


@pytest.mark.parametrize("known", [True, False])
def test_mail_server_away_is_said(client: Client, officer: User, settings, known: bool) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    page = ask(client, officer.email if known else "inconnu@exemple.invalid")
    assert page.status_code == 503
    assert "aucun message n’est parti" in page.content.decode()


def test_changing_ones_password_closes_the_other_sessions(client_of, officer: User) -> None:
    here, elsewhere = client_of(officer), client_of(officer)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    page = here.post("/mot-de-passe/changer/", form, follow=True)
    assert "Votre mot de passe est enregistré." in page.content.decode()
    assert here.get("/conventions/").status_code == 200
    assert elsewhere.get("/conventions/").status_code == 302


def test_wrong_present_password_is_refused(officer_client: Client) -> None:
    form = {"oldpassword": "pas le bon", "password1": NEW, "password2": NEW}
    page = officer_client.post("/mot-de-passe/changer/", form).content.decode()
    assert "mot de passe actuel" in page


def test_somebody_without_a_password_chooses_one(client_of, officer: User) -> None:
    officer.set_unusable_password()
    officer.save()
    browser = client_of(officer)
    assert browser.get("/mot-de-passe/changer/")["Location"] == "/mot-de-passe/choisir/"
    assert browser.get("/mot-de-passe/choisir/").status_code == 200
    browser.post("/mot-de-passe/choisir/", {"password1": NEW, "password2": NEW})
    assert User.objects.get(pk=officer.pk).check_password(NEW)
