"""Somebody asks for their data, then for their erasure: from the second factor to the register, with what the law keeps."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings as portal_settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from playwright.sync_api import expect

from e2c_portal.accounts.models import User
from schools.models import School
from tests.accounts.applications import code_of, with_application
from tests.factories.internships import planned, said_signed
from tests.factories.people import PASSWORD
from tests.factories.trainees import trainee_in
from tests.harness.browser import LivePortal
from tests.journeys.test_account import arrived, press
from tests.privacy.test_rules import over
from trainees.models import Internship, Trainee

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CONFIRM = "Confirmez que c’est vous"


@pytest.fixture
def lea(school: School, coordinator: User) -> Trainee:
    """Somebody who left, whose agreement was signed less than five years ago."""
    trainee = trainee_in(school, coordinator, last_name="Pons", first_name="Léa", email="lea@exemple.invalid")
    with transaction.atomic():
        internship = said_signed(planned(trainee, coordinator, accepted=True))
    with transaction.atomic():
        over(internship.pathway)
    return trainee


def page_is(live: LivePortal, heading: str) -> None:
    """Hold a page to the baseline, and leave its pictures where PICTURES says."""
    arrived(live.page, heading)
    if folder := os.environ.get("PICTURES"):
        name = "".join(letter if letter.isalnum() else "-" for letter in heading)
        for width in (320, 1280):
            live.picture(Path(folder), f"dpo-{name}", width)


def confirm(live: LivePortal) -> None:
    """Prove again who is there, by the password."""
    page_is(live, CONFIRM)
    live.page.locator("#id_password").fill(PASSWORD)
    live.page.get_by_role("main").get_by_role("button").first.click()


def six_minutes_pass(live: LivePortal) -> None:
    """Age what this session proved: nobody waits in a test."""
    cookies: Any = live.page.context.cookies()
    key = next(one["value"] for one in cookies if one["name"] == portal_settings.SESSION_COOKIE_NAME)
    session = SessionStore(key)
    for proof in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        proof["at"] -= 6 * 60
    session.save()


@pytest.mark.usefixtures("empty_cache")
def test_an_access_file_then_an_erasure(
    lea: Trainee, data_officer: User, live: LivePortal, run_worker: Callable[[], Any], tmp_path: Path
) -> None:
    page = live.page
    page.set_default_timeout(20_000)
    run_worker()
    sign_in(live, data_officer)

    live.open("/donnees-personnelles/")
    page.get_by_label("Nom").fill("pons léa")
    page.keyboard.press("Enter")
    page_is(live, "Données personnelles")
    page.get_by_role("link", name="Léa").click()
    confirm(live)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Léa Pons")
    whose = page.get_by_role("heading", level=1).inner_text()
    page_is(live, whose)

    press(page, "Produire le dossier d’accès")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Télécharger").click()
    page_is(live, page.get_by_role("heading", level=1).inner_text())
    opened(Path(taken.value.path()))

    live.open(f"/donnees-personnelles/personnes/stagiaires/{lea.pk}/")
    page.get_by_role("link", name="Geler cette fiche").click()
    page.get_by_label("Motif").fill("Litige en cours")
    page_is(live, page.get_by_role("heading", level=1).inner_text())
    page.get_by_role("main").get_by_role("button", name="Geler").click()
    expect(page.get_by_text("Gel posé")).to_be_visible()
    live.open(f"/donnees-personnelles/personnes/stagiaires/{lea.pk}/")
    expect(page.get_by_text("Fiche gelée")).to_be_visible()
    expect(page.get_by_role("link", name="Effacer à sa demande")).to_have_count(0)
    page.get_by_role("link", name="Lever le gel").click()
    page.get_by_label("Motif").fill("Litige clos")
    page.get_by_role("main").get_by_role("button", name="Lever le gel").click()
    expect(page.get_by_text("Gel levé")).to_be_visible()

    six_minutes_pass(live)
    live.open(f"/donnees-personnelles/personnes/stagiaires/{lea.pk}/effacement/")
    confirm(live)
    page_is(live, "Effacer à la demande de la personne")
    expect(page.get_by_text("Une partie reste, comme la loi l’impose")).to_be_visible()
    page.get_by_label("Motif").fill("Demande écrite reçue")
    page.get_by_role("checkbox").check()
    page.get_by_role("main").get_by_role("button", name="Effacer").click()
    expect(page.get_by_text("Effacement fait")).to_be_visible()

    live.open("/donnees-personnelles/effacements/")
    page_is(live, "Effacements")
    expect(page.get_by_text("Demande écrite reçue")).to_be_visible()
    expect(page.get_by_text("ce qui reste est vidé de ses coordonnées").first).to_be_visible()
    expect(page.get_by_text("Pons")).to_have_count(0)
    lea.refresh_from_db()
    assert (lea.email, lea.phone, lea.address) == ("", "", "")
    assert Internship.objects.filter(trainee=lea).exists(), "the signed agreement stays for five years"


def sign_in(live: LivePortal, person: User) -> None:
    """Enter by the password, then by the second factor that the role asks for."""
    with_application(person)
    live.open("/connexion/")
    live.page.locator("#id_login").fill(person.email)
    live.page.locator("#id_password").fill(PASSWORD)
    press(live.page, "Se connecter")
    expect(live.page).to_have_url(f"{live.url}/connexion/seconde-etape/")
    live.page.locator("#id_code").fill(code_of())
    live.page.get_by_role("main").get_by_role("button").first.click()
    expect(live.page).to_have_url(f"{live.url}/")


def opened(archive: Path) -> None:
    """Read the file as the person would: a page in words, the same facts for a machine."""
    with ZipFile(archive) as found:
        words, facts = found.read("lisez-moi.html").decode(), json.loads(found.read("donnees.json"))
    assert "Pons" in words
    assert {"trainees.Trainee", "trainees.Internship"} <= {part["modele"] for part in facts["donnees"]}
