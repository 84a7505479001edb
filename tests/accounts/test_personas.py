"""The personas exist on the demonstration alone, and are taken by a POST alone."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.test import Client
from django.urls import NoReverseMatch, reverse

from e2c_portal.accounts.models import Role, User
from e2c_portal.demo.personas import DEMO_PASSWORD, PERSONAS
from tests.factories.people import person

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
def test_a_button_opens_the_session_of_the_persona(claire: User) -> None:
    client = Client()
    assert client.get(ADDRESS).status_code == 405
    answer = client.post(ADDRESS, {"persona": "claire-fabre", "next": "/conventions/"})
    assert answer["Location"] == "/conventions/"
    assert client.get("/").context["user"] == claire


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
