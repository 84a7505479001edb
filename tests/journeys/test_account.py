"""From the invitation to the passkey: an account is opened, protected, used from two devices, and one of them is shut out."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from playwright.sync_api import Page, expect

from e2c_portal.accounts.invitation import living_link
from e2c_portal.accounts.models import Role, User
from e2c_portal.accounts.operations import open_account
from e2c_portal.links import issuing
from tests.accounts.applications import code_of
from tests.accounts.test_devices import PHONE, inside
from tests.factories.people import PASSWORD, regional_officer
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal

pytestmark = pytest.mark.browser
TOUCH_READER = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def arrived(page: Page, heading: str) -> None:
    """Wait for a page by its title, and hold it to the baseline of accessibility."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert_accessible(page)


def with_touch_reader(page: Page) -> None:
    """Give the browser a reader of fingerprints, on which a finger always rests."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCH_READER})


@pytest.mark.usefixtures("empty_cache")
def test_from_the_invitation_to_the_passkey(live: LivePortal, settings) -> None:
    settings.PORTAL_URL = live.url
    person = open_account(
        User(full_name="Inès Nouvelle", email="ines@exemple.invalid", role=Role.AUDITOR), regional_officer()
    )
    page = live.page
    page.set_default_timeout(8000)
    with_touch_reader(page)

    page.goto(issuing.rotate(living_link(person)))
    arrived(page, "Bienvenue sur le portail")
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    press(page, "Enregistrer ce mot de passe")

    arrived(page, "Se connecter")
    page.locator("#id_login").fill(person.email)
    page.locator("#id_password").fill(PASSWORD)
    press(page, "Se connecter")

    arrived(page, "Ma connexion en deux étapes")
    expect(page.get_by_text("Une seconde étape est obligatoire pour votre rôle")).to_be_visible()
    page.get_by_role("link", name="Ajouter une application").click()
    arrived(page, "Ajouter une application")
    secret = page.locator(".code-words").inner_text().strip()
    page.locator("#id_code").fill("000000")
    press(page, "Activer")
    arrived(page, "Ajouter une application")
    page.locator("#id_code").fill(code_of(secret))
    press(page, "Activer")
    arrived(page, "Mes codes de secours")

    live.open("/mon-compte/connexion/cles/ajouter/")
    arrived(page, "Ajouter une clé d’accès")
    page.locator("#id_name").fill("Ordinateur du bureau")
    press(page, "Ajouter cette clé")
    arrived(page, "Ma connexion en deux étapes")
    expect(page.get_by_text("Ordinateur du bureau").first).to_be_visible()

    live.open("/deconnexion/")
    page.get_by_role("main").get_by_role("button", name="Se déconnecter").click()
    arrived(page, "Se connecter")
    press(page, "Se connecter avec une clé d’accès")
    expect(page).to_have_url(f"{live.url}/")

    phone = on_a_phone(person)
    live.open("/mon-compte/appareils/")
    arrived(page, "Mes appareils")
    page.get_by_role("button", name=re.compile("Fermer cette session.*Safari sur iPhone")).click()
    expect(page.get_by_text("Cette session est fermée.")).to_be_visible()
    assert phone.get("/mon-compte/appareils/").status_code == 302


def on_a_phone(person: User) -> Client:
    """Return the browser of a phone where the same person signed in with a recovery code: that of the application has served."""
    client = inside(person, PHONE)
    codes = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    client.post("/connexion/seconde-etape/", {"code": codes[0]})
    assert client.get("/mon-compte/appareils/").status_code == 200
    return client
