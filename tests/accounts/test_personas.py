"""The personas exist on the demonstration alone, and are taken by a POST alone."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.test import Client
from django.urls import NoReverseMatch, reverse

from e2c_portal.accounts.models import Role, User
from e2c_portal.demo.personas import DEMO_PASSWORD, PERSONAS
from tests.accounts.applications import code_of, with_application
from tests.factories.people import PASSWORD, person

ADDRESS = "/demonstration/connexion/"


@pytest.fixture
def demonstration(settings) -> None:
    settings.DEMO = True
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "e2c_portal.demo"]
    settings.ROOT_URLCONF = "tests.accounts.demo_urls"


@pytest.fixture
def claire(db: None) -> User:
    return person("Claire Fabre", role=Role.REGIONAL_OFFICER, email="claire.fabre@exemple.invalid")


def test_outside_the_demonstration_there_is_no_such_address(client: Client, claire: User) -> None:
    assert client.post(ADDRESS, {"persona": "claire-fabre"}).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("demo:sign_in")
    assert "Claire Fabre" not in client.get("/connexion/").content.decode()


@pytest.mark.usefixtures("demonstration")
def test_sign_in_page_offers_every_persona(client: Client, db: None) -> None:
    page = client.get("/connexion/").content.decode()
    for persona in PERSONAS:
        assert persona.full_name in page


@pytest.mark.usefixtures("demonstration")
def test_a_button_opens_the_session_of_a_persona_of_a_school(db: None) -> None:
    sofia = person("Sofia Roux", email="sofia.roux@exemple.invalid")
    client = Client()
    assert client.get(ADDRESS).status_code == 405
    answer = client.post(ADDRESS, {"persona": "sofia-roux", "next": "/conventions/"})
    assert answer["Location"] == "/conventions/"
    assert client.get("/").context["user"] == sofia


@pytest.mark.usefixtures("demonstration", "empty_cache")
def test_a_persona_of_the_region_passes_the_second_step_with_the_code_the_page_shows(claire: User) -> None:
    with_application(claire)
    client = Client()
    answer = client.post(ADDRESS, {"persona": "claire-fabre", "next": "/conventions/"}, follow=True)
    assert answer.redirect_chain == [("/connexion/seconde-etape/", 302)]
    code = code_of()
    assert code in answer.content.decode()
    assert client.post("/connexion/seconde-etape/", {"code": code})["Location"] == "/conventions/"
    assert client.get("/").context["user"] == claire


@pytest.mark.usefixtures("empty_cache")
def test_outside_the_demonstration_no_page_shows_a_code(claire: User, client: Client) -> None:
    with_application(claire)
    client.post("/connexion/", {"login": claire.email, "password": PASSWORD})
    page = client.get("/connexion/seconde-etape/")
    assert page.status_code == 200
    assert code_of() not in page.content.decode()


@pytest.mark.usefixtures("demonstration")
def test_a_button_is_protected_and_leads_nowhere_else(claire: User) -> None:
    assert Client(enforce_csrf_checks=True).post(ADDRESS, {"persona": "claire-fabre"}).status_code == 403
    assert Client().post(ADDRESS, {"persona": "claire-fabre", "next": "//pirate.invalid"})["Location"] == "/"
    assert Client().post(ADDRESS, {"persona": "inconnue"}).status_code == 404


@pytest.mark.usefixtures("demonstration")
def test_production_refuses_even_when_the_application_is_there(settings, claire: User) -> None:
    settings.PORTAL_PRODUCTION = True
    assert Client().post(ADDRESS, {"persona": "claire-fabre"}).status_code == 404


def test_personas_are_well_formed() -> None:
    assert len({persona.email for persona in PERSONAS}) == len({persona.key for persona in PERSONAS}) == len(PERSONAS)
    for persona in PERSONAS:
        assert persona.email.endswith("@exemple.invalid")
        assert bool(persona.role) != bool(persona.school)
        validate_password(DEMO_PASSWORD, User(email=persona.email, full_name=persona.full_name))
