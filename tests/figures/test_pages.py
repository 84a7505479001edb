"""The pages of the figures: who reads what, rows of one's own school alone, small numbers of the others hidden, a flat cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.figures import places, refreshing
from e2c_portal.figures.core import INDICATORS, figures_of
from e2c_portal.figures.guide import guide
from schools.models import School
from tests.factories.network import member_of
from tests.factories.trainees import pathway_of, trainee_in
from tests.house.source import ROOT

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
YEAR = 2026
INDEX = reverse("figures:index")


def rows_at(key: str, place: places.Place | str, **more: Any) -> str:
    code = place if isinstance(place, str) else place.code
    query = "&".join(f"{name}={value}" for name, value in {"annee": YEAR, "lieu": code, **more}.items())
    return f"{reverse('figures:rows', args=[key])}?{query}"


def entered(school: School, actor: User, number: int, **facts: Any) -> None:
    for _ in range(number):
        pathway_of(trainee_in(school, actor, **facts), actor)


def test_a_figure_opens_exactly_its_rows(school: School, coordinator: User, client_of: ClientOf) -> None:
    entered(school, coordinator, 2, gender="F", last_name="Une")
    entered(school, coordinator, 1, gender="H", last_name="Autre")
    client = client_of(coordinator)
    own = places.school(school)
    page = client.get(INDEX, {"annee": YEAR, "lieu": own.code}).content.decode()
    assert "66,7\N{NO-BREAK SPACE}%" in page
    assert "calculé sur 3 dont le sexe est noté, sur 3" in page
    assert INDICATORS["femmes"].rule.split(" : ")[1][:20] in page
    listed = client.get(rows_at("femmes", own)).content.decode()
    assert listed.count("UNE Prénom") == 2
    assert "AUTRE" not in listed
    assert "2\N{NO-BREAK SPACE}lignes" in listed
    ages = client.get(rows_at("age-moyen", own)).content.decode()
    assert "60 années d’âge en tout" in ages.replace("\N{NO-BREAK SPACE}", " ")
    file = client.get(
        reverse("exports:export", args=["lignes-chiffre", "csv"]) + f"?chiffre=femmes&annee={YEAR}&lieu={own.code}"
    )
    assert b"".join(file.streaming_content).decode().count("UNE Prénom") == 2  # type: ignore[attr-defined]


def test_a_school_reads_no_row_of_another_one(
    school: School, other_school: School, officer: User, coordinator: User, client_of: ClientOf
) -> None:
    actor = member_of(other_school, officer, "Personne d’ailleurs")
    entered(other_school, actor, 7, last_name="Ailleurs")
    entered(school, coordinator, 1)
    client = client_of(coordinator)
    theirs = places.school(other_school)
    for address in (
        rows_at("accueillis", theirs),
        rows_at("accueillis", "n"),
        rows_at("accueillis", "d34"),
        rows_at("conventions", "n"),
    ):
        assert client.get(address).status_code == 404
    export = reverse("exports:export", args=["lignes-chiffre", "csv"])
    for code in (theirs.code, "n", "d34"):
        assert client.get(f"{export}?chiffre=accueillis&annee={YEAR}&lieu={code}").status_code == 404
    # Asked for a place that is not theirs, the page falls back on the network: numbers alone.
    for address in (
        f"{INDEX}?annee={YEAR}&lieu={theirs.code}",
        f"{reverse('figures:indicator', args=['accueillis'])}?annee={YEAR}",
    ):
        page = client.get(address).content.decode()
        assert "AILLEURS" not in page
        assert other_school.name not in page
    assert client.get(rows_at("inconnu", "n")).status_code == 404


def test_few_people_of_the_other_schools_are_not_told(
    school: School, other_school: School, officer: User, coordinator: User
) -> None:
    """Neither fewer than five in the network, nor fewer than five once one's own are taken away."""
    network = places.network()
    entered(school, coordinator, 6, gender="F")
    actor = member_of(other_school, officer, "Personne d’ailleurs")
    entered(other_school, actor, 2, gender="H")

    def told(viewer: User) -> dict[str, Any]:
        return {figure.indicator.key: figure for figure in figures_of(YEAR, network, viewer)}

    mine = told(coordinator)
    assert mine["accueillis"].hidden, "eight less my six would tell of two"
    assert mine["accueillis"].words == "masqué"
    assert mine["femmes"].value is None
    assert told(officer)["accueillis"].numerator == 8
    assert told(officer)["accueillis"].rows_url
    entered(other_school, actor, 5, gender="F")
    mine = told(coordinator)
    assert mine["accueillis"].numerator == 13
    assert not mine["accueillis"].rows_url, "numbers alone"
    assert mine["femmes"].hidden, "two men"
    assert mine["ecoles"].numerator == 2


def test_who_works_nowhere_finds_no_figure(stranger: User, client_of: ClientOf, client: Client) -> None:
    inside = client_of(stranger)
    for address in (
        INDEX,
        reverse("figures:indicator", args=["accueillis"]),
        rows_at("accueillis", "n"),
        reverse("figures:publish", args=[YEAR]),
    ):
        assert inside.get(address).status_code == 404
        assert client.get(address).status_code == 302


def test_pages_cost_the_same_with_more_people(
    school: School, officer: User, coordinator: User, client_of: ClientOf, same_query_count: Any
) -> None:
    client = client_of(officer)
    entered(school, coordinator, 1, gender="F")
    refreshing.count_all()

    def more() -> None:
        entered(school, coordinator, 1, gender="F")
        refreshing.count_all()

    more()
    pages = (
        f"{INDEX}?annee={YEAR}",
        f"{reverse('figures:indicator', args=['femmes'])}?annee={YEAR}",
        rows_at("femmes", "n"),
    )
    counts = [same_query_count(lambda address=address: client.get(address), more) for address in pages]
    assert max(counts) < 40, counts


def test_the_guide_is_that_of_the_code() -> None:
    """Written by `python manage.py figures_guide > docs/guide-chiffres.md`."""
    assert (ROOT / "docs/guide-chiffres.md").read_text(encoding="utf-8") == guide()
