"""The pages that the law wants: open to everybody, true, linked from everywhere, and asking the Région for what it must say."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings as portal_settings
from django.core.checks import run_checks
from django.template.loader import render_to_string
from django.test import Client

from e2c_portal.accounts.models import User
from e2c_portal.home import legal
from e2c_portal.kernel import retention
from tests.house.source import ROOT, python_files

PAGES = ("/mentions-legales/", "/vos-donnees/", "/accessibilite/", "/plan-du-site/")


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_everybody_reads_them(client: Client, path: str, stranger: User, client_of: Callable[[User], Client]) -> None:
    assert text_of(client, path).count("<h1") == 1
    assert client_of(stranger).get(path).status_code == 200
    assert client.post(path).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(legal.SAID_BY_THE_REGION))
def test_what_the_region_says_is_read_and_its_silence_too(client: Client, settings, name: str) -> None:
    setattr(settings, name, "")
    assert any(legal.ABSENT in text_of(client, path) for path in PAGES)
    setattr(settings, name, "Région des Essais")
    assert any("Région des Essais" in text_of(client, path) for path in PAGES)


def ids(settings) -> list[str]:
    return [message.id for message in run_checks() if message.id and message.id.startswith("portal.")]


def test_production_is_warned_of_what_is_missing(settings) -> None:
    for name in legal.SAID_BY_THE_REGION:
        setattr(settings, name, "")
    assert ids(settings) == [], "a demonstration owes nothing"
    settings.PORTAL_PRODUCTION = True
    assert ids(settings).count("portal.W002") == len(legal.SAID_BY_THE_REGION)
    for name in legal.SAID_BY_THE_REGION:
        setattr(settings, name, "Région")
    assert "portal.W002" not in ids(settings)


def test_no_conformity_without_an_audit(settings) -> None:
    settings.PORTAL_PRODUCTION, settings.LEGAL_ACCESSIBILITY_STATE = True, "partielle"
    assert "portal.E002" in ids(settings)
    settings.LEGAL_ACCESSIBILITY_AUDIT = "Audit du 3 mars 2027 : 82 % des critères."
    assert "portal.E002" not in ids(settings)
    settings.LEGAL_ACCESSIBILITY_STATE = "parfaite"
    assert "portal.E001" in ids(settings)


@pytest.mark.django_db
def test_the_footer_says_the_state_that_is_true(client: Client, settings) -> None:
    assert "Accessibilité : non conforme" in text_of(client, "/")
    settings.LEGAL_ACCESSIBILITY_STATE, settings.LEGAL_ACCESSIBILITY_AUDIT = "partielle", "Audit du 3 mars 2027"
    assert "Accessibilité : partiellement conforme" in text_of(client, "/")
    assert "Audit du" in text_of(client, "/accessibilite/")


@pytest.mark.django_db
def test_the_declaration_has_all_its_parts(client: Client) -> None:
    titles = re.findall(r"<h[23][^>]*>([^<]+)</h[23]>", text_of(client, "/accessibilite/"))
    assert titles == [
        "État de conformité", "Résultats des tests", "Contenus non accessibles", "Non-conformités connues",
        "Dérogations pour charge disproportionnée", "Contenus non soumis à l’obligation d’accessibilité",
        "Établissement de cette déclaration", "Retour d’information et contact", "Voies de recours",
    ]  # fmt: skip


def test_the_tests_that_the_declaration_tells_of_are_there() -> None:
    told = (ROOT / "tests" / "harness" / "accessibility.py").read_text(encoding="utf-8")
    assert "WIDTHS = (320, 1280)" in told
    assert "wcag22aa" in told
    assert sum("assert_accessible(" in path.read_text(encoding="utf-8") for path in python_files("tests")) > 15


@pytest.mark.django_db
def test_durations_are_those_carried_out(client: Client) -> None:
    page = text_of(client, "/vos-donnees/")
    shown = {line.model for part in legal.durations() for line in part.lines}
    hidden = {rule.model for rule in retention.all_rules()} - shown
    assert {name.split(".")[0] for name in hidden} <= set(legal.TECHNICAL)
    assert page.count("<details") == len(list(legal.durations()))


def set_in_source() -> set[str]:
    """Return the places of our code that set a cookie by themselves."""
    found = python_files("e2c_portal", "schools", "partnerships", "trainees", "assises")
    return {path.name for path in found if re.search(r"\.set_(?:signed_)?cookie\(", path.read_text(encoding="utf-8"))}


@pytest.mark.django_db
def test_every_cookie_is_told(client: Client, officer: User, settings) -> None:
    """Signed in, refused, a form posted and a message shown; the only cookies our code sets by itself are that of links and the pass of a maintenance."""
    assert set_in_source() == {"views.py", "maintenance_page.py"}
    client.get("/connexion/")
    client.force_login(officer)
    client.post("/exploitation/files/relancer/", {"quoi": "travaux"})
    assert {"messages", settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= set(client.cookies)
    assert set(client.cookies) <= {cookie.name for cookie in legal.cookies()}
    page = text_of(Client(), "/vos-donnees/")
    assert all(f'<span class="code-words">{cookie.name}</span>' in page for cookie in legal.cookies())
    assert portal_settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert portal_settings.SESSION_COOKIE_AGE == 12 * 3600


def test_nothing_else_is_kept_in_the_browser() -> None:
    keeping = {path.name for path in (ROOT / "static" / "js").glob("*.js") if re.search(r"(?:local|session)Storage|indexedDB|caches\.", path.read_text(encoding="utf-8"))}  # fmt: skip
    assert keeping == {"door-offline.js", "door-queue.js", "door-screen.js"}, (
        "say it on the page of personal data (home/legal.py, STORED)"
    )


@pytest.mark.django_db
def test_the_site_map_shows_what_each_may_open(client: Client, officer_client: Client) -> None:
    def shown(page: str) -> list[str]:
        return re.findall(r'href="([^"]+)"', page.split("<main")[1].split("</main>")[0])

    assert "/stagiaires/" in shown(text_of(officer_client, "/plan-du-site/"))
    visitor = shown(text_of(client, "/plan-du-site/"))
    assert "/stagiaires/" not in visitor
    assert {"/connexion/", "/assises/", "/mentions-legales/"} <= set(visitor)
    for url in shown(text_of(officer_client, "/plan-du-site/")):
        assert officer_client.get(url).status_code in (200, 302)


def test_even_a_page_without_a_database_leads_there() -> None:
    for name in ("errors/500.html", "errors/503.html"):
        page = render_to_string(name, {"request_id": "essai"})
        assert all(f'href="{path}"' in page for path in PAGES)
