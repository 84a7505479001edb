"""The attack run: it finds nothing in the portal, and finds each hole put in on purpose."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from e2c_portal.accounts.models import User
from schools.models import Membership, School
from tests.attacks import arsenal
from tests.attacks.reconnaissance import Map, explore
from tests.factories.attendance import stay, under_way
from tests.factories.network import member_of
from tests.factories.people import PASSWORD
from tests.house.addresses import all_addresses
from tests.trainees.test_other_school import DAY
from trainees.models import Trainee

pytestmark = pytest.mark.django_db
WORDS = ("Zéphyrine", "Quetzalcoatl")
# The address of a visit is itself the proof that the form was shown (links.visits); a token handed over, likewise.
PROVEN_BY_ADDRESS = ("lien/", "signatures/sur-place/", "messages/choix/")
HOLES = "tests.attacks.holes"
EXTRA = {"role": "regional_officer", "is_active": "", "school": "1", "school_id": "1", "status": "finished", "created_by": "1",
         "user": "1", "revision": "0", "is_staff": "on", "password": "x"}  # fmt: skip


@pytest.fixture
def victim(school: School, coordinator: User) -> Trainee:
    """Somebody of the first school, with names found nowhere else and a stay."""
    pathway = under_way(school, coordinator, first_name=WORDS[0], last_name=WORDS[1])
    stay(pathway, coordinator, DAY, DAY, (DAY,))
    return pathway.trainee


@pytest.fixture
def intruder(other_school: School, officer: User) -> User:
    return member_of(other_school, officer, "Igor Curieux")


@pytest.fixture
def seen(victim: Trainee, coordinator: User, client_of: Callable[..., Client]) -> Map:
    """What the victim's own school reads and may send, found by following links."""
    starts = ["/", "/stagiaires/", victim.get_absolute_url(), "/assises/", "/conventions/", "/entreprises/"]
    return explore(client_of(coordinator), starts, most=120, skip=("/deconnexion", "/demonstration"))


def state() -> object:
    return (
        sorted(User.objects.values_list("pk", "role", "is_active", "password")),
        sorted(Membership.objects.values_list("pk", "school_id", "role")),
        sorted(Trainee.objects.values_list("pk", "school_id", "created_by_id")),
    )


def stored() -> Iterator[Path]:
    for name in ("default", "documents"):
        folder = Path(settings.STORAGES[name]["OPTIONS"]["location"])
        yield from (path for path in folder.rglob("*") if path.is_file())


def test_no_link_opens_by_chance(client: Client) -> None:
    assert arsenal.guess_links(client) == []


# One walk serves the three: following a hundred and twenty pages costs more than the attacks themselves.
@pytest.mark.usefixtures("seal_key")
def test_what_a_school_reads_and_sends_gives_nothing_away(
    seen: Map, coordinator: User, intruder: User, client_of: Callable[..., Client]
) -> None:
    no_row_of_another_school_is_read(seen, client_of(intruder))
    no_field_is_written_that_a_form_does_not_offer(seen, client_of(coordinator))
    no_file_is_kept_as_it_came(seen, client_of(coordinator))


def no_row_of_another_school_is_read(seen: Map, stranger: Client) -> None:
    assert sum(WORDS[1] in text for text in seen.pages.values()) >= 10, "the walk must see the victim's pages"
    assert arsenal.open_their_rows(stranger, seen, WORDS) == []


def no_field_is_written_that_a_form_does_not_offer(seen: Map, client: Client) -> None:
    forms = {form.action: form for form in seen.forms if form.method == "post" and "deconnexion" not in form.action}
    assert len(forms) >= 15, "the walk must see forms"
    assert arsenal.assign_in_bulk(client, forms.values(), EXTRA, state) == []


def no_file_is_kept_as_it_came(seen: Map, client: Client) -> None:
    forms = {form.action: form for form in seen.forms if form.files}
    assert len(forms) >= 2, "the walk must see forms that take files"
    assert arsenal.send_tricky_files(client, forms.values(), stored) == []


def test_no_form_passes_without_its_token(officer: User, client_of: Callable[..., Client]) -> None:
    addresses = all_addresses()
    assert len(addresses) > 300
    assert arsenal.post_without_token(client_of(officer, strict=True), addresses, PROVEN_BY_ADDRESS) == []


def _sign_in(user: User, at: str = "/connexion/") -> Callable[[Client], None]:
    def act(client: Client) -> None:
        client.post(at, {"login": user.email, "password": PASSWORD})

    return act


def test_a_session_chosen_beforehand_opens_nothing(coordinator: User) -> None:
    coordinator.set_password(PASSWORD)
    coordinator.save()
    assert arsenal.keep_the_session(_sign_in(coordinator), "/stagiaires/") == []
    assert Session.objects.exists()


def test_another_host_is_never_repeated(client: Client) -> None:
    paths = [address.example for address in all_addresses() if address.is_public]
    assert arsenal.forge_the_host(client, paths) == []


def test_no_header_is_added(officer: User, client_of: Callable[..., Client]) -> None:
    assert arsenal.split_headers(client_of(officer), [address.example for address in all_addresses()]) == []


def _sent_with_next(client: Client, path: str, where: str) -> Any:
    return (
        client.post(f"{path}?next={where}", {"next": where})
        if path.startswith("/connexion")
        else client.get(path, {"next": where})
    )


def test_nobody_is_sent_elsewhere(client: Client) -> None:
    paths = [address.example for address in all_addresses() if address.is_public]
    assert arsenal.redirect_elsewhere(client, paths, _sent_with_next) == []


@pytest.fixture
def with_holes(settings: Any) -> None:
    settings.ROOT_URLCONF = HOLES


@pytest.mark.usefixtures("with_holes")
def test_each_attack_finds_the_hole_put_in_on_purpose(
    victim: Trainee, coordinator: User, intruder: User, client_of: Callable[..., Client]
) -> None:
    client = client_of(coordinator)
    holes = [address for address in all_addresses() if address.route.startswith("trou/")]
    assert arsenal.guess_links(Client(), "/trou/lien/{token}/", 3)
    theirs = explore(client, [f"/trou/stagiaire/{victim.pk}/"])
    assert arsenal.open_their_rows(client_of(intruder), theirs, WORDS)
    assert {found.where for found in arsenal.post_without_token(client_of(coordinator, strict=True), holes, ())} >= {
        "trou/sans-jeton/"
    }
    assert arsenal.keep_the_session(_sign_in(coordinator, "/trou/connexion/"), "/stagiaires/")
    assert arsenal.forge_the_host(client, ["/trou/hote/"])
    assert arsenal.split_headers(client, ["/trou/entetes/"])
    assert arsenal.redirect_elsewhere(client, ["/trou/ailleurs/"], _sent_with_next)
    assert arsenal.assign_in_bulk(client, explore(client, ["/trou/tout/"]).forms, EXTRA, state)
    assert arsenal.send_tricky_files(client, explore(client, ["/trou/fichier/"]).forms, stored)
