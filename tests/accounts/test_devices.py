"""« Mes appareils » : one’s own sessions alone, closed one by one or together."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.devices import device_of
from e2c_portal.accounts.models import User
from e2c_portal.accounts.retention_rules import purge_sessions
from tests.factories.people import PASSWORD

DEVICES = "/mon-compte/appareils/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"

pytestmark = pytest.mark.usefixtures("empty_cache")


def inside(user: User, agent: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/connexion/", {"login": user.email, "password": PASSWORD})
    return client


def number_of(client: Client) -> int:
    return UserSession.objects.get(session_key=client.session.session_key).pk


def test_the_page_names_each_device_and_the_present_one(stranger: User) -> None:
    here, _there = inside(stranger), inside(stranger, PHONE)
    page = here.get(DEVICES).content.decode()
    assert "Firefox sur Windows" in page
    assert "Safari sur iPhone" in page
    assert page.count("Vous êtes ici.") == 1


def test_a_session_is_closed_from_elsewhere(stranger: User) -> None:
    here, there = inside(stranger), inside(stranger, PHONE)
    here.post(f"{DEVICES}{number_of(there)}/fermer/")
    assert there.get(DEVICES).status_code == 302
    assert here.get(DEVICES).status_code == 200


def test_all_the_others_are_closed_together(stranger: User) -> None:
    here, *others = [inside(stranger) for _ in range(3)]
    page = here.post(f"{DEVICES}fermer-les-autres/", follow=True).content.decode()
    assert "2 autres sessions sont fermées." in page.replace("\xa0", " ")
    assert [other.get(DEVICES).status_code for other in others] == [302, 302]


def test_the_session_of_somebody_else_is_not_found(stranger: User, coordinator: User) -> None:
    here, theirs = inside(stranger), inside(coordinator)
    assert here.post(f"{DEVICES}{number_of(theirs)}/fermer/").status_code == 404
    assert theirs.get(DEVICES).status_code == 200
    assert here.get(f"{DEVICES}{number_of(theirs)}/fermer/").status_code == 405


def test_what_is_known_of_a_session_goes_with_it(stranger: User) -> None:
    client = inside(stranger)
    Session.objects.filter(session_key=client.session.session_key).update(
        expire_date=timezone.now() - timedelta(minutes=1)
    )
    purge_sessions(())
    assert not UserSession.objects.exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox sur Windows"),
        (PHONE, "Safari sur iPhone"),
        ("", "Navigateur inconnu"),
        ("curl/8", "Navigateur inconnu"),
    ],
)
def test_a_device_is_named_by_what_is_certain(agent: str, words: str) -> None:
    assert device_of(agent) == words
