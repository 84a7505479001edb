"""Companies in a real browser: the list that follows the keyboard, doubles told while typing, a merge, a file."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from e2c_portal.accounts.models import User
from partnerships.models import CompanyContact, CompanyExchange
from partnerships.operations.companies import note_exchange, save_record
from tests.factories.partnerships import company_named, convention_at
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def seen(live: LivePortal, name: str) -> None:
    """Check the page, and leave its pictures where PICTURES says, for whoever wants to look."""
    assert_accessible(live.page)
    if folder := os.environ.get("PICTURES"):
        for width in (320, 1280):
            live.picture(Path(folder), name, width)


def test_the_life_of_a_company_record(live: LivePortal, officer: User) -> None:
    kept = company_named("La Fabrique d’Oc (exemple)", officer)
    double = company_named("Fabrique d’Oc SARL", officer, siren="")
    company_named("Boulangerie du Peyrou", officer)
    convention = convention_at("signed", officer, double, archive=True)
    contact = save_record(
        CompanyContact(company=double, full_name="Ana Exemple", job_title="Directrice", email="ana@exemple.invalid"),
        officer,
    )
    note_exchange(CompanyExchange(company=double, contact=contact, held_on=timezone.localdate(), kind="visit"), officer)
    live.sign_in(officer)
    page = live.page

    live.open(reverse("companies:companies"))
    seen(live, "list")
    page.get_by_label("Rechercher par nom, SIREN ou SIRET").press_sequentially("fabriq")
    expect(page.get_by_role("status")).to_contain_text("2 entreprises")
    expect(page.get_by_text("Boulangerie du Peyrou")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="LibreOffice (ODS)").click()
    assert download.value.suggested_filename.endswith(".ods")

    live.open(reverse("companies:company_new"))
    page.get_by_label("nom", exact=False).first.press_sequentially("Fabrique d'Oc")
    expect(page.locator("#ressemblances")).to_contain_text("2 fiches ressemblent")
    page.get_by_role("button", name="Créer la fiche").click()
    expect(page.get_by_label("Ce n’est aucune de ces entreprises")).to_be_visible()
    seen(live, "double")

    live.open(double.get_absolute_url())
    seen(live, "company")
    page.get_by_role("link", name="Signaler un doublon").click()
    seen(live, "merge-choose")
    page.get_by_role("link", name=kept.legal_name).click()
    seen(live, "merge-confirm")
    page.get_by_role("button", name="Réunir les deux fiches").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(kept.legal_name)
    expect(page.get_by_text("(au nom de Fabrique d’Oc SARL)")).to_be_visible()
    expect(page.get_by_role("link", name=convention.number).first).to_be_visible()
    seen(live, "merged")

    page.get_by_role("link", name="Noter son départ").click()
    seen(live, "departure")
    page.get_by_role("button", name="Noter le départ").click()
    expect(page.get_by_text("1 contact parti")).to_be_visible()
    page.get_by_role("link", name="Noter un échange").click()
    seen(live, "exchange")


def test_the_lists_show_their_exports_without_a_fault(live: LivePortal, officer: User) -> None:
    convention_at("signed", officer, archive=True)
    live.sign_in(officer)
    for name in ("partnerships:conventions", "schools:schools", "admin:partnerships_company_changelist"):
        live.open(reverse(name))
        seen(live, name.replace(":", "-"))
