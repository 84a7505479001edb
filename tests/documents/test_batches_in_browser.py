"""The pages that keep themselves up to date, in a real browser, with a real worker."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Batch, Document
from e2c_portal.documents.requesting import request_batch
from tests.documents.notices.kind import order
from tests.factories.documents import seal, seal_waiting
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Ask = Callable[..., Document]


@pytest.fixture
def batch(live: LivePortal, notices: None, empty_queue: None, officer: User) -> Batch:
    orders = [
        order(number=1),
        order("Un visage \U0001f600.", number=2),
        order(number=3),
        ("Avis 4", "Le texte manque."),
    ]
    live.sign_in(officer)
    return request_batch("Avis de l’année", orders, officer)


def open_batch(live: LivePortal, batch: Batch) -> None:
    live.open(reverse("documents:batch", args=[batch.public_id]))


def test_the_page_of_a_batch_follows_the_work_by_itself(live: LivePortal, batch: Batch) -> None:
    open_batch(live, batch)
    expect(live.page.locator("progress")).to_have_attribute("value", "1")
    assert_accessible(live.page)
    first, second, third = Document.objects.order_by("pk")
    seal(first)
    expect(live.page.locator("progress")).to_have_attribute("value", "2")
    download = live.page.locator(f"#telecharger-{first.public_id}")
    download.focus()
    seal(second)
    expect(live.page.locator("progress")).to_have_attribute("value", "3")
    expect(live.page.locator(":focus")).to_have_id(f"telecharger-{first.public_id}")
    seal(third)
    expect(live.page.locator("#lot-annonce")).to_contain_text("La fabrication est terminée.")
    assert_accessible(live.page)
    live.page.get_by_role("button", name="Relancer").click()
    expect(live.page.locator(".messages")).to_contain_text("La fabrication est relancée.")


def test_the_page_of_a_batch_works_without_a_script(live: LivePortal, batch: Batch, officer: User) -> None:
    plain = live.page.context.browser.new_context(java_script_enabled=False)
    plain.add_cookies(live.page.context.cookies())
    page = plain.new_page()
    page.goto(live.url + reverse("documents:batch", args=[batch.public_id]))
    Document.objects.order_by("pk").first()
    seal(Document.objects.order_by("pk")[0])
    page.get_by_role("link", name="L’actualiser").click()
    expect(page.locator("progress")).to_have_attribute("value", "2")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert download.value.suggested_filename == "AV-001.pdf"
    plain.close()


def test_one_document_is_followed_to_its_download(live: LivePortal, notice: Ask, officer: User) -> None:
    live.sign_in(officer)
    document = notice()
    live.open(reverse("documents:download", args=[document.public_id]))
    assert_accessible(live.page)
    seal_waiting()
    link = live.page.get_by_role("link", name="Télécharger le document scellé")
    expect(link).to_be_visible()
    assert_accessible(live.page)
    with live.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == f"{document.reference}.pdf"


def test_a_failed_document_says_why_and_can_be_asked_for_again(live: LivePortal, notice: Ask, officer: User) -> None:
    live.sign_in(officer)
    document = seal(notice("Un visage \U0001f600."))
    live.open(reverse("documents:download", args=[document.public_id]))
    expect(live.page.locator(".document-state")).to_contain_text("U+1F600")
    assert_accessible(live.page)
    live.page.get_by_role("button", name="Relancer").click()
    expect(live.page.locator(".document-state")).to_contain_text("En attente")


def test_a_session_that_ends_brings_to_the_sign_in_page_and_not_into_the_fragment(
    live: LivePortal, notice: Ask, officer: User
) -> None:
    live.sign_in(officer)
    document = notice()
    live.open(reverse("documents:download", args=[document.public_id]))
    live.page.context.clear_cookies()
    expect(live.page).to_have_url(f"{live.url}/connexion/?next=/documents/{document.public_id}/")
