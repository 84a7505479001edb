"""The first page: a welcome for visitors, the day's work for people signed in."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from e2c_portal.home.panels import today_of
from partnerships.models import PartnershipConvention
from partnerships.queries import conventions_visible_to, in_situation
from schools.scope import scope_of


@pytest.fixture
def convention_to_sign(convention_in: Callable[..., PartnershipConvention]) -> PartnershipConvention:
    return convention_in("to_sign")


@pytest.mark.django_db
def test_visitor_is_welcomed_and_shown_two_doors(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Le portail régional des Écoles de la 2e&nbsp;chance" in page
    assert 'href="/verifier/"' in page
    assert 'href="/connexion/"' in page
    assert "/conventions/" not in page


def test_officer_reads_what_waits(officer_client: Client, officer, convention_to_sign) -> None:
    page = officer_client.get("/").content.decode()
    assert "1\xa0convention à signer" in page
    assert 'href="/conventions/?situation=to_sign"' in page


def test_each_figure_is_the_length_of_its_list(officer_client: Client, officer, convention_to_sign) -> None:
    conventions = conventions_visible_to(scope_of(officer))
    asked = [task for task in today_of(officer).tasks if "situation=" in task.url]
    assert asked
    for task in asked:
        name = task.url.partition("situation=")[2]
        assert int(re.match(r"\d+", task.words)[0]) == in_situation(conventions, name).count()
        assert officer_client.get(task.url).status_code == 200


def test_nothing_to_do_says_so_and_proposes_the_next_action(officer_client: Client) -> None:
    page = officer_client.get("/").content.decode()
    assert "Rien d’urgent aujourd’hui" in page
    assert 'class="tasks"' not in page
    assert re.search(r'class="btn btn-primary" href="/entreprises/"', page)


def test_auditor_and_coordinator_read_without_being_asked_to_act(
    auditor, coordinator, client_of, convention_to_sign
) -> None:
    for reader in (auditor, coordinator):
        page = client_of(reader).get("/").content.decode()
        assert "à signer" not in page
        assert 'href="/conventions/"' in page
    assert "Gestion" not in client_of(coordinator).get("/").content.decode()


def test_account_without_a_school_is_told_what_to_ask(stranger, client_of) -> None:
    page = client_of(stranger).get("/").content.decode()
    assert "Votre compte n’est rattaché à aucune école" in page
    assert 'href="/conventions/"' not in page


def test_every_link_of_the_first_page_opens(officer_client: Client, convention_to_sign) -> None:
    page = officer_client.get("/").content.decode()
    addresses = set(re.findall(r'href="(/[^"#]*)"', page)) - {"/"}
    for address in addresses:
        if not address.startswith("/static/"):
            assert officer_client.get(address).status_code == 200, address
