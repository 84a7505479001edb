"""Links in a browser: the token leaves the address, GET shows, POST acts, and every closed door says why."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.links.issuing import revoke, rotate
from e2c_portal.links.models import LinkToken, LinkVisit, PersonalLink
from e2c_portal.links.tokens import new_token
from tests.links.purpose import LIFETIME, Desk, link_to, path_in, token_in

pytestmark = pytest.mark.django_db
GONE, NOT_FOUND, TOO_MANY = 410, 404, 429


@pytest.fixture
def browser() -> Client:
    """A browser that must prove the origin of its forms, as real ones do."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def path(link: PersonalLink) -> str:
    return path_in(rotate(link))


def text(answer) -> str:
    return answer.content.decode()


def test_the_token_leaves_the_address_at_once(browser: Client, path: str, link: PersonalLink) -> None:
    answer = browser.get(path)
    assert answer.status_code == 303
    assert answer["Location"].startswith("/lien/visite/")
    assert token_in(path) not in answer["Location"]
    cookie = answer.cookies["lien"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    page = browser.get(answer["Location"])
    assert page.status_code == 200
    assert "Paul Exemple" in text(page)
    assert token_in(path) not in text(page)
    for shown in (answer, page):
        assert shown["Referrer-Policy"] == "no-referrer"
        assert shown["Cache-Control"] == "no-store"
        assert shown["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_over_https_the_cookie_belongs_to_this_host_alone(browser: Client, path: str, settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    cookie = browser.get(path, secure=True).cookies["__Host-lien"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert cookie["domain"] == ""


def test_pages_of_one_visit_show_on_get_and_act_on_post(
    browser: Client, path: str, link: PersonalLink, desk: Desk
) -> None:
    first = browser.get(path)["Location"]
    assert "page agir" in text(browser.get(f"{first}agir/"))
    assert desk.acted == []
    assert "page agir 12" in text(browser.post(f"{first}agir/12/"))
    assert desk.acted == [f"{link.pk} 12"]
    assert browser.get(f"{first}ailleurs/").status_code == NOT_FOUND


def test_an_account_signed_in_beside_plays_no_part(officer_client: Client, path: str) -> None:
    first = officer_client.get(path)["Location"]
    assert "False" in text(officer_client.get(f"{first}agir/"))


def test_a_mail_scanner_that_opens_everything_changes_nothing(path: str, desk: Desk, link: PersonalLink) -> None:
    scanner = Client(headers={"user-agent": "MailScanner/1.0"})
    for _ in range(5):
        assert scanner.head(path).status_code == 200
        page = scanner.get(path, follow=True)
        assert page.status_code == 200
    assert desk.acted == desk.sent == []
    person = Client(enforce_csrf_checks=True)
    assert person.get(path, follow=True).status_code == 200
    link.refresh_from_db()
    assert link.open_count == 6, "openings are counted, and nothing is made of them"


def test_asking_for_the_head_makes_no_visit(browser: Client, path: str) -> None:
    browser.head(path)
    assert not LinkVisit.objects.exists()


def test_one_opening_counts_once_whatever_is_read_after(browser: Client, path: str, link: PersonalLink) -> None:
    first = browser.get(path)["Location"]
    for _ in range(3):
        browser.get(first)
    link.refresh_from_db()
    assert link.open_count == 1


@pytest.mark.parametrize("ending", ["", "/", ".", "%20", ")."])
def test_what_mail_programs_do_to_addresses_is_forgiven(browser: Client, path: str, ending: str) -> None:
    assert browser.get(path.rstrip("/") + ending, follow=True).status_code == 200


def test_two_links_side_by_side_are_not_mixed_up(browser: Client, path: str, officer: User) -> None:
    other = path_in(rotate(link_to(officer, "anne@exemple.fr")))
    first, second = browser.get(path)["Location"], browser.get(other)["Location"]
    assert first != second
    assert browser.get(first).status_code == browser.get(second).status_code == 200
    assert LinkVisit.objects.values("browser_sha256").distinct().count() == 1


def test_a_copied_address_opens_nothing_elsewhere(browser: Client, path: str) -> None:
    first = browser.get(path)["Location"]
    browser.get(first)
    stranger = Client(headers={"user-agent": "autre"})
    answer = stranger.get(first)
    assert answer.status_code == GONE
    assert "ouverte dans un autre navigateur" in text(answer)
    assert stranger.post(f"{first}agir/").status_code == GONE
    assert browser.get(first).status_code == 200


def test_not_even_on_the_same_machine_with_another_cookie(browser: Client, path: str, officer: User) -> None:
    neighbour = Client()
    neighbour.get(path_in(rotate(link_to(officer, "anne@exemple.fr"))), follow=True)
    first = browser.get(path)["Location"]
    assert neighbour.get(first).status_code == GONE
    assert browser.get(first).status_code == 200


def without_cookies(browser: Client, path: str, method: str = "get"):
    browser.cookies.clear()
    return getattr(browser, method)(path)


def test_a_browser_without_cookies_reads_and_acts(browser: Client, path: str, desk: Desk, link: PersonalLink) -> None:
    first = without_cookies(browser, path)["Location"]
    assert without_cookies(browser, first).status_code == 200
    assert without_cookies(browser, f"{first}agir/", "post").status_code == 200
    assert desk.acted == [str(link.pk)]
    assert LinkVisit.objects.get().hold == "address"


def test_without_cookies_the_address_serves_that_browser_alone_and_not_for_long(browser: Client, path: str) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        path = path_in(rotate(PersonalLink.objects.get()))
        first = without_cookies(browser, path)["Location"]
        assert without_cookies(browser, first).status_code == 200
        assert Client(REMOTE_ADDR="203.0.113.9").get(first).status_code == GONE
        assert Client(headers={"user-agent": "autre"}).get(first).status_code == GONE
    with time_machine.travel("2026-11-23 10:30:01+01:00", tick=False):
        assert without_cookies(browser, first).status_code == GONE


def test_a_visit_never_followed_dies_soon(browser: Client, link: PersonalLink) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        first = browser.get(path_in(rotate(link)))["Location"]
    with time_machine.travel("2026-11-23 10:02:01+01:00", tick=False):
        assert browser.get(first).status_code == GONE


def test_a_visit_lasts_while_somebody_is_there_and_half_a_day_at_most(browser: Client, link: PersonalLink) -> None:
    with time_machine.travel("2026-11-23 08:00+01:00", tick=False) as clock:
        first = browser.get(path_in(rotate(link)))["Location"]
        assert browser.get(first).status_code == 200
        for _ in range(7):
            clock.shift(timedelta(minutes=100))
            assert browser.get(first).status_code == 200
        clock.shift(timedelta(minutes=21))
        answer = browser.get(first)
    assert answer.status_code == GONE
    assert "Cette visite est terminée" in text(answer)


def test_a_visit_left_alone_ends(browser: Client, link: PersonalLink) -> None:
    with time_machine.travel("2026-11-23 08:00+01:00", tick=False) as clock:
        first = browser.get(path_in(rotate(link)))["Location"]
        browser.get(first)
        clock.shift(timedelta(hours=2, seconds=1))
        assert browser.get(first).status_code == GONE


def test_what_is_being_typed_when_the_link_expires_may_be_finished(
    browser: Client, link: PersonalLink, desk: Desk
) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        path = path_in(rotate(link))
        clock.shift(LIFETIME - timedelta(minutes=5))
        first = browser.get(path)["Location"]
        browser.get(first)
        clock.shift(timedelta(minutes=30))
        assert browser.get(path).status_code == GONE
        assert browser.post(f"{first}agir/").status_code == 200
        clock.shift(timedelta(minutes=35, seconds=1))
        assert browser.post(f"{first}agir/").status_code == GONE
    assert len(desk.acted) == 1


def test_a_reminder_does_not_cost_the_form_being_filled_in(
    browser: Client, path: str, link: PersonalLink, desk: Desk
) -> None:
    first = browser.get(path)["Location"]
    browser.get(first)
    rotate(link)
    assert browser.post(f"{first}agir/").status_code == 200
    assert browser.get(path).status_code == GONE


def test_a_revocation_ends_the_visit_under_way(
    browser: Client, path: str, link: PersonalLink, officer: User, desk: Desk
) -> None:
    first = browser.get(path)["Location"]
    browser.get(first)
    revoke(link, "La convention est abandonnée", officer)
    answer = browser.post(f"{first}agir/")
    assert answer.status_code == GONE
    assert "Ce lien a été retiré" in text(answer)
    assert "École d’essai, 04\u00a067\u00a000\u00a000\u00a000" in text(answer)
    assert "M’envoyer un nouveau lien" not in text(answer)
    assert "abandonnée" not in text(answer), "the reason is for staff"
    assert desk.acted == []


def test_a_new_version_ends_the_visit_under_way(browser: Client, path: str, desk: Desk) -> None:
    first = browser.get(path)["Location"]
    browser.get(first)
    desk.version = "2"
    answer = browser.post(f"{first}agir/")
    assert answer.status_code == GONE
    assert "Le document a changé" in text(answer)
    assert "Recevoir le lien de la nouvelle version" in text(answer)
    assert desk.acted == []


def test_an_expired_link_says_so_and_offers_another(browser: Client, link: PersonalLink) -> None:
    with time_machine.travel(timezone.now() - LIFETIME, tick=False):
        path = path_in(rotate(link))
    answer = browser.get(path)
    assert answer.status_code == GONE
    assert "Ce lien a expiré" in text(answer)
    assert "M’envoyer un nouveau lien" in text(answer)
    assert token_in(path) not in text(answer)
    assert "paul@exemple.fr" not in text(answer)


def test_a_replaced_link_says_that_a_newer_one_exists(browser: Client, path: str, link: PersonalLink) -> None:
    rotate(link)
    answer = browser.get(path)
    assert answer.status_code == GONE
    assert "Ce lien a été remplacé" in text(answer)


def test_a_purpose_may_refuse_renewals(browser: Client, path: str, link: PersonalLink, desk: Desk) -> None:
    rotate(link)
    desk.renewable = False
    assert "M’envoyer un nouveau lien" not in text(browser.get(path))


@pytest.mark.parametrize("token", ["x", "a" * 43, "é" * 43, "a" * 5000])
def test_an_unknown_link_is_told_in_plain_words(browser: Client, token: str, db: None) -> None:
    answer = browser.get(f"/lien/{token}/")
    assert answer.status_code == NOT_FOUND
    assert "Lien inconnu" in text(answer)
    assert "/lien/perdu/" in text(answer)


def test_a_visitor_who_tries_at_random_waits_but_good_links_open(browser: Client, path: str) -> None:
    answers = [browser.get(f"/lien/{new_token()}/").status_code for _ in range(21)]
    assert answers == [NOT_FOUND] * 20 + [TOO_MANY]
    stopped = browser.get(f"/lien/{new_token()}/")
    assert stopped["Retry-After"] == "900"
    assert "Attendez un quart d’heure" in text(stopped)
    assert browser.get(path).status_code == 303


def test_other_methods_are_refused(browser: Client, path: str) -> None:
    assert browser.delete(path).status_code == 405
    assert browser.put(path).status_code == 405
    assert LinkToken.objects.filter(retired_at=None).count() == 1
