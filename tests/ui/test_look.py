"""Pages in a real browser: nothing for axe to say at 320 and 1280 pixels, no refusal by the content security policy."""

import pytest

from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal

pytestmark = pytest.mark.browser

FOR_VISITORS = ["/", "/connexion/", "/mot-de-passe/oublie/", "/mot-de-passe/oublie/envoye/", "/rien-ici/"]
FOR_STAFF = [
    "/",
    "/mot-de-passe/changer/",
    "/deconnexion/",
    "/gestion/",
    "/gestion/schools/",
    "/gestion/schools/school/",
    "/gestion/schools/school/add/",
    "/gestion/accounts/user/",
    "/gestion/accounts/user/add/",
    "/gestion/partnerships/company/",
]


def test_public_pages(live: LivePortal) -> None:
    for path in FOR_VISITORS:
        live.open(path)
        assert_accessible(live.page)


def test_pages_of_staff(live: LivePortal, officer, school, coordinator) -> None:
    live.sign_in(officer)
    for path in [*FOR_STAFF, f"/gestion/schools/school/{school.pk}/change/"]:
        answer = live.open(path)
        assert answer.status == 200, path
        assert_accessible(live.page)


def test_refused_form_is_readable(live: LivePortal, officer) -> None:
    live.open("/connexion/")
    live.page.get_by_label("Adresse électronique").fill(officer.email)
    live.page.get_by_label("Mot de passe").fill("pas le bon")
    live.page.get_by_role("button", name="Se connecter", exact=True).click()
    assert "Adresse ou mot de passe incorrect" in live.page.get_by_role("alert").inner_text()
    assert_accessible(live.page)


def test_first_stop_of_the_keyboard_leads_to_the_content(live: LivePortal) -> None:
    live.open("/")
    live.page.keyboard.press("Tab")
    assert live.page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    live.page.keyboard.press("Enter")
    assert live.page.evaluate("document.activeElement.id") == "contenu"


def test_menu_opens_on_a_phone_without_a_script(live: LivePortal, officer) -> None:
    live.sign_in(officer)
    page = live.page.context.browser.new_page(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page.context.add_cookies(live.page.context.cookies())
    page.goto(live.url + "/")
    link = page.locator(".menu-phone").get_by_role("link", name="Réseau")
    assert not link.is_visible()
    page.get_by_text("Menu", exact=True).click()
    link.click()
    assert page.url == live.url + "/reseau/"
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    assert page.url == live.url + "/connexion/"
    page.context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_targets_are_large_enough(live: LivePortal, officer, width: int) -> None:
    live.sign_in(officer)
    live.page.set_viewport_size({"width": width, "height": 800})
    live.open("/")
    small = live.page.evaluate(
        """() => [...document.querySelectorAll('header a, header summary, nav a, .btn, .tasks a, footer a')]
            .map(element => [element.textContent.trim(), element.getBoundingClientRect()])
            .filter(([words, box]) => box.width > 0 && (box.height < 43.5 || box.width < 43.5) && words !== 'Aller au contenu')
            .map(([words, box]) => `${words} ${box.width}x${box.height}`)"""
    )
    assert small == []
