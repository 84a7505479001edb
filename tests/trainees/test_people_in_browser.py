"""A trainee from the first form to the pathway confirmed, in a real browser: the keyboard, the doubles, the next step."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.trainees import MINOR, limits, site_of, trainee_in
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from trainees.life import pathways as life
from trainees.models import Pathway

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def seen(live: LivePortal, name: str) -> None:
    """Check the page, and leave its pictures where PICTURES says, for whoever wants to look."""
    assert_accessible(live.page)
    if folder := os.environ.get("PICTURES"):
        for width in (320, 1280):
            live.picture(Path(folder), name, width)


def typed(page: Page, label: str, text: str) -> None:
    """Fill a field of the record and wait until the people alike were looked for."""
    with page.expect_response(lambda answer: "/ressemblances/" in answer.url):
        page.get_by_label(label).first.fill(text)


def test_from_the_first_form_to_the_pathway_confirmed(live: LivePortal, school: School, coordinator: User) -> None:
    limits()
    site_of(school)
    trainee_in(school, coordinator, last_name="Lefèvre", first_name="Nina", birth_date=MINOR)
    trainee_in(school, coordinator, last_name="Pons", first_name="Léo")
    live.sign_in(coordinator)
    page = live.page

    live.open("/stagiaires/liste/")
    page.get_by_label("Rechercher par nom et prénom").fill("lefev")
    expect(page.get_by_role("status")).to_contain_text("1\N{NO-BREAK SPACE}stagiaire")
    expect(page.get_by_text("PONS Léo")).to_have_count(0)
    seen(live, "trainees")

    page.get_by_role("link", name="Nouveau stagiaire").click()
    typed(page, "Date de naissance", "2009-07-14")
    typed(page, "Prénom", "Nina")
    typed(page, "Nom", "Lefevre")
    expect(page.locator("#ressemblances")).to_contain_text("1\N{NO-BREAK SPACE}fiche ressemble")
    typed(page, "Nom", "Garcia")
    typed(page, "Prénom", "Inès")
    expect(page.locator("#ressemblances")).not_to_contain_text("ressemble")
    page.get_by_role("button", name="Créer la fiche").click()
    expect(page.get_by_text("n’a pas de représentant légal")).to_be_visible()
    seen(live, "trainee-new")

    page.get_by_role("link", name="Ouvrir un parcours").click()
    page.get_by_label("Formateur référent").select_option(label=coordinator.full_name)
    page.get_by_role("button", name="Ouvrir le parcours").click()
    page.get_by_role("link", name="Enregistrer l’arrivée").click()
    page.get_by_role("button", name="Enregistrer l’arrivée").click()
    expect(page.get_by_text("Enregistrez d’abord le contrat de formation")).to_be_visible()
    page.get_by_role("link", name="Enregistrer le contrat de formation").click()
    page.get_by_label("Objectifs du parcours").fill("Découvrir les métiers de la vente")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Confirmer le parcours").click()
    seen(live, "move")
    page.get_by_role("button", name="Confirmer le parcours").click()
    expect(page.locator(".lead, .pathway").get_by_text("En parcours").first).to_be_visible()
    seen(live, "trainee")
    assert Pathway.objects.get().status == life.RUNNING
