"""A regional officer at work in a real browser: writes, moves, has the document sealed, with and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from e2c_portal.accounts.models import User
from partnerships.models import PartnershipConvention
from tests.factories.network import network_of
from tests.factories.partnerships import company_named, drafted
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from tests.partnerships.admin_scene import ADD, LIST, move_page, page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_convention_is_written_then_settled(live: LivePortal, officer: User) -> None:
    network_of(officer)
    company_named("Fabrique d’Oc (exemple)", officer)
    live.sign_in(officer)
    live.open(ADD)
    assert_accessible(live.page)
    live.page.get_by_role("searchbox").fill("fabrique")
    live.page.get_by_role("link", name="Fabrique d’Oc (exemple)").click()
    assert_accessible(live.page)
    live.page.get_by_label("Titre*").first.fill("Convention du navigateur")
    live.page.get_by_role("button", name="Créer la convention").click()
    convention = PartnershipConvention.objects.get()
    expect(live.page).to_have_url(live.url + page(convention))
    expect(live.page.get_by_text("Écrivez au moins un article.")).to_be_visible()

    for number in (1, 2):
        live.page.get_by_role("button", name="Ajouter un article").click()
        article = live.page.get_by_role("group", name=f"Article {number}")
        article.get_by_label("Titre*").fill(f"Article du navigateur {number}")
        article.get_by_label("Texte*").fill("Un paragraphe.")
    assert_accessible(live.page)
    live.page.get_by_role("button", name="Enregistrer le texte").click()
    expect(live.page.get_by_text("Le texte est enregistré.")).to_be_visible()
    assert [row.number for row in convention.articles.all()] == [1, 2]


def test_a_document_comes_by_itself(live: LivePortal, officer: User, run_worker: Callable[[], object]) -> None:
    convention = drafted(officer)
    live.sign_in(officer)
    live.open(page(convention))
    live.page.get_by_role("button", name="Valider le projet").click()
    expect(live.page.get_by_text("La convention est maintenant")).to_be_visible()
    live.page.get_by_role("button", name="Fabriquer le document scellé").click()
    expect(live.page.get_by_role("heading", name="Le document se fabrique")).to_be_visible()
    assert_accessible(live.page)
    run_worker()
    # Nobody reloads: the page asks by itself, and says it to those who do not see it.
    expect(live.page.get_by_role("link", name="Télécharger le document scellé")).to_be_visible(timeout=20_000)
    expect(live.page.locator("#annonce")).to_have_text("Le document est scellé.")
    assert_accessible(live.page)
    with live.page.expect_download() as download:
        live.page.get_by_role("link", name="Télécharger le document scellé").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_a_button_beside_the_text_does_not_lose_it(live: LivePortal, officer: User) -> None:
    convention = drafted(officer)
    live.sign_in(officer)
    live.open(page(convention))
    asked: list[str] = []
    live.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    live.page.get_by_label("Objet*").first.fill("Un autre objet")
    live.page.get_by_role("button", name="Valider le projet").click()
    expect(live.page.get_by_label("Objet*").first).to_have_value("Un autre objet")
    assert asked == ["beforeunload"]
    live.page.get_by_role("button", name="Enregistrer le texte").click()
    expect(live.page.get_by_text("Le texte est enregistré.")).to_be_visible()
    convention.refresh_from_db()
    assert (convention.object, convention.status) == ("Un autre objet", "draft")


def test_everything_works_without_javascript(live: LivePortal, officer: User) -> None:
    convention = drafted(officer)
    live.sign_in(officer)
    plain = live.page.context.browser.new_context(
        java_script_enabled=False, storage_state=live.page.context.storage_state(), locale="fr-FR"
    )
    bare = plain.new_page()
    bare.goto(live.url + page(convention))
    spare = bare.get_by_role("group", name="Article 3")
    spare.get_by_label("Titre*").fill("Litiges")
    spare.get_by_label("Texte*").fill("À l’amiable.")
    bare.get_by_role("button", name="Enregistrer le texte").click()
    expect(bare.get_by_text("Le texte est enregistré.")).to_be_visible()
    bare.get_by_role("link", name="Classer sans suite…").click()
    bare.get_by_label("Motif").fill("L’entreprise renonce.")
    bare.get_by_role("button", name="Classer sans suite").click()
    expect(bare.get_by_text("La convention est maintenant")).to_be_visible()
    plain.close()
    convention.refresh_from_db()
    assert (convention.status, convention.articles.count()) == ("shelved", 3)


def test_the_pages_are_accessible(live: LivePortal, officer: User) -> None:
    convention = drafted(officer)
    live.sign_in(officer)
    for address in (
        LIST,
        f"{LIST}?situation=draft",
        move_page(convention, "shelve"),
        "/conventions/",
        convention.get_absolute_url(),
        "/reseau/",
    ):
        live.open(address)
        assert_accessible(live.page)
