"""A ceremony on a tablet: three conventions, the president signs all three, all is sealed while people look."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document
from partnerships import workflows
from partnerships.models import PartnershipConvention, SigningEvent
from tests.factories.ceremonies import PRESIDENT, voted
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from tests.signing.work import work as work_here

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TABLET = {"width": 800, "height": 1280}
HANDED = "Tendre l’écran pour signer"


def work() -> None:
    """Do what workers do, in a thread: the browser keeps an event loop in this one, which sealing cannot share."""

    def run() -> None:
        try:
            work_here()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


def look(portal: LivePortal, folder: Path, name: str) -> None:
    """Have axe read the page, and leave its pictures where the environment asks for them."""
    assert_accessible(portal.page)
    if os.environ.get("PICTURES"):
        for width in (320, 800, 1280):
            portal.picture(folder, name, width)
    portal.page.set_viewport_size(TABLET)


def sign_shown(page: Page) -> None:
    """Accept and sign the convention that the screen shows."""
    page.get_by_label(re.compile("j’accepte ce texte")).check()
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.get_by_text("Votre signature est enregistrée")).to_be_visible()


def test_a_ceremony(live: LivePortal, officer: User, tmp_path: Path) -> None:
    folder = Path(os.environ.get("PICTURES", str(tmp_path)))
    trio = [voted(officer) for _ in range(3)]
    page = live.page
    page.set_viewport_size(TABLET)
    live.sign_in(officer)
    live.open("/ceremonies/")
    page.get_by_role("link", name="Préparer une cérémonie").click()
    page.get_by_label("nom").fill("Assises de l’essai")
    page.get_by_label("date").fill(timezone.localdate().isoformat())
    page.get_by_label("ville").fill("Montpellier")
    page.get_by_role("button", name="Préparer cette cérémonie").click()
    page.get_by_role("link", name="Choisir les conventions").click()
    for convention in trio:
        page.get_by_label(re.compile(convention.number)).check()
    look(live, folder, "1-choisir")
    page.get_by_role("button", name="Ajouter au programme").click()
    page.get_by_role("button", name=re.compile(f"Monter {trio[2].number}")).click()
    look(live, folder, "2-programme")
    page.get_by_role("link", name="Revenir à la cérémonie").click()
    page.get_by_role("button", name="Mettre le programme à la signature").click()
    page.get_by_role("button", name="Fabriquer le parapheur").click()
    look(live, folder, "3-preparation")
    work()
    page.reload()
    expect(page.get_by_role("link", name=re.compile("Télécharger le document scellé"))).to_be_visible()
    look(live, folder, "4-prete")
    page.get_by_role("link", name="Mode cérémonie").click()
    look(live, folder, "5-scene")
    page.get_by_role("link", name=f"Faire signer {PRESIDENT}").click()
    look(live, folder, "6-presidente")
    page.get_by_label("est devant moi").check()
    page.get_by_role("button", name=HANDED).click()
    look(live, folder, "7-signer")
    for _ in range(2):
        sign_shown(page)
        page.get_by_role("link", name="Continuer avec la convention suivante").click()
        page.get_by_role("button", name="Lire et signer cette convention").click()
    sign_shown(page)
    look(live, folder, "8-signee")
    page.get_by_role("link", name="C’est fini : rendre l’écran").click()
    for _ in trio:
        page.get_by_role("link", name=re.compile("^Faire signer Direction")).first.click()
        page.get_by_label("est devant moi").check()
        page.get_by_role("button", name=HANDED).click()
        sign_shown(page)
        page.get_by_role("link", name="C’est fini : rendre l’écran").click()
    look(live, folder, "9-tous-ont-signe")
    work()
    # The panel changes by itself.
    expect(page.get_by_text("Tout est signé et scellé.")).to_be_visible(timeout=10_000)
    page.get_by_role("link", name="Quitter").click()
    expect(page.get_by_role("link", name=re.compile("Dossier de preuve"))).to_have_count(3)
    look(live, folder, "10-close")
    assert set(PartnershipConvention.objects.values_list("status", flat=True)) == {workflows.SIGNED}
    event = SigningEvent.objects.get()
    assert event.conventions.count() == 3
    assert Document.objects.get(kind="signing_binder").is_sealed
