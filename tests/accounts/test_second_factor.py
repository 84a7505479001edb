"""Two factors for all who read the whole network: nothing else opens, and each way around it is tried."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from e2c_portal.accounts.middleware import OPEN_TO_SET_UP
from e2c_portal.accounts.models import User
from e2c_portal.accounts.operations import reset_second_factor
from e2c_portal.accounts.second_factor import SHOWN_FOR
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.mailing.models import Mail
from tests.accounts.applications import SECRET, code_of, with_application
from tests.factories.people import PASSWORD
from tests.harness.entering import enter_by_password_alone
from tests.house.addresses import all_addresses

SET_UP, SECOND_STEP = "/mon-compte/connexion/", "/connexion/seconde-etape/"
APPLICATION, CODES = "/mon-compte/connexion/application/", "/mon-compte/connexion/codes/"

pytestmark = pytest.mark.usefixtures("empty_cache")


def sign_in(client: Client, user: User, wanted: str = "/"):
    return client.post(f"/connexion/?next={wanted}", {"login": user.email, "password": PASSWORD})


@pytest.fixture
def by_password(officer: User) -> Client:
    client = Client()
    enter_by_password_alone(client, officer)
    return client


def test_nothing_opens_to_an_officer_without_a_second_factor(by_password: Client) -> None:
    """Every address is asked for, the admin and the public pages included: only those that set a factor up answer."""
    answers = {address.route: by_password.get(address.example) for address in all_addresses()}
    open_ones = {
        route
        for route, answer in answers.items()
        if (answer.status_code, answer.headers.get("Location")) != (302, SET_UP)
    }
    assert open_ones == {
        "mon-compte/connexion/", "mon-compte/connexion/application/", "mon-compte/connexion/cles/ajouter/", "confirmer/",
        "mot-de-passe/choisir/", "deconnexion/",
    }  # fmt: skip
    assert len(open_ones) == len(OPEN_TO_SET_UP)
    assert by_password.post("/entreprises/nouvelle/", {}).headers["Location"] == SET_UP


@pytest.mark.parametrize("who", ["auditor", "data_officer"])
def test_it_is_asked_of_every_network_role(who: str, request: pytest.FixtureRequest) -> None:
    client = Client()
    enter_by_password_alone(client, request.getfixturevalue(who))
    assert client.get("/gestion/").headers["Location"] == SET_UP


def test_school_staff_may_do_without(coordinator: User) -> None:
    client = Client()
    enter_by_password_alone(client, coordinator)
    assert client.get("/reseau/").status_code == 200


@pytest.mark.django_db(transaction=True)  # allauth says that a factor was added once the transaction is over
def test_an_application_is_set_up_at_the_first_sign_in_and_opens_the_portal(client: Client, officer: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere, officer)
    assert sign_in(client, officer)["Location"] == "/"
    assert client.get("/", follow=True).redirect_chain == [(SET_UP, 302)]
    page = client.get(APPLICATION)  # the password was typed a moment ago: it is not asked for twice
    secret = page.context["form"].secret
    assert "n’est pas le bon" in client.post(APPLICATION, {"code": "000000"}).content.decode()
    key = client.session.session_key
    assert client.post(APPLICATION, {"code": code_of(secret)})["Location"] == CODES
    assert client.session.session_key != key, "a session whose rights grow takes a new key"
    assert len(client.get(CODES).context["unused_codes"]) == 10
    assert client.get("/gestion/").status_code == 200
    told = [entry.summary for entry in trail_of(officer)]
    assert {"Codes de secours créés", "Application d’authentification ajoutée", "Autres sessions fermées"} <= set(told)
    assert Mail.objects.get(kind="accounts.notice").email == officer.email
    assert elsewhere.get(SET_UP).headers["Location"].startswith("/connexion/"), "opened with less than is asked now"


def test_the_secret_is_not_readable_in_the_database(officer: User) -> None:
    with_application(officer)
    kept = Authenticator.objects.get().data["secret"]
    assert SECRET not in kept
    assert Authenticator.objects.get().wrap().validate_code(code_of())


def test_the_second_step_is_asked_for_at_each_sign_in_and_a_code_serves_once(client: Client, officer: User) -> None:
    with_application(officer)
    assert sign_in(client, officer, "/gestion/")["Location"] == SECOND_STEP
    assert client.get("/gestion/").status_code == 302, "the first step alone opens nothing"
    assert "n’est pas le bon" in client.post(SECOND_STEP, {"code": "000000"}).content.decode()
    code = code_of()
    assert client.post(SECOND_STEP, {"code": code})["Location"] == "/gestion/"
    assert client.get("/gestion/").status_code == 200
    again = Client()
    sign_in(again, officer)
    assert "il a déjà servi" in again.post(SECOND_STEP, {"code": code}).content.decode()


def test_a_recovery_code_serves_once(client: Client, officer: User) -> None:
    with_application(officer)
    inside = Client()
    inside.force_login(officer)
    inside.post(f"{CODES}renouveler/")
    code = inside.get(CODES).context["unused_codes"][0]
    sign_in(client, officer)
    assert client.post(SECOND_STEP, {"code": code})["Location"] == "/"
    other = Client()
    sign_in(other, officer)
    assert other.post(SECOND_STEP, {"code": code}).status_code == 422


def test_five_wrong_codes_close_the_second_step_for_a_while(client: Client, officer: User) -> None:
    with_application(officer)
    sign_in(client, officer)
    for number in range(5):
        client.post(SECOND_STEP, {"code": f"00000{number}"})
    assert "attendez cinq minutes" in client.post(SECOND_STEP, {"code": code_of()}).content.decode()


def test_a_password_alone_cannot_add_a_factor_beside_the_one_there(by_password: Client, officer: User) -> None:
    with_application(officer)
    for path in (SET_UP, "/mon-compte/connexion/cles/ajouter/", CODES, "/mon-compte/appareils/"):
        assert by_password.get(path).headers["Location"].startswith("/confirmer/code/")
    by_password.post("/confirmer/code/?next=/gestion/", {"code": code_of()})
    assert by_password.get("/gestion/").status_code == 200


def test_the_mark_of_somebody_else_is_worth_nothing(by_password: Client, auditor: User) -> None:
    session = by_password.session
    session[SHOWN_FOR] = str(auditor.pk)
    session.save()
    assert by_password.get("/gestion/").headers["Location"] == SET_UP


def test_taking_the_last_factor_away_shuts_the_portal_again(officer_client: Client, officer: User) -> None:
    with_application(officer)
    assert officer_client.get(f"{APPLICATION}retirer/").status_code == 200
    officer_client.post(f"{APPLICATION}retirer/")
    assert officer_client.get("/gestion/").headers["Location"] == SET_UP


def test_sensitive_acts_ask_again_after_five_minutes(officer: User, stranger: User) -> None:
    with_application(officer)
    client = Client()
    sign_in(client, officer)
    client.post(SECOND_STEP, {"code": code_of()})
    for path in (
        "/gestion/accounts/user/add/", f"/gestion/accounts/user/{stranger.pk}/change/", f"{APPLICATION}retirer/",
        "/mon-compte/connexion/cles/ajouter/", CODES,
    ):  # fmt: skip
        if path == CODES:
            client.session.save()
        answer = client.get(path)
        assert answer.status_code in (302, 404), path
        assert answer.status_code == 404 or answer.headers["Location"].startswith("/confirmer/"), path
    typed = {"full_name": "Inès Nouvelle", "email": "ines@exemple.invalid", "role": ""}
    suspended = client.post("/gestion/accounts/user/add/", typed)
    assert not User.objects.filter(email="ines@exemple.invalid").exists()
    cache.clear()
    done = client.post(suspended.headers["Location"], {"password": PASSWORD})
    assert done.status_code == 302
    assert User.objects.filter(email="ines@exemple.invalid").exists(), "what was typed is not lost"


class TestReset:
    """Somebody who lost their device is let in again by an officer, who checked who asks."""

    LIST = "/gestion/accounts/user/"

    def test_it_asks_for_a_reason_ends_the_sessions_and_tells(
        self, officer_client: Client, second_officer: User, client_of: Callable[[User], Client]
    ) -> None:
        with_application(second_officer)
        there = client_of(second_officer)
        data = {"action": "reset_second_factors", "_selected_action": [second_officer.pk]}
        page = officer_client.post(self.LIST, data).content.decode()
        assert "rappelez la personne" in page
        assert "Écrivez le motif" in officer_client.post(self.LIST, {**data, "confirmed": "1"}).content.decode()
        officer_client.post(self.LIST, {**data, "confirmed": "1", "reason": "Téléphone perdu, rappelée à son bureau"})
        assert not Authenticator.objects.filter(user=second_officer).exists()
        assert there.get("/gestion/").status_code == 302
        assert "Téléphone perdu" in trail_of(second_officer).first().summary
        assert Mail.objects.filter(kind="accounts.notice", email=second_officer.email).exists()

    def test_nobody_does_it_to_themselves_nor_without_the_right(self, officer: User, auditor: User) -> None:
        with pytest.raises(Refused, match="demandez à un collègue"):
            reset_second_factor(officer, "Perdu", officer)
        with pytest.raises(NotAllowed):
            reset_second_factor(officer, "Perdu", auditor)
