"""Messages that come back, and what staff reads of it."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from e2c_portal.mailing import bounces, sending
from e2c_portal.mailing.bounce_reports import read_report
from e2c_portal.mailing.bounces import record_bounce, record_report
from e2c_portal.mailing.models import Mail, Status
from e2c_portal.mailing.queries import next_step, reach_of
from tests.mailing.reports import VACATION, report
from tests.mailing.samples import Probe, invite
from tests.mailing.smtp_sink import Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(sink: Sink) -> Mail:
    """A message that left."""
    asked = invite()
    sending.send_mail(asked.pk)
    asked.refresh_from_db()
    return asked


@pytest.mark.parametrize("quoted", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_marks_the_message_and_says_what_to_do(mail: Mail, probe: Probe, quoted: str) -> None:
    assert record_report(report(mail.message_id, quoted=quoted))
    mail.refresh_from_db()
    assert mail.status == Status.BOUNCED
    assert mail.failure.startswith("Cette adresse n’existe pas")
    assert "550 5.1.1 User unknown" in mail.failure
    assert next_step(mail) == mail.failure
    assert not reach_of("PAUL@exemple.fr").works
    assert probe.heard == [(mail.delivery, "sent"), (mail.delivery, "bounced")]


def test_the_quoted_message_is_not_kept(mail: Mail) -> None:
    link = f"http://testserver/lien/{'k' * 43}/"
    record_report(report(mail.message_id, diagnosis=f"smtp; 554 blocked url {link}", body=f"Lire et signer : {link}"))
    mail.refresh_from_db()
    assert "554 blocked url" in mail.failure
    assert "k" * 43 not in str(list(Mail.objects.values()))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.2.2", "pleine"), ("5.2.1", "fermée"), ("5.1.2", "domaine"), ("5.1.9", "adresse est refusée"),
        ("5.7.1", "refuse les messages"), ("5.4.4", "pas pu être joint"), ("5.9.9", "vérifiez l’adresse"), ("", "vérifiez l’adresse"),
    ],
)  # fmt: skip
def test_each_status_has_french_words(status: str, words: str) -> None:
    read = read_report(report("<a@b>", status=status))
    assert read is not None
    assert words in read.reason


def test_a_delay_is_not_a_return(mail: Mail) -> None:
    assert not record_report(report(mail.message_id, action="delayed", status="4.4.1"))
    mail.refresh_from_db()
    assert mail.status == Status.SENT


def test_an_answering_machine_is_ignored(mail: Mail) -> None:
    assert not record_report(VACATION)


def test_a_report_about_somebody_else_is_ignored(mail: Mail) -> None:
    assert not record_report(report("<autre@exemple.fr>"))
    assert not record_report(report(""))
    mail.refresh_from_db()
    assert mail.status == Status.SENT


def test_a_second_report_changes_nothing(mail: Mail, probe: Probe) -> None:
    assert record_bounce(mail.message_id, "boîte pleine")
    assert not record_bounce(mail.message_id, "autre chose")
    mail.refresh_from_db()
    assert mail.failure == "boîte pleine"
    assert len(probe.heard) == 2


def test_a_report_quicker_than_the_worker_is_kept(sink: Sink, probe: Probe) -> None:
    """The worker that comes to write « sent » finds its claim gone."""
    waiting = invite()

    def bounced_meanwhile(mail: Mail) -> dict[str, str]:
        record_bounce(mail.message_id, "boîte pleine")
        return {"link": "http://testserver/x/"}

    probe.link = bounced_meanwhile
    sending.send_mail(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.failure) == (Status.BOUNCED, "boîte pleine")


def test_control_characters_stay_outside(mail: Mail) -> None:
    assert record_bounce(f" {mail.message_id}\n", "ligne\x00 une\nligne deux\x1b[31m")
    mail.refresh_from_db()
    assert mail.failure == "ligne une ligne deux [31m"
    assert not record_bounce("\x00", "rien")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=400), st.text(max_size=300).map(lambda text: report(text, diagnosis=text))))
@example(raw=report("<", diagnosis="<"))
def test_nothing_that_arrives_breaks_the_reader(raw: bytes) -> None:
    found = read_report(raw)
    assert found is None or found.reason


def run(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> str:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    out = io.StringIO()
    call_command("record_bounce", stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_reads_what_a_mail_server_pipes(mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, report(mail.message_id)) == "Retour enregistré.\n"
    assert run(monkeypatch, VACATION) == "Aucun message du portail n’est concerné.\n"
    mail.refresh_from_db()
    assert mail.status == Status.BOUNCED


def test_the_command_asks_the_server_to_come_back_when_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(bounces.Mail.objects, "select_for_update", away)
    with pytest.raises(SystemExit) as left:
        run(monkeypatch, report("<a@b>"))
    assert left.value.code == 75
