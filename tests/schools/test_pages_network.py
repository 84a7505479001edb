"""The reading pages of the network: who reads them, what they find and tell."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from e2c_portal.accounts.models import User
from schools import departments
from schools.models import School
from schools.operations.network import SiteFacts
from tests.factories.network import member_of, school_named

ClientOf = Callable[[User], Client]
LIST = "/reseau/"


def page(school: School) -> str:
    return f"{LIST}{school.slug}/"


def found(client: Client, **query: str) -> list[str]:
    return [school.name for school in client.get(LIST, query).context["page_obj"]]


@pytest.mark.parametrize("who", ["officer", "auditor", "data_officer", "coordinator"])
def test_the_whole_network_reads(
    who: str, request: pytest.FixtureRequest, client_of: ClientOf, school: School, other_school: School
) -> None:
    client = client_of(request.getfixturevalue(who))
    assert set(found(client)) == {school.name, other_school.name}
    assert other_school.name in client.get(page(other_school)).content.decode()


def test_a_team_is_shown_where_the_scope_reaches(
    officer: User, coordinator: User, school: School, other_school: School, client_of: ClientOf
) -> None:
    member_of(other_school, officer, "Lucie Ailleurs")
    client = client_of(coordinator)
    assert "Nadia Perrin" in client.get(page(school)).content.decode()
    elsewhere = client.get(page(other_school)).content.decode()
    assert "Lucie Ailleurs" not in elsewhere
    assert "Équipe" not in elsewhere
    assert "Lucie Ailleurs" in client_of(officer).get(page(other_school)).content.decode()


def test_a_stranger_finds_nothing(stranger: User, client_of: ClientOf, school: School) -> None:
    client = client_of(stranger)
    assert [client.get(path).status_code for path in (LIST, page(school))] == [404, 404]


def test_a_visitor_is_sent_to_sign_in(client: Client, school: School) -> None:
    assert client.get(page(school)).headers["Location"].startswith("/connexion/")


def test_an_unknown_school_is_not_found(officer_client: Client, school: School) -> None:
    assert officer_client.get("/reseau/nulle-part/").status_code == 404


def test_search_ignores_accents_and_case(officer_client: Client, officer: User, other_school: School) -> None:
    school_named("École de Béziers", officer)
    assert found(officer_client, q="BEZIERS ecole") == ["École de Béziers"]
    assert "Aucune école ne correspond" in officer_client.get(LIST, {"q": "rien"}).content.decode()


def test_names_sort_as_in_french(officer_client: Client, officer: User) -> None:
    for name in ("École de Mende", "École d’Alès", "Ecole de Béziers"):
        school_named(name, officer)
    assert found(officer_client) == ["École d’Alès", "Ecole de Béziers", "École de Mende"]


def test_what_is_not_known_is_said(officer_client: Client, officer: User) -> None:
    school = school_named("École de Nîmes", officer, SiteFacts("Nîmes", city="Nîmes"))
    html = officer_client.get(page(school)).content.decode()
    assert "non renseigné" in html
    assert "Nîmes" in html


def test_query_count_of_the_list(officer: User, officer_client: Client, same_query_count: Callable[..., int]) -> None:
    school_named("Première", officer, SiteFacts("Un"))
    names = iter(("Deuxième", "Troisième"))

    def add() -> None:
        school_named(next(names), officer, SiteFacts("Un"), SiteFacts("Deux"))

    assert same_query_count(lambda: officer_client.get(LIST), add) <= 5


def test_query_count_of_a_school(
    officer: User, officer_client: Client, school: School, same_query_count: Callable[..., int]
) -> None:
    member_of(school, officer)
    assert same_query_count(lambda: officer_client.get(page(school)), lambda: member_of(school, officer)) <= 6


def test_departments_are_named_and_the_list_is_whole() -> None:
    known = departments.names()
    assert len(known) == 101
    assert all(re.fullmatch(r"\d\d|2[AB]|97\d", number) and name == name.strip() for number, name in known.items())
    assert [departments.department_name(number) for number in ("30", "2A", "974")] == [
        "Gard (30)", "Corse-du-Sud (2A)", "La Réunion (974)",
    ]  # fmt: skip
    assert departments.department_name("99") == "Département 99"
