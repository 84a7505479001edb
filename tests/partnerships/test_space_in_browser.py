"""The space of a company on a phone without JavaScript, then what its officer finds: every page for axe, at 320 and 1280 pixels."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from e2c_portal.accounts.models import User
from partnerships import workflows
from partnerships.models import Company, CompanyRequest, PartnershipConvention
from partnerships.operations.space import grant_access
from tests.factories.spaces import contact_of, link_received
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures are left, to be looked at: the folder of the test, or one that the environment names."""
    folder = Path(os.environ.get("PICTURES", str(tmp_path)))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def phone(live: LivePortal, browser: Browser) -> Iterator[LivePortal]:
    """A second browser, a small phone without JavaScript."""
    context = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 360, "height": 640}, java_script_enabled=False
    )
    yield LivePortal(context.new_page(), live.url)
    context.close()


def look(portal: LivePortal, shots: Path, name: str, reader: LivePortal | None = None) -> None:
    """Take the pictures of a page when they are asked for, and have axe read it. Axe is a script: `reader` shows it the same visit where scripts run."""
    for width in (320, 1280) if "PICTURES" in os.environ else ():
        portal.picture(shots, name, width)
    portal.page.set_viewport_size({"width": 360, "height": 640})
    if reader:
        reader.page.context.add_cookies(portal.page.context.cookies())  # type: ignore[arg-type]
        reader.page.goto(portal.page.url)
    assert_accessible((reader or portal).page)


def test_a_contact_follows_asks_reports_and_hands_over(
    live: LivePortal, phone: LivePortal, company: Company, convention_in: Callable[..., PartnershipConvention],
    officer: User, shots: Path, settings: Any,
) -> None:  # fmt: skip
    settings.PORTAL_URL = live.url
    convention = convention_in(workflows.SIGNED, company, archive=True, renewal="express", notice_months=3)
    contact = contact_of(company, officer, phone="06 11 22 33 44")
    contact_of(company, officer, "Max Collègue", job_title="Tuteur")
    grant_access(contact.pk, officer)
    page = phone.page
    phone.open(link_received(contact.email))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nos conventions")
    expect(page.locator(".promises")).to_contain_text("0 sur 12")
    look(phone, shots, "1-accueil", live)
    page.get_by_role("link", name="Contacts", exact=True).click()
    expect(page.get_by_role("heading", name="Max Collègue")).to_be_visible()
    look(phone, shots, "2-contacts", live)
    page.get_by_role("link", name="Demander la correction").click()
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_role("alert")).to_contain_text("Écrivez votre demande")
    look(phone, shots, "3-demande-refusee", live)
    page.get_by_label("Ce que vous demandez").fill("Mon adresse devient ana@exemple.fr.")
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_role("status")).to_contain_text("est bien reçue")
    page.get_by_role("link", name="Messages", exact=True).click()
    look(phone, shots, "5-messages", live)
    page.get_by_role("link", name="Nos conventions").click()
    page.get_by_role("link", name="Déclarer une réalisation").click()
    look(phone, shots, "6-promesses", live)
    page.get_by_role("link", name=re.compile("Stages de découverte")).click()
    look(phone, shots, "7-realisation", live)
    page.get_by_label("Quantité").fill("2")
    page.get_by_label("Ce qui a été fait").fill("Deux stages de découverte")
    page.get_by_role("button", name="Envoyer à la Région").click()
    expect(page.get_by_role("status")).to_contain_text("Votre déclaration est bien reçue")
    page.get_by_role("link", name="Nos conventions").click()
    page.get_by_role("link", name="Désigner un remplaçant").click()
    look(phone, shots, "9-remplacant", live)
    page.get_by_label("Son nom et son prénom").fill("Léa Nouvelle")
    page.get_by_label("Son adresse électronique").fill("lea@exemple.fr")
    page.get_by_role("button", name="Désigner cette personne").click()
    expect(page.get_by_role("status")).to_contain_text("dès aujourd’hui")
    _the_officer_follows(live, company, officer, shots, convention)


def _the_officer_follows(
    live: LivePortal, company: Company, officer: User, shots: Path, convention: PartnershipConvention
) -> None:
    page = live.page
    live.sign_in(officer)
    live.open("/")
    page.get_by_role("link", name=re.compile("demande d’entreprise attend")).click()
    look(live, shots, "11-demandes")
    page.get_by_role("link", name=CompanyRequest.objects.get().reference).click()
    look(live, shots, "12-demande")
    page.get_by_label("Votre réponse").fill("C’est corrigé.")
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_text("La Région a répondu.")).to_be_visible()
    live.open(company.get_absolute_url())
    page.get_by_role("link", name=re.compile("Espace entreprise.*Léa Nouvelle")).click()
    page.get_by_text("Retirer cet accès", exact=True).click()
    look(live, shots, "14-acces")
    assert convention.number
