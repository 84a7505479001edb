"""The main job, as people do it: a regional officer makes the La Poste document, a stranger verifies it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.archives import load_archives
from partnerships.models import PartnershipConvention
from tests.accounts.applications import code_of, with_application
from tests.factories.network import network_of
from tests.factories.people import PASSWORD
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from tests.harness.worker import Worker, database_url

pytestmark = pytest.mark.browser


@pytest.fixture
def la_poste(officer: User) -> PartnershipConvention:
    network_of(officer)
    load_archives(officer)
    return PartnershipConvention.objects.get(company__siren="356000000")


def test_an_officer_seals_la_poste_and_a_stranger_verifies_it(
    live: LivePortal, officer: User, la_poste: PartnershipConvention, run_worker: Callable[[], Worker], tmp_path: Path
) -> None:
    run_worker()
    with_application(officer)
    page = live.page
    _sign_in(live, officer)
    _find_the_convention(page, la_poste)
    file = _seal_and_download(page, tmp_path)
    _sign_out(page)
    code = _code_printed_in(file)
    _verify_by_code(live, code)
    _verify_by_file(live, file)
    _altered(live, file, tmp_path)
    _command_agrees(file)


def _sign_in(live: LivePortal, user: User) -> None:
    page = live.page
    live.open("/gestion/")
    expect(page.get_by_role("heading", name="Se connecter", level=1)).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_role("textbox", name=re.compile("^Mot de passe")).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_label("Code de votre application").fill(code_of())
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(re.compile("/gestion/$"))
    assert_accessible(page)


def _find_the_convention(page: Page, convention: PartnershipConvention) -> None:
    page.goto(page.url + "partnerships/partnershipconvention/?q=la+poste")
    assert_accessible(page)
    page.get_by_role("link", name=convention.number).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("La Poste")
    assert_accessible(page)


def _seal_and_download(page: Page, folder: Path) -> Path:
    page.get_by_role("button", name="Fabriquer le document scellé").click()
    download = page.get_by_role("link", name=re.compile("Télécharger le document scellé"))
    expect(download).to_be_visible(timeout=20_000)
    assert_accessible(page)
    with page.expect_download() as waiting:
        download.click()
    file = folder / "convention.pdf"
    waiting.value.save_as(file)
    return file


def _sign_out(page: Page) -> None:
    page.context.clear_cookies()


def _code_printed_in(file: Path) -> str:
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", text)
    assert found, text
    return found.group()


def _verify_by_code(live: LivePortal, code: str) -> None:
    page = live.page
    live.open("/verifier/")
    assert_accessible(page)
    page.get_by_label("Code du document").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Vérifier ce code").click()
    expect(page.get_by_role("heading", name="Document connu du registre")).to_be_visible()
    expect(page.locator("main")).to_contain_text("La Poste")
    expect(page.locator("main")).not_to_contain_text("Alary")
    assert_accessible(page)


def _verify_by_file(live: LivePortal, file: Path) -> None:
    page = live.page
    live.open("/verifier/")
    page.get_by_label(re.compile("Fichier à vérifier")).set_input_files(file)
    page.get_by_role("button", name="Vérifier ce fichier").click()
    expect(page.get_by_role("heading", name=re.compile("authentique", re.I)).first).to_be_visible()


def _altered(live: LivePortal, file: Path, folder: Path) -> None:
    page = live.page
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    changed = folder / "modifie.pdf"
    changed.write_bytes(content)
    live.open("/verifier/")
    page.get_by_label(re.compile("Fichier à vérifier")).set_input_files(changed)
    page.get_by_role("button", name="Vérifier ce fichier").click()
    expect(page.locator("main")).to_contain_text(re.compile("modifié|altéré"))
    assert_accessible(page)
    assert _verdict(changed) == (1, "altered")


def _command_agrees(file: Path) -> None:
    assert _verdict(file) == (0, "authentic")


def _verdict(file: Path) -> tuple[int, str]:
    command = [sys.executable, "manage.py", "verify_document", str(file)]
    environment = {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "e2c_portal.settings.test"}
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    return done.returncode, json.loads(done.stdout)["outcome"]
