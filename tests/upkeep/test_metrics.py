"""The figures for the supervision: who reads them, that a parser reads them, that they move, and that they name nobody."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from e2c_portal.accounts.models import User
from e2c_portal.documents import sweeping
from e2c_portal.documents.models import Document
from e2c_portal.documents.models import Status as DocumentStatus
from e2c_portal.mailing.models import Status as MessageStatus
from e2c_portal.upkeep import incidents_watch, metrics_readings, milestones
from e2c_portal.upkeep.consistency import registry
from tests.accounts.applications import with_application
from tests.factories.people import PASSWORD
from tests.upkeep.failed_work import document_in, failed_task, mail_in, waiting_job

pytestmark = pytest.mark.django_db
ADDRESS, TOKEN = "/metriques/", "jeton-d’essai-avec-accent-é"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(autouse=True)
def supervised(settings, seal_key: None) -> None:
    settings.METRICS_TOKEN = TOKEN
    cache.clear()


def figures(client: Client) -> Figures:
    answer = client.get(ADDRESS, headers=BEARER)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.content.decode())
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def figure(found: Figures, name: str, **labels: str) -> float:
    return found.get((name, frozenset(labels.items())), 0)


@pytest.mark.parametrize(
    "given", ["", TOKEN, f"Basic {TOKEN}", "Bearer", "Bearer ", "Bearer autre", f"Bearer {TOKEN}x", "Bearer \xff"]
)
def test_without_the_token_nothing_is_told(client: Client, given: str) -> None:
    answer = client.get(ADDRESS, headers={"Authorization": given})
    assert answer.status_code == 401
    assert b"portail_" not in answer.content
    assert client.post(ADDRESS, headers=BEARER).status_code == 405


def test_signing_in_opens_nothing(officer_client: Client) -> None:
    assert officer_client.get(ADDRESS).status_code == 401


def test_without_a_setting_there_is_no_such_page(client: Client, settings) -> None:
    settings.METRICS_TOKEN, settings.METRICS_NETWORKS = "", []
    assert client.get(ADDRESS, headers=BEARER).status_code == 404
    assert client.get(ADDRESS, headers={"Authorization": "Bearer "}).status_code == 404


def test_a_network_may_be_let_in(client: Client, settings) -> None:
    settings.METRICS_NETWORKS = ["10.0.0.0/8"]
    assert client.get(ADDRESS, REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get(ADDRESS, REMOTE_ADDR="11.1.2.3").status_code == 401
    # What a visitor writes by themselves is believed by nobody.
    assert client.get(ADDRESS, REMOTE_ADDR="11.1.2.3", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 401


def test_pages_are_counted_by_name(client: Client) -> None:
    before = figures(client)
    client.get("/")
    client.get("/")
    client.get("/rien/camille.dupont/")
    client.post("/connexion/", {"login": "camille.dupont@exemple.fr", "password": "faux"})
    after = figures(client)

    def moved(name: str, **labels: str) -> float:
        return figure(after, name, **labels) - figure(before, name, **labels)

    assert moved("portail_requests_total", view="home", method="GET", status="200") == 2
    assert moved("portail_requests_total", view="unknown", method="GET", status="404") == 1
    assert moved("portail_request_seconds_count", view="home") == 2
    assert moved("portail_request_seconds_bucket", view="home", le="+Inf") == 2
    assert moved("portail_signin_refusals_total", way="password") == 1
    assert moved("portail_requests_total", view="metrics", method="GET", status="200") == 1


def test_a_wrong_second_step_is_a_refused_sign_in(client: Client, officer: User) -> None:
    """Whoever tries it holds the password already."""
    with_application(officer)
    client.post("/connexion/", {"login": officer.email, "password": PASSWORD})
    before = figures(client)
    client.post("/connexion/seconde-etape/", {"code": "000000"})
    after = figures(client)
    wrong = [figure(found, "portail_signin_refusals_total", way="factor") for found in (before, after)]
    assert wrong[1] - wrong[0] == 1


def test_what_waits_and_failed_is_counted(client: Client, officer: User) -> None:
    for status in (DocumentStatus.QUEUED, DocumentStatus.BUILDING, DocumentStatus.FAILED):
        document_in(status, officer)
    waiting_job()
    failed_task()
    mail_in(MessageStatus.BOUNCED)
    mail_in(MessageStatus.FAILED)
    found = figures(client)
    assert [figure(found, "portail_documents", state=state) for state in ("queued", "building", "failed", "ready")] == [1, 1, 1, 0]  # fmt: skip
    assert 0 < figure(found, "portail_documents_oldest_waiting_seconds") < 60
    assert figure(found, "portail_jobs_waiting") >= 1
    assert figure(found, "portail_task_failures") == 1
    assert figure(found, "portail_messages", channel="mail", state="bounced") == 1
    assert figure(found, "portail_messages", channel="mail", state="failed") == 1
    assert figure(found, "portail_messages", channel="sms", state="waiting") == 0
    assert figure(found, "portail_database_connections") >= 1
    assert figure(found, "portail_storage_free_bytes", storage="documents") > 0
    assert figure(found, "portail_certificate_days_left", certificate="seal") > 0
    assert not [name for name, labels in found if name == "portail_reading_failed" and found[name, labels]]


def test_a_document_that_nobody_makes_waits_longer_and_longer(client: Client, notice: Callable[..., Document]) -> None:
    """The sweeper asks for it again at each lease: for all that, it waits since it was first asked for."""
    document = notice()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE documents_document SET requested_at = now() - interval '2 hours', queued_at = now() - interval '5 minutes'"
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert sweeping.ask_for_lost() == 1
    assert figure(figures(client), "portail_documents_oldest_waiting_seconds") > 7000
    [stuck] = registry._checks["stuck"].look(registry.Scope(0)).faults
    assert document.reference in stuck.sentence


def test_the_watcher_says_when_it_last_looked(client: Client) -> None:
    incidents_watch.witness({}, {})
    assert figure(figures(client), "portail_last_success_timestamp_seconds", what="sweeper") > 0


def test_a_part_that_is_away_takes_no_other_with_it(client: Client, settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    found = figures(client)
    assert figure(found, "portail_reading_failed", reading="broker") == 1
    assert figure(found, "portail_reading_failed", reading="work") == 0
    assert figure(found, "portail_database_connections") >= 1


def test_milestones_of_others_are_told(client: Client, monkeypatch: pytest.MonkeyPatch, officer: User) -> None:
    monkeypatch.setitem(milestones._milestones, "backup", lambda: officer.created_at)
    monkeypatch.setitem(milestones._milestones, "never", lambda: None)
    found = figures(client)
    told = figure(found, "portail_last_success_timestamp_seconds", what="backup")
    assert told == pytest.approx(officer.created_at.timestamp(), abs=1)
    assert ("portail_last_success_timestamp_seconds", frozenset({("what", "never")})) not in found


def test_no_label_names_somebody(client: Client, officer: User, officer_client: Client) -> None:
    for path in (
        "/stagiaires/?q=camille.dupont",
        "/gestion/accounts/user/",
        "/lien/" + "k" * 43 + "/",
        "/verifier/ABCD-1234/",
    ):
        officer_client.get(path)
    labels = {value for _, labels in figures(client) for _, value in labels}
    assert not [value for value in labels if any(bad in value for bad in ("@", "dupont", "kkkk", "ABCD", "/"))]


def test_a_scrape_asks_as_much_for_ten_rows_as_for_one(client: Client, officer: User) -> None:
    figures(client)

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            figures(client)
        return [query["sql"] for query in queries.captured_queries]

    document_in(DocumentStatus.FAILED, officer)
    one = asked()
    for _ in range(9):
        document_in(DocumentStatus.QUEUED, officer)
        failed_task(envelope=_)
    assert len(asked()) == len(one) < 40


@pytest.mark.parametrize(
    "name", ["documents_document", "mailing_mail", "mailing_sms", "kernel_job", "kernel_taskfailure"]
)
def test_no_figure_walks_through_a_table(client: Client, officer: User, name: str) -> None:
    """Each question is asked of PostgreSQL with walks forbidden where an index can answer: none is left."""
    with CaptureQueriesContext(connection) as queries:
        list(metrics_readings._work())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in queries.captured_queries:
            if f'FROM "{name}"' in query["sql"]:
                cursor.execute("EXPLAIN " + query["sql"])
                plan = "\n".join(row[0] for row in cursor.fetchall())
                assert f"Seq Scan on {name}" not in plan, plan


COUNT = """
import django; django.setup()
from e2c_portal.upkeep import metrics_store
metrics_store.requests.labels("home", "GET", "200").inc()
"""


def test_the_processes_of_one_machine_count_together(tmp_path: Path, client: Client, settings) -> None:
    environment = os.environ | {
        "METRICS_DIR": str(tmp_path / "compteurs"),
        "DJANGO_SETTINGS_MODULE": "e2c_portal.settings.test",
    }
    running = [subprocess.Popen([sys.executable, "-c", COUNT], env=environment) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    settings.METRICS_DIR = str(tmp_path / "compteurs")
    assert figure(figures(client), "portail_requests_total", view="home", method="GET", status="200") == 2


def test_a_reading_may_be_added(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def reading():  # type: ignore[no-untyped-def]
        yield metrics_readings._family("portail_essai", "Essai.", {(): 3})

    monkeypatch.setitem(metrics_readings._readings, "essai", reading)
    assert figure(figures(client), "portail_essai") == 3


def test_a_network_that_is_none_is_refused_at_the_start(settings) -> None:
    settings.METRICS_NETWORKS = ["10.0.0.0/8", "::1/128", "10.0.0.1/8", "ici"]
    found = [message for message in run_checks() if message.id == "upkeep.E001"]
    assert ["10.0.0.1/8" in found[0].msg, "ici" in found[1].msg, len(found)] == [True, True, 2]
