"""Promises in a real browser: declared with a photo, confirmed, seen where they count. Every page is checked by axe."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from e2c_portal.accounts.models import User
from partnerships.agreement import YEARLY
from partnerships.operations.conventions import Promise
from tests.factories.deliveries import declared, photo, promised, reported
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def seen(live: LivePortal, name: str) -> None:
    """Check the page, and leave its pictures where PICTURES says, for whoever wants to look."""
    assert_accessible(live.page)
    if folder := os.environ.get("PICTURES"):
        for width in (320, 1280):
            live.picture(Path(folder), name, width)


def test_a_promise_is_followed(live: LivePortal, officer: User, tmp_path: Path) -> None:
    convention = promised(
        Promise("internships", "Stages de découverte", 12, "stages", "par an", YEARLY),
        Promise("apprenticeship_tax", "Versement aux écoles", 1500, "euros"),
        Promise("skill_validation", "Prendre part à la validation des compétences"),
        months_ago=18, actor=officer,
    )  # fmt: skip
    declared(convention, officer, on=convention.starts_on, quantity=10, description="Dix stages au dépôt")
    declared(convention, officer, key=2, quantity=1200, description="Versement de printemps")
    reported(convention, officer, description="Un stage à la caisse")
    promised(Promise("visits", "", 4, "visites"), months_ago=10, actor=officer)
    live.sign_in(officer)
    page = live.page

    live.open(reverse("partnerships:promises"))
    seen(live, "promises")
    page.get_by_role("link", name="Accueil en stage – Stages de découverte", exact=True).click()
    (tmp_path / "photo.jpg").write_bytes(photo().content)
    page.get_by_label("Quantité, en stages").fill("3")
    page.get_by_role("button", name="Déclarer la réalisation").click()
    expect(page.get_by_role("alert")).to_contain_text("Dites en une ligne ce qui a été fait")
    seen(live, "promise-refused")
    page.get_by_label("Ce qui a été fait").fill("Trois stages à l’accueil")
    page.get_by_label("Justificatif").set_input_files(tmp_path / "photo.jpg")
    page.get_by_role("button", name="Déclarer la réalisation").click()
    expect(page.get_by_text("La réalisation est comptée.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Justificatif").click()
    assert download.value.suggested_filename.endswith(".jpg")
    live.open(reverse("partnerships:deliveries_waiting"))
    seen(live, "waiting")
    page.get_by_role("button", name="Confirmer").click()
    expect(page.locator(".figures", has_text="4 sur 12 stages")).to_be_visible()
    seen(live, "promise")
    live.open(convention.get_absolute_url())
    seen(live, "convention")
    live.open(convention.company.get_absolute_url())
    seen(live, "company")
