"""« À faire aujourd’hui » by role: each line opens the list of exactly its rows, in the order of urgency, at a constant cost."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document
from e2c_portal.figures.refreshing import count_all
from e2c_portal.home.panels import today_of
from e2c_portal.privacy.models import AccessFile, ErasureNotice, LegalHold
from schools.models import School
from schools.operations.network import add_member
from tests.bench.crowd import Kind, copies
from tests.factories.agreements import accepted_internship
from tests.factories.assises import edition_open, somebody
from tests.factories.trainees import host
from tests.home.scenes import busy_day, team_of
from trainees.management.crowd.loading import BASE
from trainees.models import Internship
from trainees.operations.agreements import send_to_sign
from trainees.reads.signers import AgreementPlan

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
FEWER_THAN = 25


@pytest.fixture
def their_team(other_school: School, officer: User) -> dict[str, User]:
    return team_of(other_school, officer, "Ailleurs")


@pytest.fixture
def team(school: School, other_school: School, their_team: dict[str, User], officer: User) -> dict[str, User]:
    """The team of a school where everything waits; as much waits in the other school."""
    people = team_of(school, officer, "Ici")
    busy_day(school, people, other_school, their_team)
    busy_day(other_school, their_team, school, people)
    return people


def rows_shown(page: Any) -> int:
    """Count the rows of the list that a page shows."""
    context = page.context
    if "sheet" in context and hasattr(context["sheet"], "lines"):
        # The day's page reckons who is expected by itself: it must agree with the question asked in SQL.
        assert context["sheet"].away == []
        assert not any(cell.row for line in context["sheet"].lines for cell in line.cells)
        return len(context["sheet"].lines)
    if "cl" in context:
        return int(context["cl"].result_count)
    return int(context["page_obj"].paginator.count)


def read(user: User, client_of: ClientOf) -> dict[str, int]:
    """Return the lines of the first page of somebody, each compared with the list that it opens."""
    client, found = client_of(user), {}
    for task in today_of(user).tasks:
        page = client.get(task.url)
        assert page.status_code == 200, task
        said = re.match(r"\d+", task.words)
        if said:
            assert int(said[0]) == rows_shown(page), task
        found[task.words] = int(task.urgency)
    assert list(found.values()) == sorted(found.values())
    return found


def test_each_line_of_each_post_opens_exactly_its_rows(team: dict[str, User], client_of: ClientOf) -> None:
    read_by = {role: " | ".join(read(user, client_of)).replace("\xa0", " ") for role, user in team.items()}
    everybody = "1 stage commencé sans convention signée"
    assert all(everybody in words for words in read_by.values())
    assert read_by["director"].startswith(
        "1 stage commencé sans convention signée | 1 accident à déclarer | 1 convention de stage attend votre"
    )
    assert "votre signature" not in read_by["coordinator"]
    for words in (
        "1 accident à déclarer",
        "stagiaires sans présence notée",
        "1 demi-journée d’absence",
        "1 appel de suivi en retard",
    ):
        assert all(words in read_by[role] for role in ("director", "coordinator", "referent")), words
        assert words not in read_by["company_relations"]
    assert "1 transfert attend la réponse" in read_by["coordinator"]
    assert "1 transfert" not in read_by["referent"]
    for words in ("1 démarche auprès d’un accueil", "1 stage à faire confirmer", "1 visite de stage à faire"):
        assert words in read_by["company_relations"]
    assert "1 évaluation d’entreprise en retard" in read_by["company_relations"]


def test_somebody_of_two_schools_reads_both(
    team: dict[str, User], other_school: School, officer: User, client_of: ClientOf
) -> None:
    user = team["coordinator"]
    add_member(other_school, user, "referent", officer, timezone.localdate() - timedelta(days=1))
    words = " | ".join(read(User.objects.get(pk=user.pk), client_of)).replace("\xa0", " ")
    assert "2 accidents à déclarer" in words
    assert "École de Nîmes : 4 stagiaires sans présence notée" in words


def test_officer_data_officer_and_auditor(
    team: dict[str, User], school: School, officer: User, auditor: User, data_officer: User, client_of: ClientOf
) -> None:
    edition = edition_open(officer, quotas={"institution": 1})
    for _ in range(3):
        somebody(edition)
    row = accepted_internship(school, team["director"])
    send_to_sign(row.pk, AgreementPlan(), team["director"])
    Document.objects.filter(status="queued").update(status="building", claim=uuid4(), claimed_at=timezone.now())
    Document.objects.filter(status="building").update(
        status="failed", claim=None, claimed_at=None, failure="Le disque est plein."
    )
    AccessFile.objects.create(
        subject="trainees.trainee:1", asked_by=data_officer, status="failed", failure="Disque plein"
    )
    AccessFile.objects.create(
        subject="trainees.trainee:2",
        asked_by=data_officer,
        status="ready",
        file="x.zip",
        expires_at=timezone.now() + timedelta(days=2),
    )
    ErasureNotice.objects.create(subject="trainees.trainee:3", due_on=timezone.localdate() + timedelta(days=9), told=1)
    LegalHold.objects.create(
        subject="trainees.trainee:4",
        reason="Litige",
        placed_by=data_officer,
        until=timezone.localdate() - timedelta(days=1),
    )
    said = {name: " | ".join(read(user, client_of)).replace("\xa0", " ") for name, user in (
        ("officer", officer), ("data", data_officer), ("auditor", auditor)
    )}  # fmt: skip
    assert said["officer"].startswith("2 stages commencés sans convention signée | 2 accidents à déclarer")
    assert "document" in said["officer"]
    assert "Assises" in said["officer"]
    for words in (
        "1 dossier d’accès n’a pas pu",
        "1 dossier d’accès à remettre",
        "1 effacement annoncé",
        "1 gel arrivé",
    ):
        assert words in said["data"]
        assert words not in said["officer"]
    assert (
        said["auditor"]
        == "2 stages commencés sans convention signée | 2 accidents à déclarer | 2 stages commencent dans les sept jours sans convention signée"
    )
    assert "À regarder aujourd’hui" in client_of(auditor).get("/").content.decode()


def test_door_staff_and_strangers_are_told_where_to_go(
    door_staff: User, stranger: User, officer: User, client_of: ClientOf
) -> None:
    page = client_of(door_staff).get("/").content.decode()
    assert "Vous accueillez le public des Assises" in page
    assert "lien personnel" in page
    page = client_of(stranger).get("/").content.decode()
    assert stranger.email in page
    assert officer.email in page
    with CaptureQueriesContext(connection) as asked:
        today_of(User.objects.get(pk=stranger.pk))
    assert not any("trainees_" in query["sql"] for query in asked.captured_queries)


def test_the_first_page_costs_the_same_whatever_waits(
    team: dict[str, User], their_team: dict[str, User], school: School, other_school: School, client_of: ClientOf,
    same_query_count: Callable[..., int],
) -> None:  # fmt: skip
    client = client_of(team["coordinator"])

    def add() -> None:
        busy_day(school, team, other_school, their_team)
        count_all()

    count_all()
    assert same_query_count(lambda: client.get("/"), add) < FEWER_THAN
    for client in map(client_of, (team["director"], team["referent"], team["company_relations"])):
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/").status_code == 200
        assert len(asked) < FEWER_THAN, [query["sql"][:120] for query in asked.captured_queries]


def test_hundreds_that_wait_cost_no_question_more(
    team: dict[str, User], school: School, auditor: User, officer: User, client_of: ClientOf
) -> None:
    today, place = timezone.localdate(), host()
    stay = {
        "trainee_id": 1, "pathway_id": 1, "school": school, "establishment": place, "kind": "discovery", "created_by": officer,
        "status": "accepted", "starts_on": today - timedelta(days=9), "ends_on": today + timedelta(days=30),
    }  # fmt: skip
    # A third began already, a third begins within a week, a third begins later.
    days = f"date '{today}' + (ARRAY[-9, 2, 20])[1 + n %% 3]"
    many = Kind(Internship, 1, stay, {"trainee_id": f"{BASE} + n", "pathway_id": f"{BASE} + n", "starts_on": days})
    people = (auditor, officer, team["coordinator"], team["director"])

    def asked_for(user: User) -> tuple[int, list[str]]:
        client = client_of(user)
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/")
        return len(asked), [
            task.words for task in page.context["today"].tasks if "sans convention signée" in task.words
        ]

    few = [asked_for(user) for user in people]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        copies(many, 0, 1200)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    found = [asked_for(user) for user in people]
    assert [count for count, _ in found] == [count for count, _ in few]
    for _, words in found:
        assert [one.startswith("plus de\N{NO-BREAK SPACE}100") for one in words] == [True, True], words
