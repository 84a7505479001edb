"""What is stopped is told to whoever operates the portal, in French, and to nobody else."""

import csv
import io
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents import sweeping
from e2c_portal.documents.models import Document, Status
from e2c_portal.kernel.models import Job
from e2c_portal.mailing.models import Mail, Sms
from e2c_portal.mailing.models import Status as MessageStatus
from e2c_portal.upkeep import incidents, incidents_watch, incidents_web
from e2c_portal.upkeep import incidents_words as words
from e2c_portal.upkeep.incidents_finding import Fault
from e2c_portal.upkeep.incidents_retention import SILENT_FOR, silent_since
from e2c_portal.upkeep.models import Incident, Pulse
from tests.factories.documents import seal
from tests.upkeep.failed_work import mail_in

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def fresh_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incidents_watch, "_watch", incidents_watch._Watch())


def page(client: Client) -> str:
    answer = client.get(reverse("upkeep:incidents"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_only_those_who_operate_or_audit_read_it(
    officer: User, auditor: User, data_officer: User, door_staff: User, coordinator: User, client_of: ClientOf
) -> None:
    address = reverse("upkeep:incidents")
    assert Client().get(address).status_code == 302
    for person in (data_officer, door_staff, coordinator):
        assert client_of(person).get(address).status_code == 403
        assert incidents.on_first_page(person) is None
    for person in (officer, auditor):
        assert "Rien n’est arrêté" in page(client_of(person))


def test_a_document_that_waits_for_a_service_and_one_that_waits_for_somebody(
    notice: Callable[..., Document], officer: User, client_of: ClientOf
) -> None:
    seal(notice("Un visage \U0001f600."))
    refused = seal(notice("Un autre \U0001f600."))
    Document.objects.filter(pk=refused.pk).update(retry_at=Now(), failure="L’espace de stockage est plein.")
    assert incidents.look() == 2
    told = page(client_of(officer))
    for words_told in ("Des documents sont en échec", "L’espace de stockage est plein.", "Ce que vous faites"):
        assert words_told in told
    # The reason of a document that failed may name somebody: it is read on the document.
    assert "U+1F600" not in told
    first_page = incidents.on_first_page(officer)
    assert first_page is not None
    assert first_page[0].endswith("1\N{NO-BREAK SPACE}autre panne")


def test_jobs_that_do_not_leave_open_one_incident_then_close_it() -> None:
    Job.objects.bulk_create(Job(task="documents.build") for _ in range(3))
    assert incidents.look() == 0
    Job.objects.update(created_at=F("created_at") - timedelta(minutes=5))
    assert (incidents.look(), incidents.look()) == (1, 1)
    incident = Incident.objects.get(kind=words.BROKER)
    assert incident.count == 3
    assert timezone.now() - incident.opened_at > timedelta(minutes=4)
    Job.objects.all().delete()
    assert incidents.look() == 0
    Incident.objects.update(seen_at=F("seen_at") - timedelta(minutes=3))
    incidents.look()
    incident.refresh_from_db()
    assert incident.closed_at == incident.seen_at
    assert incidents.open_incidents() == []
    assert list(incidents.past_incidents()) == [incident]


def test_a_database_that_was_away_is_told_once_it_is_back(officer: User, client_of: ClientOf) -> None:
    away = {"jobs": OperationalError("the connection is closed")}
    incidents_watch.witness({}, away)
    incidents_watch.witness({}, away)
    assert not Incident.objects.exists()
    incidents_watch.witness({}, {})
    incident = Incident.objects.get()
    assert (incident.kind, incident.closed_at is not None) == (words.DATABASE, True)
    assert "La base de données n’a pas répondu" in page(client_of(officer))


def test_a_watcher_that_slept_says_so() -> None:
    incidents_watch.witness({}, {})
    Pulse.objects.update(at=F("at") - timedelta(hours=2))
    incidents_watch.witness({}, {})
    incident = Incident.objects.get()
    assert incident.kind == words.SLEEP
    assert timedelta(hours=1, minutes=59) < incident.closed_at - incident.opened_at < timedelta(hours=2, minutes=1)  # type: ignore[operator]


def test_a_work_taken_back_from_a_dead_worker_is_told(notice: Callable[..., Document]) -> None:
    document = notice()
    rows = Document.objects.filter(pk=document.pk)
    rows.update(status=Status.BUILDING, claim=document.public_id, claimed_at=Now() - timedelta(hours=1))
    incidents_watch.witness({"interrupted documents": sweeping.free_interrupted()}, {})
    assert Incident.objects.get().kind == words.INTERRUPTED


def test_no_address_nor_number_that_a_service_repeats_is_kept() -> None:
    mail = mail_in(MessageStatus.FAILED)
    Mail.objects.filter(pk=mail.pk).update(status=MessageStatus.QUEUED, finished_at=None, failure="")
    Mail.objects.update(unreachable_at=Now(), answer="450 4.2.1 <camille.dupont@exemple.fr> attend")
    for number in ("+33612345678", "+33 6 12 34 56 78", "0612345678", "06.12.34.56.78"):
        phone = f"+336{Sms.objects.count():08}"
        Sms.objects.create(
            kind="essai", phone=phone, content_sha256="0" * 64, due_at=Now(), attempts=1, answer=f"421 {number} attend",
        )  # fmt: skip
        incidents.look()
        kept = Incident.objects.get(kind=words.MAIL_LATER)
        assert "421 … attend" in kept.reason
        Sms.objects.update(answer="")
    assert "450 4.2.1 <…> attend" in Incident.objects.get(kind=words.MAIL_MUTE).reason


def test_every_fault_has_its_words() -> None:
    for kind, told in words.WORDS.items():
        incidents.note(Fault(kind, 2))
        assert all((told.title, told.seen, told.portal, told.to_do)), kind
    assert len(incidents.open_incidents()) == len(words.WORDS)


def test_past_faults_are_found_by_words_kind_and_days_and_leave_as_a_file(
    officer: User, coordinator: User, client_of: ClientOf
) -> None:
    paris = timezone.get_current_timezone()
    march, april = (datetime(2026, month, 31 if month == 3 else 2, 23, 30, tzinfo=paris) for month in (3, 4))
    incidents.note_past(words.SLEEP, march, march + timedelta(minutes=125))
    incidents.note_past(words.DATABASE, april, april + timedelta(seconds=20))
    Incident.objects.create(
        kind=words.SERVICES, opened_at=april, seen_at=april, closed_at=april, count=3, reason="L’espace de stockage est plein."
    )  # fmt: skip
    client, titles = client_of(officer), {kind: words.WORDS[kind].title for kind in words.WORDS}

    def found(**asked: str) -> set[str]:
        told = b"".join(
            client.get(reverse("exports:export", args=["exploitation-pannes", "csv"]), asked).streaming_content
        )
        seen = client.get(reverse("upkeep:incidents"), asked).context["past"]
        lines = list(csv.DictReader(io.StringIO(told.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert [line["Panne"] for line in lines] == [one.words.title for one in seen]
        return {kind for kind, title in titles.items() if title in {line["Panne"] for line in lines}}

    assert found() == {words.SLEEP, words.DATABASE, words.SERVICES}
    assert found(q="POSTGRESQL disque") == {words.DATABASE}
    assert found(q="stockage plein") == {words.SERVICES}
    assert found(sorte=words.SLEEP) == {words.SLEEP}
    # It went on after midnight: both days are its own.
    assert found(du="2026-04-01", au="2026-04-01") == {words.SLEEP}
    assert found(au="2026-03-31") == {words.SLEEP}
    assert found(du="2026-04-02") == {words.DATABASE, words.SERVICES}
    assert found(q="inconnu") == set()
    assert "Aucune panne ne correspond" in client.get(reverse("upkeep:incidents"), {"q": "inconnu"}).content.decode()
    wrong = client.get(reverse("upkeep:incidents"), {"du": "hier", "sorte": "autre"})
    assert (wrong.status_code, len(wrong.context["past"])) == (200, 3)
    assert "2\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05" in wrong.content.decode()
    assert client_of(coordinator).get(reverse("exports:export", args=["exploitation-pannes", "csv"])).status_code == 404


def test_a_dead_process_that_nobody_buried_is_dead() -> None:
    """Its line in /proc stays until its end is read, which in a container without an init never comes."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    try:
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        assert Path(f"/proc/{child}").exists()
        assert incidents_web._born(child) == incidents_web.GONE
    finally:
        os.waitpid(child, 0)


def test_machines_whose_names_begin_alike_do_not_bury_the_processes_of_one_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in (1, 2):
        monkeypatch.setattr("socket.gethostname", lambda number=number: f"portail-e2c-web-{number}")
        incidents_web._tell_of_the_dead()
        Pulse.objects.create(watcher=f"{incidents_web._machine()}4194304-1")
    assert Pulse.objects.count() == 2
    assert not Incident.objects.exists()


def test_a_process_gives_signs_of_life_and_one_gone_with_its_machine_is_forgotten() -> None:
    own, now = incidents_web._name_of(os.getpid()), timezone.now()
    for watcher, days in (
        (own, 10),
        ("web 0123456789ab 7-1", 8),
        ("web portail-e2c- 8-1", 6),
        (incidents_watch.SWEEPER, 30),
    ):
        Pulse.objects.create(watcher=watcher, at=now - timedelta(days=days))
    incidents_web._ClockWatch().look()
    assert [row.watcher for row in silent_since(now - SILENT_FOR)] == ["web 0123456789ab 7-1"]
    assert Pulse.objects.get(pk=own).at >= now - timedelta(minutes=1)


def test_a_long_list_of_past_faults_asks_as_little_of_the_database(
    officer: User, client_of: ClientOf, same_query_count: Callable[..., int]
) -> None:
    client = client_of(officer)
    now = timezone.now()
    incidents.note_past(words.SLEEP, now, now)
    same_query_count(
        lambda: client.get(reverse("upkeep:incidents")), lambda: incidents.note_past(words.SLEEP, now, now)
    )
