"""A whole life, as people live it: written from a template, voted, signed in three ways, amended, denounced, verified each time."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from e2c_portal.accounts.models import User
from partnerships.models import ConventionAmendment, ConventionTemplate, PartnershipConvention, TemplateArticle
from partnerships.operations.templates import TemplateLines, save_template
from tests.conformance.verapdf import poppler_signatures, validate
from tests.factories.documents import apart
from tests.factories.network import network_of
from tests.factories.partnerships import company_named
from tests.factories.people import regional_officer
from tests.factories.signing import envelope_of, scan, signed_on_paper
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from tests.signing.work import Mailbox, work

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COMPANY, BOSS = "Fabrique d’Oc (exemple)", "paul@fabrique.exemple.fr"
PEOPLE = (
    ("Pour la Région", "Anne Exemple", "présidente de la Région", ""),
    ("Pour la Région", "Inès Exemple", "conseillère déléguée", ""),
    ("Pour l’entreprise", "Paul Modèle", "directeur", BOSS),
)


@pytest.fixture
def template(officer: User) -> ConventionTemplate:
    network_of(officer)
    company_named(COMPANY, officer)
    article = TemplateArticle(number=1, title="Objet", body="{region} et {entreprise} s’engagent pendant {duree}.")
    facts = {"name": "Convention type", "year": 2026, "title": "Convention avec {entreprise}", "notice_months": 3}
    return save_template(ConventionTemplate(**facts), TemplateLines([article]), officer)


@pytest.fixture
def mailbox(mailoutbox: list[Any], settings: Any, tmp_path: Path) -> Mailbox:
    settings.PORTAL_URL = "http://testserver"
    return Mailbox(mailoutbox, tmp_path)


def test_from_the_template_to_the_end(
    live: LivePortal, browser: Browser, officer: User, template: ConventionTemplate, mailbox: Mailbox, tmp_path: Path
) -> None:
    live.page.set_default_timeout(10_000)
    live.sign_in(officer)
    convention = _written_from_the_template(live, template)
    _voted_then_put_to_signature(live, convention)
    apart(work)
    _signs_by_link(browser, live, mailbox)
    _signs_on_site(live, convention)
    _signs_on_paper(live, browser, convention)
    apart(work)
    code = _signed_and_sealed(live, convention, tmp_path)
    _verified(live, code, "En vigueur")
    _amended(live, convention, officer)
    _verified(live, code, "modifiée par l’avenant n° 1")
    ended_on = _denounced(live, convention)
    _verified(live, code, "elle s’arrêtera")
    with time_machine.travel(ended_on + timedelta(days=2)):
        answer = Client().get(f"/verifier/{code}/").content.decode()
    assert "a pris fin avant son terme" in answer


def _written_from_the_template(live: LivePortal, template: ConventionTemplate) -> PartnershipConvention:
    page = live.page
    live.open("/gestion/partnerships/conventiontemplate/")
    page.get_by_role("link", name="Créer à partir de ce modèle").click()
    page.get_by_role("searchbox").fill("fabrique oc")
    page.get_by_role("link", name=COMPANY).click()
    page.get_by_label(re.compile(r"^\s*Prend effet le")).fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Voir le texte").click()
    expect(page.get_by_text("s’engagent pendant trois ans.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Créer la convention").click()
    page.get_by_role("button", name="Ajouter un engagement").click()
    promise = page.get_by_role("group", name="Engagement 1")
    promise.get_by_label("Cible").fill("12")
    promise.get_by_label("Unité").fill("stages")
    promise.get_by_label(re.compile(r"^\s*Engagement")).select_option(label="Accueil en stage")
    for number, (side, name, quality, address) in enumerate(PEOPLE, start=1):
        page.get_by_role("button", name="Ajouter un signataire").click()
        line = page.get_by_role("group", name=f"Signataire {number}")
        line.get_by_label(re.compile(r"^\s*Partie")).select_option(label=side)
        line.get_by_label("Nom complet").fill(name)
        line.get_by_label(re.compile(r"^\s*Qualité")).fill(quality)
        line.get_by_label("Adresse électronique").fill(address)
    page.get_by_role("button", name="Enregistrer le texte").click()
    expect(page.get_by_text("Le texte est enregistré.")).to_be_visible()
    return PartnershipConvention.objects.get()


def _voted_then_put_to_signature(live: LivePortal, convention: PartnershipConvention) -> None:
    page = live.page
    page.get_by_role("button", name="Valider le projet").click()
    page.get_by_role("link", name="Enregistrer la délibération…").click()
    page.get_by_label(re.compile(r"^\s*Numéro de la délibération")).fill("CR-26/11.001")
    page.get_by_label(re.compile(r"^\s*Date de la délibération")).fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Enregistrer la délibération").click()
    page.get_by_role("link", name="Mettre à la signature…").click()
    expect(page.get_by_role("heading", name="Mettre à la signature", level=1)).to_be_visible()
    assert_accessible(page)
    ways = {"Anne Exemple": "on_site", "Inès Exemple": "paper", "Paul Modèle": "electronic"}
    for name, way in ways.items():
        page.get_by_role("group", name=re.compile(name)).get_by_label(re.compile(r"^\s*Comment")).select_option(way)
    page.get_by_role("button", name="Mettre à la signature").click()
    expect(page.get_by_text("chaque signataire est invité dès qu’il est prêt")).to_be_visible()
    convention.refresh_from_db()
    assert convention.status == "to_sign"


def _signs_by_link(browser: Browser, live: LivePortal, mailbox: Mailbox) -> None:
    """On a phone, without an account and without JavaScript."""
    context = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(live.url + mailbox.link(BOSS))
    expect(page.get_by_text("Accueil en stage : 12 stages")).to_be_visible()
    page.get_by_label("par courriel").check()
    page.get_by_role("button", name="Recevoir mon code").click()
    apart(work)
    page.reload()
    page.get_by_label("Votre code").fill(mailbox.code(BOSS))
    page.get_by_label(re.compile(r"^\s*Je signe")).check()
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.get_by_text("Votre signature est enregistrée").first).to_be_visible()
    context.close()


def _person_page(live: LivePortal, convention: PartnershipConvention, name: str, page: Page | None = None) -> Page:
    person = envelope_of(convention).signatories.get(full_name=name)
    page = page or live.page
    page.goto(live.url + reverse("signing:signatory", args=[person.envelope.public_id, person.public_id]))
    return page


def _signs_on_site(live: LivePortal, convention: PartnershipConvention) -> None:
    page = _person_page(live, convention, "Anne Exemple")
    assert_accessible(page)
    page.get_by_text("Sur place, devant vous").click()
    page.get_by_label(re.compile("est devant moi")).check()
    page.get_by_role("button", name="Ouvrir la signature sur place").click()
    page.get_by_role("link", name="Signer sur cet écran").click()
    page.get_by_label(re.compile(r"^\s*Je signe")).check()
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.get_by_text("Votre signature est enregistrée").first).to_be_visible()


def _signs_on_paper(live: LivePortal, browser: Browser, convention: PartnershipConvention) -> None:
    """One officer adds the copy, another compares it and accepts it."""
    page = _person_page(live, convention, "Inès Exemple")
    page.get_by_text("Sur papier", exact=True).click()
    page.get_by_label(re.compile(r"^\s*Signé le")).fill(timezone.localdate().isoformat())
    page.get_by_label(re.compile(r"^\s*Document signé, numérisé")).set_input_files(
        {"name": "copie.png", "mimeType": "image/png", "buffer": scan()}
    )
    page.get_by_role("button", name="Ajouter l’exemplaire").click()
    expect(page.get_by_text("une autre personne doit maintenant le contrôler").first).to_be_visible()
    second = LivePortal(browser.new_context(locale="fr-FR", timezone_id="Europe/Paris").new_page(), live.url)
    second.sign_in(regional_officer("Second Regard"))
    other = _person_page(second, convention, "Inès Exemple")
    other.get_by_label(re.compile(r"^\s*est complet")).check()
    other.get_by_role("button", name="Enregistrer le contrôle").click()
    expect(other.get_by_text("L’exemplaire compte comme signature.")).to_be_visible()
    other.context.close()


def _signed_and_sealed(live: LivePortal, convention: PartnershipConvention, folder: Path) -> str:
    page = live.page
    live.open(convention.get_absolute_url())
    expect(page.get_by_text("En vigueur").first).to_be_visible()
    expect(page.get_by_text("3 signatures sur 3")).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Télécharger le document scellé")).click()
    file = folder / "signee.pdf"
    waiting.value.save_as(file)
    # Paper leaves its ink and its proof, not a signature in the file: two people, then the seal.
    assert [(found.field_name, found.valid) for found in poppler_signatures(file)] == [
        ("signature-1", True), ("signature-3", True), ("cachet", True),
    ]  # fmt: skip
    assert [verdict for verdict in validate([file]) if not verdict.passed] == []
    return page.locator(".code-words").first.inner_text()


def _verified(live: LivePortal, code: str, told: str) -> None:
    """Ask as a stranger does: the page is public."""
    live.open(f"/verifier/{code}/")
    expect(live.page.locator("main")).to_contain_text(told.replace("n° ", "n°\N{NO-BREAK SPACE}"))
    assert_accessible(live.page)


def _amended(live: LivePortal, convention: PartnershipConvention, officer: User) -> None:
    page = live.page
    live.open(f"/gestion/partnerships/partnershipconvention/{convention.pk}/change/")
    page.get_by_role("link", name="Écrire un avenant").click()
    page.get_by_label(re.compile(r"^\s*Objet de l’avenant")).fill("Davantage de stages")
    page.get_by_role("group", name="Engagement 1").get_by_label("Cible").fill("20")
    page.get_by_role("button", name="Créer l’avenant").click()
    page.get_by_role("link", name="Enregistrer la délibération…").click()
    page.get_by_label(re.compile(r"^\s*Numéro de la délibération")).fill("CR-26/11.002")
    page.get_by_label(re.compile(r"^\s*Date de la délibération")).fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Enregistrer la délibération").click()
    page.get_by_role("link", name="Mettre à la signature…").click()
    page.get_by_role("button", name="Mettre à la signature").click()
    expect(page.get_by_text("chaque signataire est invité dès qu’il est prêt")).to_be_visible()
    assert_accessible(page)
    amendment = ConventionAmendment.objects.get()
    signed_on_paper(amendment, officer, made=True)
    page.reload()
    expect(page.get_by_text("Signé", exact=True).first).to_be_visible()
    assert_accessible(page)


def _denounced(live: LivePortal, convention: PartnershipConvention) -> date:
    page = live.page
    live.open(f"/gestion/partnerships/partnershipconvention/{convention.pk}/change/")
    page.get_by_role("link", name="Enregistrer une dénonciation…").click()
    page.get_by_label(re.compile(r"^\s*Congé reçu le")).fill(timezone.localdate().isoformat())
    page.get_by_label(re.compile(r"^\s*Congé donné par")).select_option("company")
    page.get_by_label(re.compile(r"^\s*Motif")).fill("L’entreprise ferme son site.")
    page.get_by_role("button", name="Enregistrer une dénonciation").click()
    expect(page.get_by_text("La convention est maintenant")).to_be_visible()
    assert_accessible(page)
    convention.refresh_from_db()
    assert convention.ended_on
    return convention.ended_on
