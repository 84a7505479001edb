"""The board kept ready: the same page, much sooner, and never a late one, nor one of another school or right."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.upkeep import maintenance
from schools.models import School
from tests.factories.agreements import accepted_internship, sent
from tests.factories.network import member_of
from tests.factories.trainees import site_of
from tests.trainees.assessing import to_assess
from tests.trainees.scene import TODAY, internship_of, under_way
from trainees.models import AccidentReport, Internship
from trainees.operations.accidents import open_accident
from trainees.operations.news import shorten
from trainees.reads.news import stamp_of

BOARD = "/stagiaires/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')
# Session, account, memberships, stamp.
FEW = 5
# Read for a board and fed by no trigger, with the reason why nothing is late all the same.
TOLD_OTHERWISE = {
    "django_session": "before the page, at each request",
    "accounts_user": "a trigger tells the names; the rest is read at each request",
    "schools_membership": "read at each request, and part of what the page stands on",
    "schools_network": "read with each school, shown by no board",
}


def whole(client: Client, **choice: Any) -> str:
    response = client.get(BOARD, choice)
    assert response.status_code == 200
    return response.content.decode()


def queries(client: Client, **choice: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        whole(client, **choice)
    return len(asked)


def raw(sql: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


@pytest.fixture
def stay(school: School, coordinator: User) -> Internship:
    """Somebody in a company today, whose next day there is tomorrow."""
    pathway = under_way(school, coordinator, last_name="Alba", first_name="Inès")
    return internship_of(pathway, coordinator, TODAY - timedelta(days=2), TODAY + timedelta(days=5))


@pytest.fixture
def client(coordinator: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(coordinator)


def test_the_same_page_comes_back_sooner_with_tokens_of_its_own(
    stay: Internship, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(coordinator, strict=True)  # type: ignore[call-arg]
    first, second = whole(client), whole(client)
    assert queries(client) <= FEW
    tokens = TOKEN.findall(first) + TOKEN.findall(second)
    assert len(set(tokens)) == 2
    assert TOKEN.sub("", first) == TOKEN.sub("", second)
    left = client.post(reverse("account_logout"), {"csrfmiddlewaretoken": tokens[1]})
    assert left.status_code == 302, "the token of a kept page is refused"


def test_somebody_else_never_meets_the_token_nor_the_name_of_the_first(
    school: School, stay: Internship, client: Client, officer: User, client_of: Callable[[User], Client]
) -> None:
    colleague = client_of(member_of(school, officer, "Paul Voisin"))
    mine, theirs = whole(client), whole(colleague)
    assert "Nadia Perrin" in mine
    assert "Paul Voisin" in theirs
    assert "ALBA Inès" in theirs
    assert not set(TOKEN.findall(mine)) & set(TOKEN.findall(theirs))


# What a board shows, changed by raw SQL, and what is then read on it.
CHANGES: dict[str, tuple[str, str]] = {
    "name of a trainee": ("UPDATE trainees_trainee SET last_name = 'Zorro' WHERE id = {trainee}", "ZORRO Inès"),
    "name of a referent": ("UPDATE accounts_user SET full_name = 'Rita Neuve' WHERE id = {referent}", "Rita Neuve"),
    "referent": ("UPDATE trainees_pathway SET referent_id = NULL WHERE school_id = {school}", "Sans référent"),
    "end of a trial": ("UPDATE trainees_pathway SET trial_ends_on = {in_five_days} WHERE id = {pathway}", "Période d’essai, jusqu’au"),
    "name of a place": ("UPDATE partnerships_establishment SET name = 'Lieu Neuf' WHERE id = {place}", "Lieu Neuf"),
    "diffusion of a company": (
        "UPDATE partnerships_company SET diffusion_status = 'P' WHERE id = {company}", "Siège",
    ),
    "name of a tutor": ("UPDATE partnerships_companycontact SET full_name = 'Tuteur Neuf' WHERE id = {tutor}", "Tuteur Neuf"),
    "days in the company": ("DELETE FROM trainees_scheduleday WHERE internship_id = {stay}", "Personne n’est en entreprise"),
    "name of the school": ("UPDATE schools_school SET name = 'École Neuve' WHERE id = {school}", "École Neuve"),
    "site": (
        "INSERT INTO schools_site (school_id, name, address, postal_code, city) VALUES ({school}, 'Site Neuf', '', '34000', 'Sète'),"
        " ({school}, 'Site Bis', '', '34000', 'Sète')", "Site Neuf",
    ),
    "absence": (
        "INSERT INTO trainees_attendancehalfday (school_id, pathway_id, trainee_id, day, half, place, state, minutes, late_minutes, reason, "
        "recorded_by_id) VALUES ({school}, {pathway}, {trainee}, {today}, 'am', 'school', 'absent', 180, NULL, '', {coordinator})", "à justifier",
    ),
}  # fmt: skip


def test_each_kind_of_row_shows_at_once_whoever_writes_it(
    school: School, stay: Internship, client: Client, coordinator: User, officer: User
) -> None:
    # This test has its schedule today, whatever the day: it gives back the rule of Sundays with its transaction.
    raw("SET CONSTRAINTS ALL IMMEDIATE")
    raw("ALTER TABLE trainees_scheduleday DROP CONSTRAINT schedule_never_on_sunday")
    raw("SET CONSTRAINTS ALL DEFERRED")
    under_way(school, coordinator)
    referent = member_of(school, officer)
    raw("UPDATE trainees_pathway SET referent_id = %s WHERE school_id = %s", referent.pk, school.pk)
    stay.days.get_or_create(day=TODAY, defaults={"starts_at": "09:00", "ends_at": "12:00"})
    named = {
        "trainee": stay.trainee_id, "coordinator": coordinator.pk, "referent": referent.pk, "pathway": stay.pathway_id, "place": stay.establishment_id,
        "company": stay.establishment.company_id, "tutor": stay.tutor_id, "stay": stay.pk, "school": school.pk,
        "today": f"'{TODAY}'", "in_five_days": f"'{TODAY + timedelta(days=5)}'",
    }  # fmt: skip
    with connection.cursor() as cursor:
        # The last step alone would say so; where people are today is told of signed internships.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE trainees_internship SET status = 'signed' WHERE id = %s", [stay.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    for what, (sql, words) in CHANGES.items():
        with transaction.atomic():
            before = whole(client)
            assert words not in before, what
            assert queries(client) <= FEW, f"{what}: the page was not kept"
            raw(sql.format(**named))
            assert words in whole(client), what
            transaction.set_rollback(True)


def test_accidents_assessments_and_signatures_show_at_once(school: School, coordinator: User, client: Client) -> None:
    assert "accident à déclarer" not in whole(client)
    happened = timezone.now() - timedelta(hours=1)
    row = AccidentReport(
        pathway=under_way(school, coordinator), occurred_at=happened, known_at=happened, place="school",
        place_words="Atelier", circumstances="Chute.",
    )  # fmt: skip
    open_accident(row, coordinator)
    assert "accident à déclarer" in whole(client)
    *_, assessment = to_assess(school, coordinator)
    assert "Évaluations à demander" in whole(client)
    raw("UPDATE trainees_companyassessment SET due_on = %s WHERE id = %s", TODAY - timedelta(days=1), assessment.pk)
    assert "Évaluations en retard" in whole(client)
    agreement = sent(accepted_internship(school, coordinator), coordinator)
    assert "Attendu" in whole(client)
    seen = whole(client)
    stamps = [stamp_of([school.pk])]
    for table in ("signing_envelope", "signing_signatory", "trainees_internshipagreement"):
        stamps.append(_after_writing(table, school))
    assert len(set(stamps)) == 4, f"{agreement} {seen[:0]}"


def _after_writing(table: str, school: School) -> str:
    """Write every row of a table as it is: the database tells it all the same, and asks nobody's leave."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET id = id")
    return stamp_of([school.pk])


