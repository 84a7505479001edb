"""Five hundred conventions and five thousand events: every page asks the database as often as for five, and is answered fast."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from e2c_portal.audit.models import Entry
from partnerships.likeness import nearest_names
from partnerships.models import Company, CompanyExchange, ConventionComment, ConventionMove, PartnershipConvention
from tests.factories.crowd import EVENTS_OF_A_CONVENTION, crowd
from tests.factories.network import network_of
from tests.factories.people import regional_officer
from tests.partnerships.admin_scene import LIST

pytestmark = pytest.mark.django_db
CONVENTIONS, EVENTS = 500, 5000
# All the SQL of one page, on a machine that does other things: about a twentieth of it when it does nothing else.
SQL_SECONDS = 0.5
PAGES = {
    "conventions": "/conventions/",
    "conventions searched": "/conventions/?q=herault+partenariat",
    "conventions in force": "/conventions/?situation=active",
    "conventions that end": "/conventions/?situation=ending",
    "conventions of no year": "/conventions/?year=1999",
    "conventions, page 3": "/conventions/?page=3",
    "a convention": "/conventions/{convention}/",
    "its text today": "/conventions/{convention}/texte/",
    "its page to write": LIST + "{convention}/change/",
    "admin list": LIST,
    "admin list searched": LIST + "?q=herault",
    "admin list filtered": LIST + "?situation=active&fin=3",
    "admin list sorted": LIST + "?o=2.-5",
    "companies": "/entreprises/",
    "companies searched": "/entreprises/?q=herault",
    "a company": "/entreprises/{company}/",
    "its page to change": "/gestion/partnerships/company/{company}/change/",
    "actions": "/conventions/actions/?toutes",
    "conventions as CSV": "/exports/conventions/csv/",
    "conventions as XLSX, searched": "/exports/conventions/xlsx/?q=herault",
    "conventions as ODS": "/exports/conventions/ods/",
    "companies as CSV": "/exports/entreprises/csv/",
}


@dataclass(frozen=True)
class Answer:
    """What a page asked of the database."""

    queries: list[dict[str, Any]]

    @property
    def seconds(self) -> float:
        return sum(float(query["time"]) for query in self.queries)


@dataclass(frozen=True)
class Scene:
    """A portal with many conventions, and what its pages asked when it had five."""

    client: Client
    subjects: dict[str, int]
    few: dict[str, int]

    def answer(self, page: str) -> Answer:
        url = PAGES[page].format(**self.subjects)
        with CaptureQueriesContext(connection) as asked:
            answer = self.client.get(url)
            assert answer.status_code == 200, url
            if answer.streaming:
                # A file leaves while it is read.
                assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        return Answer(asked.captured_queries)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """Write five conventions, note what each page asks, then write the others; all of it is gone with the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        officer, client = regional_officer(), Client()
        client.force_login(officer)
        network_of(officer)
        signed = crowd(5, officer)[1]
        scene = Scene(client, {"convention": signed.pk, "company": signed.company_id}, {})
        for page in PAGES:
            scene.answer(page)  # what is read once per process must not count
            scene.few[page] = len(scene.answer(page).queries)
        crowd(CONVENTIONS - 5, officer)
        yield scene
        transaction.set_rollback(True)


def test_there_are_as_many_as_said(scene: Scene) -> None:
    assert PartnershipConvention.objects.count() == CONVENTIONS
    kinds = (ConventionMove, Entry.objects.filter(action="convention.revised"), ConventionComment, CompanyExchange)
    counted = sum((kind if hasattr(kind, "count") else kind.objects).count() for kind in kinds)
    assert counted == EVENTS == CONVENTIONS * EVENTS_OF_A_CONVENTION


def test_every_page_asks_as_often_and_is_answered_fast(scene: Scene) -> None:
    """One test for all: the crowd is long to write, and tests apart would have each process write its own."""
    answers = {page: scene.answer(page) for page in PAGES}
    assert {page: len(answer.queries) for page, answer in answers.items()} == scene.few
    assert {page: answer.seconds for page, answer in answers.items() if answer.seconds > SQL_SECONDS} == {}


def plan_of(sql: str, *values: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


def rows_read(table: str) -> tuple[int, int]:
    """Return how often a table was read whole in this transaction, and how many of its rows were reached by an index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = %s", [table])
        whole, by_index = cursor.fetchone()
    return int(whole), int(by_index)


class TestPlans:
    """Where an index is meant, the database takes it by itself."""

    def test_names_alike_are_found_by_their_index(self, scene: Scene) -> None:
        Company.objects.bulk_create(Company(legal_name=f"Atelier de menuiserie {n} {n * 7919}") for n in range(3000))
        Company.objects.bulk_create(Company(legal_name=f"Menuiserie du Pic {n}") for n in range(12))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE partnerships_company")
        for typed, number in (("menuizerie du pic", 8), ("carrosserie des halles", 0)):
            before = rows_read("partnerships_company")
            assert Company.objects.filter(pk__in=nearest_names(typed, 8)).count() == number
            whole, by_index = (now - then for now, then in zip(rows_read("partnerships_company"), before, strict=True))
            assert whole == 0, "the table is never read whole"
            assert by_index < 100, (
                "three thousand share half of the letters: they are not measured once eight are nearer"
            )

    def test_what_belongs_to_one_record_is_found_by_an_index(self, scene: Scene) -> None:
        convention, company = scene.subjects["convention"], scene.subjects["company"]
        for table, condition in (
            ("audit_entry", "subject = 'partnerships.partnershipconvention:1'"),
            ("partnerships_companyexchange", f"company_id = {company}"),
            ("partnerships_partnershipconvention", f"company_id = {company}"),
            ("partnerships_conventionmove", f"convention_id = {convention}"),
            ("partnerships_conventioncomment", f"convention_id = {convention}"),
        ):
            plan = plan_of(f"SELECT * FROM {table} WHERE {condition}")
            assert "Index Scan" in plan, table
            assert "Seq Scan" not in plan, table

    @pytest.mark.parametrize(
        ("page", "index"),
        [("conventions", "convention_in_order"), ("admin list", "convention_in_admin_order")],
    )
    def test_the_lists_of_conventions_are_walked_and_not_sorted(self, scene: Scene, page: str, index: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE partnerships_partnershipconvention, partnerships_company")
        ordered = [query["sql"] for query in scene.answer(page).queries if "NULLS FIRST" in query["sql"]]
        [plan] = [plan_of(sql.replace("%", "%%")) for sql in ordered]
        assert index in plan
        assert "Sort" not in plan
