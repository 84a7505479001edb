"""Every page of the portal in a real browser, under the strict policy: nothing refused, nothing that fails to load.

The addresses are those of the URL configuration, on true rows (rows.py), each opened by somebody whom the table lets in. The
suite opens those of visitors and of personal links, and the error pages; `make look` opens all of them, has axe judge each page
on a phone and on a desk, and sends its forms empty so that they are refused. Lists without a row are read by the tests of their own pages.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from e2c_portal.accounts.models import User
from e2c_portal.urls import handler404  # noqa: F401  Django reads it here
from e2c_portal.urls import urlpatterns as portal
from schools.models import School
from tests.factories.network import member_of
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from tests.harness.policy import Seen, Watch
from tests.house.addresses import all_addresses
from tests.house.test_doors import PUBLIC
from tests.rights.personal_links import links
from tests.rights.rows import Hands, by_route, of_passkey
from tests.rights.walk import Asker, declared

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# « policy »: every page is opened; « whole »: axe and refused forms as well.
LOOK = os.environ.get("LOOK", "")
WHOLE = LOOK == "whole"
# Whoever reads most first: one session for as many pages as possible.
ORDER = "OdDAcrePx"
# The rows of an account belong to one person (rows.of_account).
OWNED = {"mon-compte/connexion/cles/<int:pk>/": "d"}
PAGE, REFUSED = 200, 400
# Not read as a page of its own by whoever enters: each says why. Files and addresses that only receive are told by themselves.
ELSEWHERE = {
    "lien/": "opened by a link of its own kind, in the second walk",
    "signatures/sur-place/": "a token shown once: tests/signing/test_in_browser.py reads both pages",
    "assises/<int:year>/bilan.": "files that a worker seals: tests/assises/test_report.py reads them",
    "assises/<int:year>/preparation/bilan/<int:number>/": "the same",
    "deconnexion/": "leaving ends the walk; its page is the first one",
    "gestion/logout/": "the same",
    "connexion/proconnect/": "another server answers",
    "gestion/auth/group/": "nobody enters",
    "gestion/account/emailaddress/": "nobody enters",
    "gestion/signing/": "nobody enters",
}
ERRORS = ("illisible", "refus", "trop-gros", "faute", "base", "courtier", "413", "429", "introuvable")


@pytest.fixture
def watch(live: LivePortal, settings: Any, empty_cache: None) -> Iterator[Watch]:
    """Give what opens pages; its faults fail the test."""
    settings.ACCOUNT_RATE_LIMITS = False
    watch = Watch(live.page)
    yield watch
    assert watch.faults == [], "\n".join(watch.faults)


@pytest.mark.skipif(
    not LOOK, reason="un navigateur ouvre toutes les pages : make look, ou LOOK=policy pour la seule politique"
)
def test_every_page_keeps_to_its_policy(
    addresses: dict[str, str], groups: dict[str, list[Asker]], live: LivePortal, watch: Watch
) -> None:
    addresses |= by_route(of_passkey(groups["own"][0].user))
    seen: dict[str, Seen] = {}
    for user, routes in by_reader(addresses, groups).items():
        live.sign_in(user)
        for route in routes:
            seen[route] = watch.open(live.url + addresses[route])
            look(live, route, seen[route])
            if WHOLE:
                refused_form(live, watch, user, addresses[route])
    assert sum(one.is_page for one in seen.values()) > 250
    missed = {
        route: one
        for route, one in seen.items()
        if one.status >= REFUSED and one.status != 405 and not elsewhere(route)
    }
    assert missed == {}, "give them a row in rows.py, or say in ELSEWHERE why they cannot be read"


def by_reader(addresses: dict[str, str], groups: dict[str, list[Asker]]) -> dict[User, list[str]]:
    """Return the routes that each person is to open, by the table of who enters."""
    people = {asker.letter: asker.user for group in groups.values() for asker in group}
    table, found = declared(), defaultdict(list)
    for route in addresses:
        letters = "".join(said for column, said in table.get(route, {}).items() if column.startswith("GET"))
        own = next((letter for start, letter in OWNED.items() if route.startswith(start)), "")
        reader = own or next((letter for letter in ORDER if letter in letters), "")
        if reader and not elsewhere(route):
            found[people[reader]].append(route)
    return found


def elsewhere(route: str) -> bool:
    return any(route.startswith(start) for start in ELSEWHERE)


def look(live: LivePortal, name: str, seen: Seen) -> None:
    """Have axe judge the page on screen, and leave its pictures where PICTURES says: both only when asked for."""
    if not seen.is_page:
        return
    if WHOLE and "/html/" not in name and "/apercu/" not in name:
        try:
            assert_accessible(live.page)
        except AssertionError as error:
            live.faults.append(str(error))
    if folder := os.environ.get("PICTURES"):
        for width in (320, 1280):
            live.picture(Path(folder), name.replace("/", "_")[:120], width)


def refused_form(live: LivePortal, watch: Watch, user: User, address: str) -> None:
    """Show what a form sent empty answers, word for word and under the same policy; whatever it would write is taken back."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    with transaction.atomic():
        answer = client.post(address, {})
        transaction.set_rollback(True)
    if answer.status_code != 422 or not answer.headers["Content-Type"].startswith("text/html"):
        return
    shown = f"{live.url}/essai-refus/"
    headers = dict(answer.headers)
    live.page.route(shown, lambda route: route.fulfill(status=200, headers=headers, body=answer.content))
    look(live, f"refus {address}", watch.open(shown))
    live.page.unroute(shown)


