"""The public page as strangers have it: on a phone and on a desk, by code, by file, by drop, with and without a script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2c_portal.documents import storage
from e2c_portal.documents.models import Document
from tests.factories.documents import seal
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Ask = Callable[..., Document]


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the bytes of a document where a person would have saved them."""

    def written(document: Document, *, change: bool = False) -> Path:
        content = bytearray(storage.read(document.file))
        content[4000] ^= change
        target = tmp_path / "avis.pdf"
        target.write_bytes(bytes(content))
        return target

    return written


def answer(page: Page) -> str:
    return page.locator(".verdict h2").inner_text()


def give_file(page: Page, file: Path) -> None:
    page.get_by_label("Fichier à vérifier").set_input_files(file)
    page.get_by_role("button", name="Vérifier ce fichier").click()


def test_a_stranger_verifies_by_code_then_by_file(live: LivePortal, sealed_notice: Ask, file_of: Callable) -> None:
    document = sealed_notice()
    live.open("/")
    live.page.get_by_role("link", name="Vérifier un document").first.click()
    assert_accessible(live.page)
    live.page.get_by_label("Code du document").fill(document.printed_code.lower())
    live.page.keyboard.press("Enter")
    expect(live.page).to_have_url(f"{live.url}/verifier/{document.printed_code}/")
    assert answer(live.page) == "Document connu du registre, en vigueur"
    assert_accessible(live.page)
    give_file(live.page, file_of(document))
    assert answer(live.page) == "Document authentique, en vigueur"
    assert_accessible(live.page)


def test_one_changed_byte_is_seen_by_a_stranger(live: LivePortal, sealed_notice: Ask, file_of: Callable) -> None:
    live.open("/verifier/")
    give_file(live.page, file_of(sealed_notice(), change=True))
    assert answer(live.page) == "Document modifié après son scellement"
    assert_accessible(live.page)


def test_the_other_answers_are_accessible_too(
    live: LivePortal, notice: Ask, sealed_notice: Ask, file_of: Callable, tmp_path: Path
) -> None:
    first = sealed_notice("Un texte.", number=1)
    seal(notice("Un autre.", number=1))
    live.open(f"/verifier/{first.printed_code}/")
    assert answer(live.page) == "Document connu du registre, remplacé depuis"
    assert_accessible(live.page)
    text = tmp_path / "note.pdf"
    text.write_text("Ceci n’est pas un PDF.")
    give_file(live.page, text)
    assert answer(live.page) == "Ce fichier n’est pas un PDF"
    assert_accessible(live.page)
    live.page.get_by_role("button", name="Vérifier ce fichier").click()
    expect(live.page.locator("#erreurs")).to_contain_text("Choisissez le fichier PDF à vérifier.")
    assert_accessible(live.page)
    for _ in range(11):
        live.open("/verifier/22222-22222/")
    expect(live.page.locator(".notice")).to_contain_text("Trop de codes erronés")
    assert_accessible(live.page)


def test_a_file_can_be_dropped_on_the_panel(live: LivePortal, sealed_notice: Ask, file_of: Callable) -> None:
    content = file_of(sealed_notice()).read_bytes()
    live.open("/verifier/")
    expect(live.page.locator(".drop-hint")).to_be_visible()
    carried = live.page.evaluate_handle(
        """bytes => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(bytes)], "avis.pdf", {type: "application/pdf"}));
            return carried;
        }""",
        list(content),
    )
    live.page.dispatch_event("[data-drop-zone]", "drop", {"dataTransfer": carried})
    expect(live.page.locator(".drop-told")).to_contain_text("avis.pdf")
    assert_accessible(live.page)
    live.page.keyboard.press("Enter")
    assert answer(live.page) == "Document authentique, en vigueur"


def test_a_file_over_the_limit_is_told_before_it_is_sent_and_refused_after(live: LivePortal, tmp_path: Path) -> None:
    heavy = tmp_path / "lourd.pdf"
    with heavy.open("wb") as file:
        file.truncate(50 * 1024**2)
    live.open("/verifier/")
    live.page.get_by_label("Fichier à vérifier").set_input_files(heavy)
    expect(live.page.locator(".drop-told")).to_contain_text("pèse 50 Mo")
    live.page.get_by_role("button", name="Vérifier ce fichier").click()
    expect(live.page.locator("#erreurs")).to_contain_text("Ce fichier dépasse 15")
    assert_accessible(live.page)


def test_the_answer_fits_on_paper(live: LivePortal, sealed_notice: Ask) -> None:
    live.open(f"/verifier/{sealed_notice().printed_code}/")
    live.page.emulate_media(media="print")
    expect(live.page.locator(".verdict")).to_be_visible()
    expect(live.page.locator(".verification-ways")).to_be_hidden()