def test_every_table_that_a_board_reads_tells_its_news(
    school: School, stay: Internship, client: Client, coordinator: User, officer_client: Client
) -> None:
    site_of(school)
    sent(accepted_internship(school, coordinator), coordinator)
    to_assess(school, coordinator)
    with CaptureQueriesContext(connection) as asked:
        for browser, choice in ((client, {}), (client, {"miens": "on"}), (officer_client, {"ecole": school.pk})):
            whole(browser, **choice)
    read = {table for query in asked.captured_queries for table in _tables(query["sql"])}
    assert {"trainees_pathway", "trainees_scheduleday", "signing_signatory", "trainees_traineeanswer"} <= read
    told = {
        table for (table,) in _rows("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'tell_news_of_%'")
    }
    late = read - told - set(TOLD_OTHERWISE) - {"trainees_schoolnews"}
    assert not late, (
        f"{late}: a change of these would not show. Tell their news (trainees/migrations), or say why it need not."
    )


def _tables(sql: str) -> Iterator[str]:
    if not re.match(r"\s*(SELECT|WITH)\b", sql):
        return
    ((plan,),) = _rows(f"EXPLAIN (FORMAT JSON, VERBOSE) {sql}")
    yield from re.findall(r'"Relation Name": "(\w+)"', plan if isinstance(plan, str) else json.dumps(plan))


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_nothing_of_one_school_is_served_to_another(
    school: School, other_school: School, stay: Internship, client: Client, officer: User,
    client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    whole(client)
    whole(client, ecole=other_school.pk)
    elsewhere = client_of(member_of(other_school, officer, "Nadia Perrin"))
    assert "ALBA" not in whole(elsewhere) + whole(elsewhere, ecole=school.pk)


def test_the_whole_network_at_once_is_always_drawn(
    school: School, stay: Internship, officer_client: Client, coordinator: User
) -> None:
    for choice in ({}, {"ecole": 0}, {"ecole": f"0{school.pk}"}, {"ecole": "²"}):
        whole(officer_client, **choice)
        assert queries(officer_client, **choice) > FEW, choice
    whole(officer_client, ecole=school.pk)
    assert queries(officer_client, ecole=school.pk) <= FEW
    under_way(school, coordinator, last_name="Neuf", first_name="Ali")
    assert "NEUF Ali" in whole(officer_client, ecole=school.pk)


def test_a_right_taken_away_shuts_the_board_at_once(
    school: School, stay: Internship, coordinator: User, client: Client
) -> None:
    whole(client)
    whole(client)
    raw("UPDATE schools_membership SET role = 'company_relations' WHERE user_id = %s", coordinator.pk)
    assert "Nouveau stagiaire" not in whole(client)
    raw("UPDATE schools_membership SET ends_on = %s WHERE user_id = %s", TODAY - timedelta(days=1), coordinator.pk)
    assert client.get(BOARD).status_code == 403


def test_what_stands_before_a_page_stands_before_a_kept_one(
    school: School, stay: Internship, client: Client, officer_client: Client, officer: User,
    client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    whole(officer_client, ecole=school.pk)
    password_alone = Client()
    password_alone.force_login(officer)
    session = password_alone.session
    session.pop("second_factor_shown_for", None)
    session.save()
    assert password_alone.get(BOARD, {"ecole": school.pk}).status_code == 302
    whole(client)
    maintenance.begin(timezone.now() + timedelta(minutes=40), "Le portail change de version.")
    try:
        assert client.get(BOARD).status_code == 503
    finally:
        maintenance.end()
        maintenance.forget()


def test_news_made_short_never_bring_a_former_page_back(school: School) -> None:
    seen = set()
    for _ in range(4):
        raw(
            "INSERT INTO trainees_schoolnews (school_number, mark) SELECT %s, hashtextextended(gen_random_uuid()::text, 0)",
            school.pk,
        )
        seen.add(stamp_of([school.pk]))
    assert shorten(3) >= 4
    assert stamp_of([school.pk]) not in seen
    assert _rows(f"SELECT count(*) FROM trainees_schoolnews WHERE school_number = {school.pk}") == [(1,)]
    assert shorten(3) == 0


def test_many_rows_at_once_leave_one_mark(school: School, stay: Internship) -> None:
    count = f"SELECT count(*) FROM trainees_schoolnews WHERE school_number = {school.pk}"
    ((before,),) = _rows(count)
    assert raw("UPDATE trainees_scheduleday SET ends_at = '11:00' WHERE internship_id = %s", stay.pk) > 3
    assert _rows(count) == [(before + 1,)]
    # What no page shows tells nothing.
    raw("UPDATE trainees_trainee SET phone = '0600000000'")
    raw("UPDATE accounts_user SET last_login = now()")
    assert _rows(count) == [(before + 1,)]


@contextmanager
def another_connection() -> Iterator[BaseDatabaseWrapper]:
    other = connection.copy()
    try:
        yield other
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_two_who_write_and_are_committed_in_the_other_order_are_both_seen(school: School, stay: Internship) -> None:
    """The first to draw its number is the last to be committed: a page drawn between them is kept under a stamp of its own."""
    sql = "UPDATE trainees_pathway SET funding = %s WHERE id = %s"
    second = under_way(school, stay.created_by)
    stamps = [stamp_of([school.pk])]
    with another_connection() as early:
        early.set_autocommit(False)
        early.cursor().execute(sql, ["A", stay.pathway_id])
        stamps.append(stamp_of([school.pk]))
        raw(sql, "B", second.pk)
        stamps.append(stamp_of([school.pk]))
        early.commit()
        stamps.append(stamp_of([school.pk]))
        early.cursor().execute(sql, ["C", stay.pathway_id])
        early.rollback()
        stamps.append(stamp_of([school.pk]))
    assert stamps[0] == stamps[1], "what is not committed is no news"
    assert len(set(stamps[1:4])) == 3
    assert stamps[3] == stamps[4], "what was taken back is no news"
