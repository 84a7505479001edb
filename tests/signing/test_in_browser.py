"""The journeys of signatories and of those who follow them, on a phone and on a desk, without JavaScript."""

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect

from e2c_portal.accounts.models import User
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.operations.ending import void
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from tests.signing.people import HERE, JEANNE, KARIM, PAPER
from tests.signing.work import Mailbox, signatory, signs
from tests.signing.work import work as work_here

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCAN = Path(__file__).parents[1] / "documents" / "samples" / "plain.pdf"


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures are left, to be looked at: the folder of the test, or one that the environment names."""
    folder = Path(os.environ.get("PICTURES", str(tmp_path)))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def phone(live: LivePortal, browser: Browser) -> Iterator[LivePortal]:
    """A second browser, a phone without JavaScript."""
    context = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    yield LivePortal(context.new_page(), live.url)
    context.close()


def work() -> None:
    """Do what workers do, in a thread: the browser keeps an event loop in this one, which sealing cannot share."""

    def run() -> None:
        try:
            work_here()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


def look(portal: LivePortal, shots: Path, name: str) -> None:
    """Take the pictures of a page when they are asked for, and have axe read it."""
    portal.picture(shots, name, 390)
    portal.picture(shots, name, 1280)
    assert_accessible(portal.page)


def test_somebody_reads_asks_for_a_code_and_signs(
    live: LivePortal, envelope_of: Callable[..., Envelope], mailbox: Mailbox, shots: Path
) -> None:
    envelope = envelope_of(JEANNE, KARIM)
    page = live.page
    live.open(mailbox.link("jeanne@exemple.fr"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pacte numéro")
    expect(page.get_by_text("Vous tenez parole pendant un an.")).to_be_visible()
    look(live, shots, "1-lire")
    page.get_by_label("par courriel").check()
    page.get_by_role("button", name="Recevoir mon code").click()
    work()
    page.reload()
    look(live, shots, "2-signer")
    page.get_by_label("Votre code").fill("000000" if mailbox.code("jeanne@exemple.fr") != "000000" else "111111")
    page.get_by_role("button", name="Signer", exact=True).click()
    look(live, shots, "3-refus")
    expect(page.locator("main")).to_contain_text("Cochez la case")
    page.get_by_label(re.compile("j’accepte ce texte")).check()
    page.get_by_label("Votre code").fill("000000" if mailbox.code("jeanne@exemple.fr") != "000000" else "111111")
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.locator("main")).to_contain_text("Il vous reste 4 essais")
    page.get_by_label("Votre code").fill(mailbox.code("jeanne@exemple.fr"))
    page.get_by_label(re.compile("j’accepte ce texte")).check()
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.get_by_text("Votre signature est enregistrée")).to_be_visible()
    look(live, shots, "4-signe")
    signs(envelope, "Karim Bénali", mailbox)
    work()
    page.reload()
    expect(page.get_by_text("Tout le monde a signé", exact=True)).to_be_visible()
    look(live, shots, "5-complet")
    with page.expect_popup():
        page.get_by_role("link", name="Ouvrir le document signé").click()


def test_without_javascript_on_a_phone(
    phone: LivePortal, envelope_of: Callable[..., Envelope], mailbox: Mailbox
) -> None:
    envelope_of(KARIM)
    page = phone.page
    phone.open(mailbox.link("karim@exemple.fr"))
    page.get_by_role("button", name="Recevoir mon code").click()
    work()
    page.get_by_label("Votre code").fill(mailbox.code("karim@exemple.fr"))
    page.get_by_label(re.compile("j’accepte ce texte")).check()
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.get_by_text("Votre signature est enregistrée")).to_be_visible()


def test_refusing_delegating_and_reading_why_a_version_ended(
    live: LivePortal, envelope_of: Callable[..., Envelope], mailbox: Mailbox, shots: Path, officer: User
) -> None:
    envelope = envelope_of(JEANNE, KARIM)
    page = live.page
    live.open(mailbox.link("jeanne@exemple.fr"))
    page.get_by_role("link", name="Une autre personne doit signer").click()
    look(live, shots, "6-deleguer")
    page.get_by_label("Nom et prénom").fill("Marc Adjoint")
    page.get_by_role("button", name="Lui envoyer le document").click()
    expect(page.locator("main")).to_contain_text("Indiquez une adresse électronique ou un mobile")
    page.get_by_label("Son adresse électronique").fill("marc@exemple.fr")
    page.get_by_role("button", name="Lui envoyer le document").click()
    expect(page.get_by_text("Marc Adjoint signe à cette place")).to_be_visible()
    live.open(mailbox.link("karim@exemple.fr"))
    page.get_by_role("link", name="Je refuse de signer").click()
    look(live, shots, "7-refuser")
    page.get_by_label("Pourquoi refusez-vous").fill("La date est fausse.")
    page.get_by_role("button", name="Refuser de signer").click()
    expect(page.get_by_text("Votre refus est enregistré")).to_be_visible()
    second = envelope_of(JEANNE)
    link = mailbox.link("jeanne@exemple.fr")
    void(second, "L’entreprise a changé de nom.", officer)
    work()
    live.open(link)
    expect(page.locator("main")).to_contain_text("L’entreprise a changé de nom.")
    look(live, shots, "8-annule")
    assert envelope.pk


def test_following_signatures_to_the_end(
    live: LivePortal, envelope_of: Callable[..., Envelope], mailbox: Mailbox, shots: Path, officer: User,
    second_officer: User,
) -> None:  # fmt: skip
    envelope = envelope_of(KARIM, HERE, PAPER)
    page = live.page
    live.sign_in(officer)
    address = f"/signatures/{envelope.public_id}/"
    live.open(address)
    look(live, shots, "9-suivi")
    page.get_by_role("link", name="Ines Surplace").click()
    page.get_by_text("Sur place, devant vous").click()
    look(live, shots, "10-personne")
    page.get_by_label("Ines Surplace est devant moi").check()
    page.get_by_role("button", name="Ouvrir la signature sur place").click()
    expect(page.locator(".sign-qr svg")).to_be_visible()
    look(live, shots, "11-qr")
    page.get_by_role("link", name="Signer sur cet écran").click()
    expect(page.get_by_text("en présence de Claire Garrigue")).to_be_visible()
    page.get_by_label(re.compile("j’accepte ce texte")).check()
    look(live, shots, "12-sur-place")
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.get_by_text("Votre signature est enregistrée")).to_be_visible()
    live.open(f"{address}signataires/{signatory(envelope, 'Paul Papier').public_id}/")
    page.get_by_text("Sur papier", exact=True).click()
    page.get_by_label("Signé le").fill("2026-01-05")
    page.get_by_label("Document signé, numérisé").set_input_files(SCAN)
    page.get_by_role("button", name="Ajouter l’exemplaire").click()
    expect(page.get_by_text("une autre personne doit maintenant le contrôler")).to_be_visible()
    page.get_by_label("est complet").check()
    page.get_by_role("button", name="Enregistrer le contrôle").click()
    expect(page.locator("main")).to_contain_text("Une autre personne que celle qui a ajouté")
    look(live, shots, "13-controle")
    live.sign_in(second_officer)
    live.open(f"{address}signataires/{signatory(envelope, 'Paul Papier').public_id}/")
    page.get_by_label("est complet").check()
    page.get_by_role("button", name="Enregistrer le contrôle").click()
    expect(page.get_by_text("L’exemplaire compte comme signature.")).to_be_visible()
    signs(envelope, "Karim Bénali", mailbox)
    work()
    live.open(address)
    expect(page.get_by_text("Signé par tous").first).to_be_visible()
    look(live, shots, "14-complet")


def test_only_those_who_may_follow(live: LivePortal, envelope_of: Callable[..., Envelope], stranger: User) -> None:
    envelope = envelope_of(KARIM)
    live.sign_in(stranger)
    answer = live.open(f"/signatures/{envelope.public_id}/")
    assert answer is not None
    assert answer.status == 404