def test_visitors_and_those_who_come_by_a_link_read_pages_that_keep_to_their_policy(
    live: LivePortal, watch: Watch, settings: Any, school: School, other_school: School, officer: User, data_officer: User,
    coordinator: User, elsewhere_staff: User,
) -> None:  # fmt: skip
    hands = Hands(officer, data_officer, school, coordinator, other_school, elsewhere_staff)
    for name, link in links(hands).items():
        read = crawl(live, watch, name, live.url + link)
        assert read >= 1, name
    live.page.context.clear_cookies()
    for address in all_addresses():
        if (
            address.route in PUBLIC
            and "<" not in address.route
            and "P<" not in address.route
            and not elsewhere(address.route)
        ):
            look(live, f"visitor {address.route}", watch.open(live.url + address.example))
    settings.ROOT_URLCONF = "tests.home.failing_urls"
    for error in ERRORS:
        watch.open(f"{live.url}/essai/{error}/")
        look(live, f"error {error}", Seen(PAGE, "text/html", ""))
    watch.faults = [fault for fault in watch.faults if "/essai/" not in fault.partition(": ")[2]]


@pytest.fixture
def elsewhere_staff(other_school: School, officer: User) -> User:
    return member_of(other_school, officer)


def crawl(live: LivePortal, watch: Watch, name: str, link: str) -> int:
    """Open a personal link and every page of its visit; returns how many pages were read."""
    live.page.context.clear_cookies()
    first = watch.open(link)
    assert first.is_page, (name, first)
    visit = live.page.url
    known, waiting, read = {visit}, [visit], 0
    while waiting:
        here = waiting.pop(0)
        seen = watch.open(here)
        look(live, f"{name} {urlsplit(here).path.removeprefix(urlsplit(visit).path)}", seen)
        if not seen.is_page:
            continue
        read += 1
        found = live.page.evaluate(
            "[...document.querySelectorAll('main a[href]')].map(link => link.href.split('#')[0])"
        )
        fresh = [url for url in dict.fromkeys(found) if url.startswith(visit) and url not in known]
        known.update(fresh)
        waiting += fresh
    return read


@login_not_required
def hole(request: HttpRequest) -> HttpResponse:
    """A page that breaks the policy in four ways, and asks for a file that is not there."""
    return HttpResponse(
        "<!doctype html><title>Trou</title><p style='color:red'>a</p><style>p{}</style><script>1</script>"
        "<button onclick='1'>b</button><img alt='' src='/static/rien.png'>"
    )


urlpatterns = [*portal, path("trou/", hole)]


def test_the_walk_sees_what_is_refused_and_what_is_missing(live: LivePortal, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    watch = Watch(live.page)
    assert watch.open(f"{live.url}/trou/").is_page
    told = "\n".join(watch.faults)
    for words in ("style-src-attr", "style-src-elem", "script-src-elem", "rien.png answered 404"):
        assert words in told, told
    live.page.get_by_role("button").click()
    assert len(live.faults) >= 3
    live.faults.clear()
    watch.faults.clear()
    assert watch.open(live.url + reverse("home")).is_page
    assert watch.faults == []
