"""The pages of links and of preferences in a real browser: accessible, readable on a phone, usable without cookies."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.template import engines
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.links.issuing import revoke, rotate
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.tokens import new_token
from e2c_portal.mailing.models import Mail, Status
from e2c_portal.mailing.preferences import stop_url
from e2c_portal.mailing.sending import REJECTED
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from tests.links.purpose import LIFETIME, Desk, path_in, token_in
from tests.mailing import samples
from tests.mailing.conftest import TEMPLATES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def message_types(monkeypatch: pytest.MonkeyPatch) -> Iterator[samples.Probe]:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    monkeypatch.setattr(engine, "dirs", [*engine.dirs, TEMPLATES])
    yield from samples.registered()


def closed_paths(link: PersonalLink, officer: User, desk: Desk) -> dict[str, Callable[[], str]]:
    """Return how to reach each page that a link which does not open may show."""

    def expired() -> str:
        with time_machine.travel(timezone.now() - LIFETIME, tick=False):
            return path_in(rotate(link))

    def replaced() -> str:
        old = path_in(rotate(link))
        rotate(link)
        return old

    def outdated() -> str:
        path = path_in(rotate(link))
        desk.version = "2"
        return path

    def revoked() -> str:
        desk.version = "1"
        path = path_in(rotate(link))
        revoke(link, "abandon", officer)
        return path

    return {
        "unknown": lambda: f"/lien/{new_token()}/", "expired": expired, "replaced": replaced, "outdated": outdated,
        "revoked": revoked, "lost": lambda: "/lien/perdu/", "asked": lambda: "/lien/envoye/",
        "visit-over": lambda: "/lien/visite/inconnue/",
    }  # fmt: skip


def test_every_page_is_accessible(live: LivePortal, link: PersonalLink, officer: User, desk: Desk, tmp_path) -> None:
    for name, reach in closed_paths(link, officer, desk).items():
        live.open(reach())
        assert_accessible(live.page)
        for width in (320, 1280):
            live.picture(tmp_path, name, width)


def test_too_many_tries_are_explained(live: LivePortal, tmp_path) -> None:
    for _ in range(21):
        live.open(f"/lien/{new_token()}/")
    assert live.page.locator("h1").inner_text() == "Trop de demandes"
    assert_accessible(live.page)
    live.picture(tmp_path, "too-many", 320)


def test_the_token_is_not_in_the_address_bar_nor_in_the_history(
    live: LivePortal, link: PersonalLink, desk: Desk
) -> None:
    path = path_in(rotate(link))
    live.open(path)
    assert live.page.locator("h1").inner_text() == "Paul Exemple"
    assert token_in(path) not in live.page.url
    live.page.get_by_role("link", name="Suite").click()
    assert live.page.evaluate("document.referrer") == ""
    live.page.go_back()
    live.page.get_by_role("button", name="Agir").click()
    assert desk.acted == [str(link.pk)]
    live.page.go_back()
    live.page.go_back()
    assert token_in(path) not in live.page.url


def test_an_expired_link_renews_itself_with_the_keyboard_alone(
    live: LivePortal, link: PersonalLink, desk: Desk
) -> None:
    with time_machine.travel(timezone.now() - LIFETIME, tick=False):
        path = path_in(rotate(link))
    live.open(path)
    live.page.get_by_role("button", name="M’envoyer un nouveau lien").focus()
    live.page.keyboard.press("Enter")
    live.page.wait_for_url("**/lien/envoye/")
    assert live.page.locator("h1").inner_text() == "Votre demande est prise en compte"
    assert desk.sent == [link.pk]


def test_a_lost_link_is_asked_for_and_a_mistake_is_shown_on_its_field(live: LivePortal, tmp_path) -> None:
    live.open("/lien/perdu/")
    live.page.get_by_label("Votre adresse électronique").fill("pas une adresse")
    live.page.get_by_role("button", name="Recevoir mes liens").click()
    assert "nom@domaine.fr" in live.page.locator("#erreurs").inner_text()
    assert live.page.get_by_label("Votre adresse électronique").get_attribute("aria-invalid") == "true"
    assert_accessible(live.page)
    live.picture(tmp_path, "lost-mistake", 320)
    live.page.get_by_label("Votre adresse électronique").fill("paul@exemple.fr")
    live.page.get_by_role("button", name="Recevoir mes liens").click()
    live.page.wait_for_url("**/lien/envoye/")


def test_messages_are_stopped_in_two_gestures(live: LivePortal, tmp_path) -> None:
    url = stop_url("paul@exemple.fr", samples.REMINDER, staff=False)
    live.open(url[url.index("/messages/") :])
    assert_accessible(live.page)
    box = live.page.get_by_label("Rappel d’essai")
    assert box.is_checked()
    box.uncheck()
    live.page.get_by_role("button", name="Enregistrer mon choix").click()
    assert "Votre choix est enregistré" in live.page.locator("main").inner_text()
    assert not live.page.get_by_label("Rappel d’essai").is_checked()
    assert_accessible(live.page)
    for width in (320, 1280):
        live.picture(tmp_path, "preferences", width)


def test_staff_reads_messages_on_a_phone(live: LivePortal, officer: User, tmp_path) -> None:
    mail = samples.invite()
    now = timezone.now()
    rows = Mail.objects.filter(pk=mail.pk)
    rows.update(status=Status.SENDING, claim=mail.public_id, claimed_at=now)
    rows.update(status=Status.FAILED, claim=None, claimed_at=None, failure=REJECTED, finished_at=now)
    live.sign_in(officer)
    for name, path in (("list", "/gestion/mailing/mail/"), ("page", f"/gestion/mailing/mail/{mail.pk}/change/")):
        live.open(path)
        assert "signature est attendue" in live.page.locator("#content").inner_text()
        assert_accessible(live.page)
        for width in (320, 1280):
            live.picture(tmp_path, f"staff-{name}", width)
