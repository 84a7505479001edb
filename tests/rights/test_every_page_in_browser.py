"""Every page of the portal in a real browser, under the strict policy: nothing refused, nothing that fails to load.

The addresses are those of the URL configuration, on true rows (rows.py), each opened by somebody whom the table lets in. The
suite opens those of visitors and of personal links, and the error pages; `make look` opens all of them, has axe judge each page
on a phone and on a desk, and sends its forms so that they are refused (tests/harness/refused_forms.py). What it finds is told page
after page in var/test/look, and `REPRENDRE=1` goes on from where it stopped. Lists without a row are told there too.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt

from e2c_portal.accounts.models import User
from e2c_portal.urls import handler404  # noqa: F401  Django reads it here
from e2c_portal.urls import urlpatterns as portal
from schools.models import School
from tests.factories.network import member_of
from tests.harness.browser import LivePortal
from tests.harness.look_journal import FOLDER, Journal, read, write_table
from tests.harness.look_journal import REFUSED as REFUSED_FORM
from tests.harness.looking import Look
from tests.harness.policy import Watch
from tests.harness.refused_forms import Refusals
from tests.house.addresses import all_addresses
from tests.house.test_doors import PUBLIC
from tests.rights.personal_links import ended, links
from tests.rights.rows import Hands, by_route, of_passkey
from tests.rights.walk import Asker, declared

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# « policy »: every page is opened; « whole »: axe and refused forms as well.
LOOK = os.environ.get("LOOK", "")
WHOLE = LOOK == "whole"
# Whoever reads most first: one session for as many pages as possible. A school reads its own pages with what it may do there.
ORDER, OF_A_SCHOOL = "OdDAcrePx", "dcre"
# The walk has two parts, which go on at the same time: who opens the pages of each, and how many pages it has at least.
SHARES = {"reseau": ("ODAP", 200), "ecoles": ("dcrex", 150)}
NETWORK_ALONE = ("gestion/", "exploitation/", "donnees-personnelles/", "messages/")
# Each role has its own.
FOR_EACH = ("", "chiffres/", "plan-du-site/")
# The rows of an account belong to one person (rows.of_account).
OWNED = {"mon-compte/connexion/cles/<int:pk>/": "d"}
REFUSED = 400
ONLY_RECEIVES, CLOSED = 405, (404, 410)
# Not read as a page of its own by whoever enters: each says why. Files and addresses that only receive are told by themselves.
ELSEWHERE = {
    "lien/": "s’ouvre par un lien de sa sorte, dans la seconde marche",
    "signatures/sur-place/": "un jeton montré une seule fois : tests/signing/test_in_browser.py lit les deux pages",
    "assises/<int:year>/bilan.": "des fichiers qu’un ouvrier scelle : tests/assises/test_report.py les lit",
    "assises/<int:year>/preparation/bilan/<int:number>/": "de même",
    "deconnexion/": "sortir finit la marche ; sa page est la première",
    "gestion/logout/": "de même",
    "connexion/proconnect/": "un autre serveur répond",
    "gestion/auth/group/": "personne n’y entre",
    "gestion/account/emailaddress/": "personne n’y entre",
    "gestion/signing/": "personne n’y entre",
}
NOBODY = "personne n’y entre (docs/droits.md ; la raison est dans tests/rights/test_readable_table.py)"
RECEIVES = "reçoit seulement ce qu’un bouton envoie"
ERRORS = {
    "/essai/illisible/": 400, "/essai/refus/": 403, "/rien-ici/": 404, "/essai/trop-gros/": 413, "/essai/413/": 413,
    "/essai/429/": 429, "/essai/faute/": 500, "/essai/base/": 503, "/essai/courtier/": 503,
    "/essai/stockage/": 503, "/essai/disque/": 503,
}  # fmt: skip


@pytest.fixture
def look_as(live: LivePortal, settings: Any, empty_cache: None) -> Iterator[Callable[[str], Look]]:
    """Give what opens pages and tells what it finds; its faults fail the test."""
    settings.ACCOUNT_RATE_LIMITS = False
    watch, started = Watch(live.page), []

    def start(walk: str) -> Look:
        look = Look(live, watch, Journal(walk, FOLDER if WHOLE else None), WHOLE)
        started.append(look)
        return look

    yield start
    faults = [fault for look in started for fault in look.journal.faults()]
    assert faults == [], "\n".join(faults)


whole_walk = pytest.mark.skipif(
    not LOOK, reason="un navigateur ouvre toutes les pages : make look, ou LOOK=policy pour la seule politique"
)
Fixtures = tuple[dict[str, str], dict[str, list[Asker]], LivePortal, Callable[[str], Look]]


@pytest.fixture
def walking(
    addresses: dict[str, str], groups: dict[str, list[Asker]], live: LivePortal, look_as: Callable[[str], Look]
) -> Fixtures:
    return addresses | by_route(of_passkey(groups["own"][0].user)), groups, live, look_as


@whole_walk
def test_every_page_keeps_to_its_policy(walking: Fixtures) -> None:
    walked("reseau", *walking)


def walked(
    walk: str, addresses: dict[str, str], groups: dict[str, list[Asker]], live: LivePortal,
    look_as: Callable[[str], Look],
) -> None:  # fmt: skip
    """Open the pages of one part of the walk, each by whoever is to read it; all of them must answer."""
    people = {asker.letter: asker.user for group in groups.values() for asker in group}
    look, (letters, fewest) = look_as(walk), SHARES[walk]
    for letter, routes in by_reader(addresses).items():
        if letter not in letters:
            continue
        live.sign_in(people[letter])
        for route in routes:
            if not look.journal.knows(name := f"{route or 'accueil'} · {letter}"):
                look.at(name, live.url + addresses[route], letter)
    told = {entry.name.partition(" · ")[0]: entry for entry in look.journal.entries.values()}
    if WHOLE:
        everywhere = [entry for file in SHARES for entry in read(FOLDER / f"{file}.jsonl")]
        write_table(FOLDER, unread(addresses, {one.name.partition(" · ")[0]: one.status for one in everywhere}))
    assert sum(entry.kind == "text/html" and entry.status < REFUSED for entry in told.values()) > fewest
    missed = {
        route: entry for route, entry in told.items() if entry.status >= REFUSED and entry.status != ONLY_RECEIVES
    }
    assert missed == {}, "give them a row in rows.py, or say in ELSEWHERE why they cannot be read"


def by_reader(addresses: dict[str, str]) -> dict[str, list[str]]:
    """Return the routes that each person is to open, by the table of who enters: somebody of the network, and of a school."""
    table, found = declared(), defaultdict(list)
    for route in addresses:
        line = table.get(route, {})
        letters = "".join(said for column, said in line.items() if column.startswith("GET"))
        for letter in () if elsewhere(route) else readers(route, letters):
            found[letter].append(route)
    return found


def readers(route: str, letters: str) -> list[str]:
    """Return who opens an address: whoever reads most, and whoever may do most in a school, who has other forms there."""
    if own := next((letter for start, letter in OWNED.items() if route.startswith(start)), ""):
        return [own]
    if route in FOR_EACH:
        return [letter for letter in ORDER if letter in letters and letter != "x"]
    first = next((letter for letter in ORDER if letter in letters), "")
    second = next((letter for letter in OF_A_SCHOOL if letter in letters), "")
    chosen = [first] if route.startswith(NETWORK_ALONE) else [first, second]
    return [letter for letter in dict.fromkeys(chosen) if letter]


def unread(addresses: dict[str, str], statuses: dict[str, int]) -> dict[str, str]:
    """Return the addresses that nobody reads in this walk, each with the reason."""
    found = {}
    for route in addresses:
        status = statuses.get(route or "accueil", 0)
        offered = set("".join(declared().get(route, {}).values())) - {"-"}
        if reason := next((said for start, said in ELSEWHERE.items() if route.startswith(start)), ""):
            found[route] = reason
        elif not status:
            found[route] = RECEIVES if offered else NOBODY
        elif status >= REFUSED:
            found[route] = RECEIVES if status == ONLY_RECEIVES else f"répond {status}"
    return found


def elsewhere(route: str) -> bool:
    return any(route.startswith(start) for start in ELSEWHERE)


@login_not_required
def hole(request: HttpRequest) -> HttpResponse:
    """A page that breaks the policy in four ways, and asks for a file that is not there."""
    return HttpResponse(
        "<!doctype html><title>Trou</title><p style='color:red'>a</p><style>p{}</style><script>1</script>"
        "<button onclick='1'>b</button><img alt='' src='/static/rien.png'>"
    )


@csrf_exempt
@login_not_required
def bad_form(request: HttpRequest) -> HttpResponse:
    """A form that refuses without telling: no summary, a field that does not say why, and what was typed is gone."""
    wrong = ' aria-invalid="true"><p class="invalid-feedback">Faux.</p' if request.method == "POST" else ""
    fields = f'<input name="word" aria-label="Mot"><input name="day" aria-label="Jour" required{wrong}>'
    page = f'<!doctype html><title>Fiche</title><form method="post">{fields}</form>'
    return HttpResponse(page, status=422 if wrong else 200)


urlpatterns = [*portal, path("trou/", hole), path("mauvais/", bad_form)]


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


@whole_walk
def test_every_page_of_a_school_keeps_to_its_policy(walking: Fixtures) -> None:
    """Between two short tests, so that the two processes of the suite take one part of the walk each."""
    walked("ecoles", *walking)


def test_visitors_and_those_who_come_by_a_link_read_pages_that_keep_to_their_policy(
    live: LivePortal, look_as: Callable[[str], Look], settings: Any, school: School, other_school: School, officer: User,
    data_officer: User, coordinator: User, elsewhere_staff: User,
) -> None:  # fmt: skip
    look = look_as("liens")
    hands = Hands(officer, data_officer, school, coordinator, other_school, elsewhere_staff)
    for name, link in links(hands).items():
        read = crawl(live, look, name, live.url + link)
        assert read >= 1, name
    live.page.context.clear_cookies()
    for name, link in ended(officer).items():
        assert look.at(f"lien {name}", live.url + link, "visiteur").status in CLOSED
    for address in all_addresses():
        if (
            address.route in PUBLIC
            and "<" not in address.route
            and "P<" not in address.route
            and not elsewhere(address.route)
        ):
            look.at(f"visiteur {address.route}", live.url + address.example, "visiteur")
    settings.ROOT_URLCONF = "tests.home.failing_urls"
    look.ignoring = "/essai/"
    for address, status in ERRORS.items():
        assert look.at(f"erreur {status} {address}", live.url + address, "visiteur").status == status


@pytest.fixture
def elsewhere_staff(other_school: School, officer: User) -> User:
    return member_of(other_school, officer)


def crawl(live: LivePortal, look: Look, name: str, link: str) -> int:
    """Open a personal link and every page of its visit; returns how many pages were read."""
    live.page.context.clear_cookies()
    first = look.watch.open(link)
    assert first.is_page, (name, first)
    visit = live.page.url
    known, waiting, read = {visit}, [visit], 0
    while waiting:
        here = waiting.pop(0)
        page = f"lien {name} {urlsplit(here).path.removeprefix(urlsplit(visit).path)}".strip()
        look.at(page, here, name)
        if look.journal.entries[page].status >= REFUSED:
            continue
        read += 1
        # The files of these rows were never made (tests/factories/documents.py); tests/documents/test_downloads.py reads real ones.
        pages = [url for url in look.links if url.startswith(visit) and "/document/" not in url]
        fresh = [url for url in pages if url not in known]
        known.update(fresh)
        waiting += fresh
    return read


def test_the_walk_sees_what_a_refused_form_does_not_say(live: LivePortal, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    watch, address = Watch(live.page), f"{live.url}/mauvais/"
    refusals = Refusals(live.page, lambda shown: [] if watch.open(shown) else [])
    watch.open(address)
    [form] = refusals.of_the_page(live.url, address)
    told = "\n".join(form.faults)
    assert (form.outcome, form.status, form.fields) == (REFUSED_FORM, 422, 2)
    for words in (
        "aucun résumé",
        "ne dit pas qu’il y a une erreur",
        "day est faux sans",
        "day est faux et le",
        "word est perdu",
    ):
        assert words in told, told
