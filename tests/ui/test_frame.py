"""The frame of the pages: menu, account, footer, and an admin that looks the same and breaks no policy."""

import re

import pytest
from django.test import Client

from e2c_portal.ui import navigation
from tests.house.source import ROOT, files

INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE
)
ADMIN_PAGES = [
    "/gestion/",
    "/gestion/schools/",
    "/gestion/schools/school/",
    "/gestion/schools/school/add/",
    "/gestion/partnerships/company/",
    "/gestion/partnerships/partnershipconvention/",
    "/gestion/accounts/user/",
    "/gestion/documents/document/",
]


def links_in_menu(page: str) -> list[str]:
    menu = page.split('class="menu-wide')[1].split("</ul>")[0]
    return re.findall(r'href="([^"]+)"', menu)


def test_menu_shows_what_each_may_open(client_of, officer, coordinator, stranger) -> None:
    assert links_in_menu(client_of(officer).get("/").content.decode()) == [
        "/", "/stagiaires/", "/conventions/", "/entreprises/", "/assises/", "/reseau/", "/chiffres/", "/gestion/", "/exploitation/", "/verifier/",
    ]  # fmt: skip
    assert "/gestion/" not in links_in_menu(client_of(coordinator).get("/").content.decode())
    assert links_in_menu(client_of(stranger).get("/").content.decode()) == ["/", "/assises/", "/verifier/"]
    assert links_in_menu(Client().get("/").content.decode()) == ["/assises/", "/verifier/"]


def test_present_page_is_marked_and_home_only_on_itself(officer_client: Client) -> None:
    page = officer_client.get("/reseau/").content.decode().split('class="menu-wide')[1].split("</ul>")[0]
    assert re.findall(r'href="([^"]+)" aria-current="([^"]+)"', page) == [("/reseau/", "page")]
    page = (
        officer_client.get("/gestion/schools/school/").content.decode().split('class="menu-wide')[1].split("</ul>")[0]
    )
    assert re.findall(r'href="([^"]+)" aria-current="([^"]+)"', page) == [("/gestion/", "true")]


@pytest.mark.parametrize(
    ("path", "way", "marked"),
    [
        ("/stagiaires/", "/stagiaires/", "page"),
        ("/stagiaires/liste/", "/stagiaires/liste/", "page"),
        ("/stagiaires/nouveau/", "/stagiaires/liste/", "true"),
        ("/stagiaires/accueils/", "/stagiaires/accueils/", "page"),
        ("/stagiaires/offres/", "/stagiaires/accueils/", "true"),
        ("/stagiaires/demarches/", "/stagiaires/accueils/", "true"),
    ],
)
def test_only_the_way_that_leads_to_a_page_is_marked(client_of, coordinator, path: str, way: str, marked: str) -> None:
    page = client_of(coordinator).get(path).content.decode()
    ways = page.split('class="section-ways"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)" aria-current="([^"]+)"', ways) == [(way, marked)]


def test_same_entry_registered_twice_stands_once() -> None:
    before = dict(navigation._entries)
    navigation.register(before["home"])
    assert navigation._entries == before


@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_admin_pages_are_ours_and_hold_nothing_inline(officer_client: Client, school, path: str) -> None:
    answer = officer_client.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "portal-header" in page
    assert page.count("<h1") == 1
    assert "theme.js" not in page
    assert not INLINE.search(page), INLINE.search(page)


def test_admin_has_no_sign_in_of_its_own(client: Client, officer_client: Client, coordinator, client_of) -> None:
    asked = client.get("/gestion/schools/school/", follow=True)
    assert asked.redirect_chain[-1][0] == "/connexion/?next=/gestion/schools/school/"
    assert officer_client.get("/gestion/login/")["Location"] == "/gestion/"
    refused = client_of(coordinator).get("/gestion/", follow=True)
    assert refused.status_code == 404
    assert "Page introuvable" in refused.content.decode()


@pytest.mark.parametrize(
    ("path", "target"),
    [("/gestion/password_change/", "/mot-de-passe/changer/"), ("/gestion/logout/", "/deconnexion/")],
)
def test_admin_sends_to_the_portal_for_accounts(officer_client: Client, path: str, target: str) -> None:
    assert officer_client.get(path)["Location"] == target
    assert officer_client.post(path)["Location"] == target


def test_footer_offers_sign_in_to_visitors_only(client: Client, db: None, officer_client: Client) -> None:
    def footer(page: str) -> str:
        return page.split("<footer")[1]

    assert "/connexion/" in footer(client.get("/").content.decode())
    assert "/connexion/" not in footer(officer_client.get("/").content.decode())


LEGAL = ("/accessibilite/", "/mentions-legales/", "/vos-donnees/", "/plan-du-site/")
# Screens lent to somebody, or shown to a room: they lead nowhere, and the declaration of accessibility says so.
WITHOUT_A_FOOTER = {
    "assises/door/frame.html", "signing/over.html", "signing/on_site.html",
    "partnerships/ceremonies/refusal.html", "partnerships/ceremonies/person.html", "partnerships/ceremonies/stage.html",
}  # fmt: skip


@pytest.mark.parametrize(
    "path", ["/", "/connexion/", "/rien/", "/verifier/", "/lien/perdu/", "/gestion/", "/exploitation/", *LEGAL]
)
def test_every_page_leads_to_what_the_law_wants(officer_client: Client, client: Client, path: str) -> None:
    for browser in (officer_client, client):
        page = browser.get(path, follow=True).content.decode()
        footer = page.split("portal-footer")[1]
        assert all(f'href="{wanted}"' in footer for wanted in LEGAL), path
        assert "Accessibilité : " in footer


def test_no_other_page_hides_the_footer() -> None:
    emptied = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in files("templates", ".html")
        if "{% block footer %}{% endblock %}" in path.read_text(encoding="utf-8")
    }
    assert emptied == WITHOUT_A_FOOTER
    whole = [
        path.relative_to(ROOT / "templates").as_posix() for path in files("templates", ".html")
        if "<!doctype html" in (text := path.read_text(encoding="utf-8")).lower() and "legal_links.html" not in text and "portal_footer.html" not in text
        and not path.relative_to(ROOT / "templates").as_posix().startswith(("documents/", "emails/", "privacy/access_file.html"))
    ]  # fmt: skip
    assert whole == [], "a page of its own frame includes components/legal_links.html at its foot"
