"""The board of the day: who is where, what waits, and nothing of another school."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.network import member_of
from tests.trainees.scene import TODAY, internship_of, under_way
from trainees.models import AccidentReport
from trainees.operations.accidents import open_accident
from trainees.operations.pathways import move_pathway
from trainees.reads.day import Chosen
from trainees.reads.school_days import counts_by_school
from trainees.sheets.board import board_of
from trainees.sheets.calendar import month_of


def names(school: School, day: date, key: str) -> list[str]:
    return [line.name for line in board_of(Chosen(school), day).section(key).lines]


def test_each_person_is_in_one_place(school: School, coordinator: User) -> None:
    at_school = under_way(school, coordinator, last_name="Alba", first_name="Inès")
    with_internship = under_way(school, coordinator, last_name="Bonnet", first_name="Léo")
    suspended = under_way(school, coordinator, last_name="Costa", first_name="Rita")
    move_pathway(suspended.pk, "suspend", coordinator, reason="Santé")
    internship_of(with_internship, coordinator, TODAY + timedelta(days=10), TODAY + timedelta(days=20))
    assert names(school, TODAY, "ecole") == ["ALBA Inès", "BONNET Léo"]
    assert names(school, TODAY, "absents") == ["COSTA Rita"]
    assert names(school, TODAY, "sans-stage") == ["ALBA Inès"]
    assert at_school.trainee.sorted_name == "ALBA Inès"


def test_an_internship_that_begins_soon_without_signature_is_to_remind(school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator, last_name="Diaz", first_name="Ana")
    internship_of(pathway, coordinator, TODAY + timedelta(days=3), TODAY + timedelta(days=12))
    lines = board_of(Chosen(school), TODAY).section("a-relancer").lines
    assert [line.name for line in lines] == ["DIAZ Ana"]
    assert "n’est pas signée" in lines[0].words


def test_the_board_of_one_school_shows_nobody_of_another(
    school: School, other_school: School, coordinator: User, officer: User, client_of: Callable[[User], Client]
) -> None:
    elsewhere = member_of(other_school, officer)
    under_way(other_school, elsewhere, last_name="Secret", first_name="Nom")
    under_way(school, coordinator, last_name="Alba", first_name="Inès")
    page = client_of(coordinator).get("/stagiaires/", {"ecole": other_school.pk})
    assert "ALBA Inès" in page.content.decode()
    assert "SECRET" not in page.content.decode()


def test_the_network_reads_figures_then_one_school(
    school: School, other_school: School, coordinator: User, officer_client: Client
) -> None:
    under_way(school, coordinator, last_name="Alba", first_name="Inès")
    page = officer_client.get("/stagiaires/").content.decode()
    assert str(school) in page
    assert str(other_school) in page
    assert "ALBA" not in page
    assert "ALBA Inès" in officer_client.get("/stagiaires/", {"ecole": school.pk}).content.decode()


def test_somebody_without_a_school_is_refused(stranger: User, client_of: Callable[[User], Client]) -> None:
    assert client_of(stranger).get("/stagiaires/").status_code == 403


def test_the_board_asks_as_much_for_three_as_for_one(
    school: School,
    coordinator: User,
    client_of: Callable[[User], Client],
    same_query_count: Callable[..., int],
    settings: Any,
) -> None:
    settings.KEPT_PAGES = False
    client = client_of(coordinator)

    def add() -> None:
        pathway = under_way(school, coordinator)
        internship_of(pathway, coordinator, TODAY - timedelta(days=2), TODAY + timedelta(days=5))

    add()
    assert same_query_count(lambda: client.get("/stagiaires/"), add) <= 25


def test_the_figures_of_a_school_are_those_of_its_board(school: School, coordinator: User) -> None:
    under_way(school, coordinator)
    pathway = under_way(school, coordinator)
    internship_of(pathway, coordinator, TODAY + timedelta(days=10), TODAY + timedelta(days=20))
    counts = counts_by_school([school.pk], TODAY)[school.pk]
    board = board_of(Chosen(school), TODAY)
    assert counts["under_way"] == board.total == 2
    assert counts["without"] == board.section("sans-stage").count == 1
    assert counts["in_company"] == board.section("entreprise").count
    assert counts["to_sign"] == board.section("a-signer").count


def test_the_network_reads_its_schools_a_page_at_a_time(
    school: School, other_school: School, officer: User, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    pathway = under_way(school, coordinator)
    internship_of(pathway, coordinator, TODAY + timedelta(days=10), TODAY + timedelta(days=20))
    under_way(other_school, member_of(other_school, officer))
    School.objects.bulk_create(
        School(network=school.network, name=f"Zèbre {n:02}", slug=f"zebre-{n}", department="34") for n in range(24)
    )
    client = client_of(officer)
    first, second = (client.get("/stagiaires/", {"page": page}) for page in (1, 2))
    assert "26\N{NO-BREAK SPACE}écoles" in first.content.decode()
    assert [len(page.context["lines"]) for page in (first, second)] == [25, 1]
    figures = {line.name: (line.under_way, line.in_company, line.without) for line in first.context["lines"]}
    assert (figures[str(school)], figures[str(other_school)]) == ((1, 0, 0), (1, 0, 1))
    found = client.get("/stagiaires/", {"q": "zebre 07"})
    assert [line.name for line in found.context["lines"]] == ["Zèbre 07"]
    assert "Aucune école ne correspond" in client.get("/stagiaires/", {"q": "nulle part"}).content.decode()
    unknown = client.get("/stagiaires/", {"ecole": "9" * 30})
    assert len(unknown.context["lines"]) == 25
    assert client.get("/stagiaires/", {"ecole": str(school.pk)}).context["chosen"].school == school


@pytest.mark.parametrize("address", ["/stagiaires/calendrier/", "/stagiaires/calendrier/2026/11/"])
def test_the_calendar_opens(
    address: str, school: School, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    under_way(school, coordinator)
    assert client_of(coordinator).get(address).status_code == 200


def test_a_month_that_does_not_exist_is_not_found(coordinator: User, client_of: Callable[[User], Client]) -> None:
    assert client_of(coordinator).get("/stagiaires/calendrier/2026/13/").status_code == 404


def test_the_calendar_tells_what_begins_and_ends(school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator, last_name="Alba", first_name="Inès")
    first = TODAY + timedelta(days=1)
    internship_of(pathway, coordinator, first, TODAY + timedelta(days=3))
    month = month_of(Chosen(school), first.replace(day=1), TODAY)
    told = [event.title for week in month.weeks for day in week if day.day == first for event in day.events]
    assert told == ["Début de stage"]


def test_an_accident_to_declare_is_told_first(
    school: School, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    happened = timezone.now() - timedelta(hours=1)
    row = AccidentReport(
        pathway=under_way(school, coordinator, last_name="Alba", first_name="Inès"), occurred_at=happened, known_at=happened,
        place="school", place_words="Atelier", circumstances="Chute.",
    )  # fmt: skip
    accident = open_accident(row, coordinator)
    client = client_of(coordinator)
    assert accident.get_absolute_url() in client.get("/stagiaires/").content.decode()
    assert "1\u00a0accident à déclarer" in client.get("/").content.decode()
