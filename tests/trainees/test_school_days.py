"""The figures that the network reads of each school: kept ready, those of its board, and never late."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from e2c_portal.accounts.models import User
from e2c_portal.kernel import sweepers
from schools.models import School
from tests.factories.agreements import accepted_internship, monday_after, sent
from tests.factories.network import member_of
from tests.trainees.scene import TODAY, internship_of, under_way
from trainees.models import Internship, SchoolDay
from trainees.operations.news import count_school_days, shorten
from trainees.operations.pathways import move_pathway
from trainees.reads.day import Chosen
from trainees.reads.school_days import FIGURES, counted, counts_by_school
from trainees.sheets.board import board_of

MONDAY = monday_after(TODAY)
WEEK = timedelta(days=7)
# Figures kept ready are one question; counting adds three.
KEPT, COUNTED = 1, 4


def raw(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def read(*schools: School) -> tuple[dict[int, dict[str, int]], int]:
    """Return the figures of some schools, and how many questions they took."""
    with CaptureQueriesContext(connection) as asked:
        found = counts_by_school([school.pk for school in schools], MONDAY)
    return found, len(asked)


def of_the_board(school: School) -> dict[str, int]:
    """Return the same figures, as the board of the school shows them."""
    board = board_of(Chosen(school), MONDAY)
    keys = {"in_company": "entreprise", "without": "sans-stage", "to_sign": "a-signer"}
    return {"under_way": board.total} | {name: board.section(key).count for name, key in keys.items()}


def signed(row: Internship) -> Internship:
    """Say that an internship is signed: the last step alone would."""
    raw("SET LOCAL session_replication_role = replica")
    raw("UPDATE trainees_internship SET status = 'signed' WHERE id = %s", row.pk)
    raw("SET LOCAL session_replication_role = DEFAULT")
    return row


@pytest.fixture
def busy(school: School, coordinator: User) -> School:
    """Somebody of each kind: without an internship, in a company, with two ahead, suspended with one ahead, under signature."""
    under_way(school, coordinator)
    signed(internship_of(under_way(school, coordinator), coordinator, MONDAY - WEEK, MONDAY + WEEK))
    twice = under_way(school, coordinator)
    internship_of(twice, coordinator, MONDAY + WEEK, MONDAY + WEEK + timedelta(days=4))
    internship_of(twice, coordinator, MONDAY + 2 * WEEK, MONDAY + 2 * WEEK + timedelta(days=4))
    suspended = under_way(school, coordinator)
    signed(internship_of(suspended, coordinator, MONDAY + WEEK, MONDAY + 2 * WEEK))
    move_pathway(suspended.pk, "suspend", coordinator, reason="Santé")
    sent(accepted_internship(school, coordinator), coordinator)
    return school


def test_the_figures_counted_or_kept_are_those_of_the_board(busy: School, other_school: School) -> None:
    figures, asked = read(busy, other_school)
    assert figures[busy.pk] == of_the_board(busy) == {"under_way": 5, "in_company": 1, "without": 1, "to_sign": 1}
    assert figures[other_school.pk] == dict.fromkeys(FIGURES, 0)
    assert asked == COUNTED
    assert count_school_days(MONDAY) == 2
    assert read(busy, other_school) == (figures, KEPT)
    assert count_school_days(MONDAY) == 0


# What changes a figure, by raw SQL, and the figure that must follow at once.
CHANGES = {
    "under_way": "UPDATE trainees_pathway SET status = 'planned' WHERE id = (SELECT max(id) FROM trainees_pathway)",
    "in_company": "DELETE FROM trainees_scheduleday WHERE internship_id = (SELECT min(id) FROM trainees_internship)",
    "without": "UPDATE trainees_internship SET status = 'not_started' WHERE status = 'prospected'",
    "to_sign": "UPDATE trainees_internshipagreement SET status = 'lapsed'",
}


@pytest.mark.parametrize("figure", CHANGES)
def test_a_figure_kept_is_never_late(busy: School, other_school: School, figure: str) -> None:
    count_school_days(MONDAY)
    before, _ = read(busy, other_school)
    # The guards of each life sleep, those that tell the news do not.
    raw("SET CONSTRAINTS ALL IMMEDIATE")
    tables = ("trainees_pathway", "trainees_internship", "trainees_scheduleday", "trainees_internshipagreement")
    for table in tables:
        for (name,) in raw(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger%%'", table
        ):
            raw(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    raw(CHANGES[figure])
    after, asked = read(busy, other_school)
    assert after[busy.pk][figure] != before[busy.pk][figure]
    assert after[busy.pk] == counted([busy.pk], MONDAY)[busy.pk]
    assert asked == COUNTED
    # The other school had no news: nothing of it is counted again.
    assert count_school_days(MONDAY) == 1
    assert read(busy, other_school) == (after, KEPT)


def test_figures_are_those_of_their_day_and_of_their_news(busy: School) -> None:
    count_school_days(MONDAY)
    assert read(busy)[1] == KEPT
    with CaptureQueriesContext(connection) as asked:
        counts_by_school([busy.pk], MONDAY + WEEK)
    assert len(asked) == COUNTED, "the figures of a day are shown on another"
    shorten(0)
    assert read(busy)[1] == COUNTED, "a stamp that no longer stands is met again"
    count_school_days(MONDAY + WEEK)
    assert list(SchoolDay.objects.values_list("school_number", "day")) == [(busy.pk, MONDAY + WEEK)]


def test_every_table_that_is_counted_tells_its_news(busy: School) -> None:
    with CaptureQueriesContext(connection) as asked:
        counted([busy.pk], MONDAY)
    plans = [
        json.dumps(raw(f"EXPLAIN (FORMAT JSON) {query['sql']}".replace("%", "%%"))) for query in asked.captured_queries
    ]
    read = {table for plan in plans for table in re.findall(r"\W+Relation Name\W+(\w+)", plan)}
    told = {
        table for (table,) in raw("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'tell_news_of_%%'")
    }
    assert "trainees_scheduleday" in read
    assert read <= told


def test_a_page_of_schools_asks_as_much_full_as_empty(
    school: School, other_school: School, coordinator: User, officer: User, client_of: Callable[[User], Client],
    same_query_count: Callable[..., int],
) -> None:  # fmt: skip
    client, theirs = client_of(officer), member_of(other_school, officer)

    def add() -> None:
        for where, who in ((school, coordinator), (other_school, theirs)):
            internship_of(under_way(where, who), who, MONDAY, MONDAY + WEEK)

    counting = same_query_count(lambda: client.get("/stagiaires/"), add)
    assert sweepers._sweepers["school days"]() == 2
    page = client.get("/stagiaires/")
    assert {line.name: line.under_way for line in page.context["lines"]} == {str(school): 2, str(other_school): 2}
    with CaptureQueriesContext(connection) as asked:
        client.get("/stagiaires/")
    assert len(asked) == counting - COUNTED + KEPT
