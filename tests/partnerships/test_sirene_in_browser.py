"""A Sirene extract in a real browser: deposit, the reading followed by itself, the plan, its application."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2c_portal.accounts.models import User
from partnerships.models import SireneImport
from partnerships.operations.companies import save_record
from partnerships.operations.sirene_applying import apply_extract
from partnerships.operations.sirene_reading import read_extract
from tests.factories.identifiers import new_siren, siret_of
from tests.factories.partnerships import company_named
from tests.factories.sirene import company_cells, extract, place_cells
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def seen(live: LivePortal, name: str) -> None:
    """Check the page, and leave its pictures where PICTURES says, for whoever wants to look."""
    assert_accessible(live.page)
    if folder := os.environ.get("PICTURES"):
        for width in (320, 1280):
            live.picture(Path(folder), name, width)


def test_an_extract_from_deposit_to_application(
    live: LivePortal, empty_queue: None, officer: User, tmp_path: Path
) -> None:
    company = company_named("La Fabrique d’Oc (exemple)", officer)
    trader = company_named("Marie Dupré", officer)
    trader.legal_category = "1000"
    save_record(trader, officer)
    sirets = [row.establishments.get().siret for row in (company, trader)]
    hidden = {"statutDiffusionEtablissement": "P", "statutDiffusionUniteLegale": "P"}
    rows = [
        company_cells(company.siren) | place_cells(sirets[0]),
        company_cells(trader.siren, categorieJuridiqueUniteLegale="1000") | place_cells(sirets[1]) | hidden,
        place_cells(siret_of(new_siren())),
        {"siren": "123456789", "siret": "12345678900011"},
    ]
    path = tmp_path / "StockEtablissement_34.csv"
    path.write_bytes(extract(rows))
    live.sign_in(officer)
    page = live.page

    live.open("/entreprises/")
    page.get_by_role("link", name="Importer un extrait Sirene").click()
    page.get_by_label("Extrait Sirene").set_input_files(path)
    seen(live, "sirene-deposit")
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.get_by_text("Cette page se met à jour")).to_be_visible()
    seen(live, "sirene-reading")
    asked = SireneImport.objects.get()
    assert read_extract(asked.pk)
    expect(page.get_by_role("heading", name="Ce qui changerait")).to_be_visible()
    expect(page.locator("#sirene-annonce")).to_contain_text("À vérifier")
    seen(live, "sirene-plan")
    page.get_by_role("link", name="Lignes refusées").click()
    expect(page.get_by_text("SIREN non valable")).to_be_visible()
    seen(live, "sirene-refused")
    page.get_by_role("button", name="Appliquer 2 lignes").click()
    expect(page.locator("progress")).to_have_attribute("max", "2")
    assert apply_extract(asked.pk)
    expect(page.get_by_role("heading", name="Ce qui a été fait")).to_be_visible()
    seen(live, "sirene-applied")
    live.open(trader.get_absolute_url())
    expect(page.get_by_text("ne vous en servez pas pour prospecter")).to_be_visible()
    seen(live, "sirene-partial")
    live.open("/entreprises/sirene/")
    seen(live, "sirene-list")
