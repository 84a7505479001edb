"""Every door is shut to visitors, except those on a short list, each for a reason."""

from collections.abc import Callable
from http import HTTPStatus
from types import SimpleNamespace

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

from e2c_portal.accounts.models import User
from tests.house.addresses import Address, all_addresses

# Adding a line here opens a door: say why.
PUBLIC = {
    "": "the first page says what the portal is and leads to the sign-in",
    "sante/": "asked by the reverse proxy and the supervision",
    "mentions-legales/": "who publishes and hosts the portal: the law wants it open to everybody",
    "vos-donnees/": "what is done with personal data, and how to act",
    "accessibilite/": "the declaration of accessibility",
    "plan-du-site/": "the pages this visitor may open: a second way beside the menu (RGAA 12.1)",
    "metriques/": "figures for the supervision: its token is the key, and without one set there is no such page",
    ".well-known/security.txt": "whom to write to about a flaw (RFC 9116)",
    "connexion/": "the sign-in page",
    "connexion/code/": "asking for a code by e-mail",
    "connexion/code/saisir/": "typing that code; without one asked for, sends back to the page before",
    "connexion/cle/": "signing in with a passkey",
    "connexion/proconnect/": "leaving for ProConnect, by a POST of ours; 404 unless it is configured",
    "connexion/proconnect/retour/": "coming back from it: its state and its nonce are the key",
    "connexion/seconde-etape/": "the second step, open to nobody who did not do the first",
    "deconnexion/": "leaving needs nobody's leave; only a POST does it",
    "mot-de-passe/oublie/": "asking for a link by e-mail",
    "mot-de-passe/oublie/envoye/": "says neutrally that a message has left",
    r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "opened by the link of that message",
    "mot-de-passe/enregistre/": "says that the new password is kept",
    "verifier/": "anybody may verify a document",
    "verifier/<str:typed>/": "the address printed in the QR code",
    "lien/<str:token>": "a personal link whose last slash was lost on the way",
    "lien/<str:token>/": "a personal link: the token is the key",
    "lien/visite/<str:key>/": "a page reached by a personal link",
    "lien/visite/<str:key>/<slug:page>/": "the other pages of the same link",
    "lien/visite/<str:key>/<slug:page>/<slug:item>/": "one thing on such a page",
    "lien/perdu/": "asking for a lost link, sent to the known address alone",
    "lien/envoye/": "says neutrally that the request is taken into account",
    "messages/choix/<str:key>/": "stopping messages, by the link at their foot",
    "assises/": "the editions that the Région announced",
    "assises/<int:year>/": "an edition announced, and its published programme",
    "assises/<int:year>/inscription/": "asking for the link by which one registers, sent to the address given",
    "assises/<int:year>/inscription/envoyee/": "says neutrally that a message arrives",
    "assises/<int:year>/programme.ics": "the same programme for a calendar",
    "assises/<int:year>/bilan.pdf": "the sealed report of an edition that is closed; it names nobody without their consent",
    "assises/<int:year>/bilan.xlsx": "the workbook sealed with that report",
    "chiffres/publics/": "the figures that the Région published, small numbers hidden; they name nobody",
    "chiffres/publics/<int:year>.csv": "the same as open data",
    "chiffres/publics/<int:year>.json": "the same as open data",
    "chiffres/rapports/": "the yearly reports that the Région published",
    "chiffres/rapports/<int:year>.pdf": "the sealed report of a year; it names nobody",
    "chiffres/rapports/<int:year>.xlsx": "the workbook sealed with that report",
    "signatures/sur-place/<str:token>/": "signing on the spot, on a device handed over: the token is the key",
    "signatures/sur-place/<str:token>/document/": "reading on that device what is about to be signed",
    "stagiaires/attestations/ecoles/<int:pk>/did.json": "the public keys of signed attestations, for programs that verify them",
    "stagiaires/attestations/ecoles/<int:pk>/fin/<int:number>.jwt": "which signed attestations ended, for the same programs; names nobody",
    "gestion/login/": "sends to the sign-in page",
}
# The admin sends a visitor to its own address first, which sends them on.
SIGN_IN = ("/connexion/", "/gestion/login/")


def refused(client: Client, address: Address) -> bool:
    """Say whether a visitor is sent to the sign-in page, whatever the method."""
    answers = [client.generic(method, address.example) for method in ("GET", "POST", "PUT", "DELETE")]
    return all(
        answer.status_code == HTTPStatus.FOUND and answer.headers["Location"].startswith(SIGN_IN) for answer in answers
    )


def test_the_open_doors_are_those_of_the_list() -> None:
    assert {address.route for address in all_addresses() if address.is_public} == set(PUBLIC)


@pytest.mark.django_db
def test_every_other_door_refuses_a_visitor(client: Client) -> None:
    shut = [address for address in all_addresses() if address.route not in PUBLIC]
    assert len(shut) > 50, "the walk must see the admin too"
    assert [address.example for address in shut if not refused(client, address)] == []


def test_the_walk_sees_a_door_left_open() -> None:
    """The test itself is tried on a configuration that has a hole."""

    @login_not_required
    def hole(request: HttpRequest) -> HttpResponse:
        return HttpResponse("secret")

    def shut(request: HttpRequest) -> HttpResponse:
        return HttpResponse("secret")

    inner = SimpleNamespace(urlpatterns=[path("trou/<int:pk>/", hole), path("mur/<uuid:pk>/", shut)])
    found = all_addresses(URLResolver(RegexPattern(r"^/"), inner))
    assert [(address.example, address.is_public) for address in found] == [
        ("/trou/1/", True), ("/mur/00000000-0000-0000-0000-000000000001/", False),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_admin_is_for_those_with_a_regional_role(
    client_of: Callable[[User], Client], coordinator: User, stranger: User
) -> None:
    inside = [address for address in all_addresses() if address.route.startswith("gestion/")]
    for person in (coordinator, stranger):
        client = client_of(person)
        statuses = {client.get(address.example).status_code for address in inside}
        assert HTTPStatus.OK not in statuses


@pytest.mark.django_db
def test_an_auditor_writes_nothing_in_the_admin(client_of: Callable[[User], Client], auditor: User) -> None:
    client = client_of(auditor)
    adding = [address for address in all_addresses() if address.route.endswith("/add/")]
    assert adding
    for address in adding:
        assert client.get(address.example).status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND), address.example
