"""ProConnect opens accounts that exist, through signed tokens of this very visit; unless configured, it is not there."""

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from e2c_portal.accounts.models import User
from tests.accounts.applications import with_application
from tests.factories.people import person
from tests.harness.proconnect import SECRET, FakeProConnect

LEAVE, BACK = "/connexion/proconnect/", "/connexion/proconnect/retour/"

pytestmark = pytest.mark.usefixtures("empty_cache")


def comes_back(client: Client, proconnect: FakeProConnect):
    gone = client.post(LEAVE)
    assert gone["Location"].startswith(f"{proconnect.url}/authorize?")
    return client.get(BACK + proconnect.arrival(gone["Location"]))


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_without_settings_there_is_no_such_address_nor_button(client: Client, db: None) -> None:
    assert client.post(LEAVE).status_code == 404
    assert client.get(BACK).status_code == 404
    assert "ProConnect" not in client.get("/connexion/").content.decode()


def test_a_known_address_enters_and_is_found_by_its_identifier_from_then_on(
    client: Client, stranger: User, proconnect: FakeProConnect
) -> None:
    assert "ProConnect" in client.get("/connexion/").content.decode()
    assert client.get(LEAVE).status_code == 405
    proconnect.person = {"email": stranger.email.upper()}
    assert comes_back(client, proconnect)["Location"] == "/"
    assert client.get("/").context["user"] == stranger
    assert proconnect.asked["redirect_uri"].startswith("http://127.0.0.1:8000/")
    assert {"code_challenge", "nonce", "state"} <= set(proconnect.asked)
    assert proconnect.tokens_given[0]["client_secret"] == SECRET
    assert "code_verifier" in proconnect.tokens_given[0]
    assert SocialAccount.objects.get().extra_data == {}
    proconnect.person = {"email": "nouvelle.adresse@exemple.invalid"}
    assert comes_back(Client(), proconnect)["Location"] == "/"


def test_an_unknown_address_opens_nothing_and_creates_nobody(
    client: Client, db: None, proconnect: FakeProConnect
) -> None:
    proconnect.person = {"email": "inconnu@exemple.invalid"}
    answer = client.get(comes_back(client, proconnect).headers.get("Location", BACK), follow=True)
    assert not signed_in(client)
    assert answer.status_code < 500
    assert not User.objects.exists()


def test_a_closed_account_stays_closed(client: Client, db: None, proconnect: FakeProConnect) -> None:
    proconnect.person = {"email": person(active=False).email}
    assert "ce compte n’ouvre plus le portail" in comes_back(client, proconnect).content.decode()
    assert not signed_in(client)


def test_it_is_one_factor_only(client: Client, officer: User, proconnect: FakeProConnect) -> None:
    with_application(officer)
    proconnect.person = {"email": officer.email}
    assert comes_back(client, proconnect)["Location"] == "/connexion/seconde-etape/"
    assert not signed_in(client)


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "autre"}, {"aud": "autre"}, {"iss": "https://autre.invalid"}, {"exp": 1}, {"sub": "quelqu’un d’autre"}],
    ids=["nonce", "audience", "issuer", "expired", "somebody else"],
)
def test_a_token_of_another_visit_opens_nothing(
    client: Client, stranger: User, proconnect: FakeProConnect, claims: dict[str, object]
) -> None:
    proconnect.person, proconnect.claims = {"email": stranger.email}, claims
    assert "ne vous a pas connecté" in comes_back(client, proconnect).content.decode()
    assert not signed_in(client)


def test_a_token_signed_by_somebody_else_opens_nothing(
    client: Client,
    stranger: User,
    proconnect: FakeProConnect,
    signing_keys: tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey],
) -> None:
    proconnect.person, proconnect.signer = {"email": stranger.email}, signing_keys[1]
    assert "ne vous a pas connecté" in comes_back(client, proconnect).content.decode()
    assert not signed_in(client)


def test_an_answer_nobody_asked_for_opens_nothing(client: Client, stranger: User, proconnect: FakeProConnect) -> None:
    proconnect.person = {"email": stranger.email}
    query = proconnect.arrival(Client().post(LEAVE)["Location"])
    assert "ne vous a pas connecté" in client.get(BACK + query).content.decode()
    assert not signed_in(client)


def test_a_server_away_is_said(client: Client, db: None, proconnect: FakeProConnect, settings) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["proconnect"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:9"
    assert client.post(LEAVE).status_code == 503
