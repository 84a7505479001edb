"""A message leaves once, by a real mail server that behaves or not."""

import logging
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

import pytest
import time_machine
from django.db.models.functions import Now
from django.utils import timezone

from e2c_portal.kernel.errors import PortalError, Refused
from e2c_portal.mailing import sending
from e2c_portal.mailing.message_types import Attachment
from e2c_portal.mailing.models import Mail, Status
from e2c_portal.mailing.sweeping import sweep
from tests.mailing.conftest import use
from tests.mailing.samples import CONTEXT, INVITATION, Probe, invite, work
from tests.mailing.smtp_sink import Sink, closed_port, html_of, text_of

pytestmark = pytest.mark.django_db


def sent(mail: Mail) -> Mail:
    sending.send_mail(mail.pk)
    mail.refresh_from_db()
    return mail


def again(mail: Mail) -> Mail:
    """Try once more, as the sweeper would once the next try is due."""
    with time_machine.travel(max(mail.due_at, timezone.now() + sending.QUIET), tick=False):
        return sent(mail)


def test_the_message_arrives_whole(sink: Sink, probe: Probe, settings: Any) -> None:
    settings.MAIL_RETURN_PATH = "retours@exemple.fr"
    mail = sent(invite(name="Élodie Béziers, tutrice"))
    assert mail.status == Status.SENT
    assert mail.answer == "250 2.0.0 Ok: queued as ESSAI1"
    assert mail.sent_at is not None
    (message,) = sink.received
    assert sink.envelopes == [("retours@exemple.fr", "paul@exemple.fr")]
    assert message["Subject"].strip() == "Votre signature est attendue\u00a0: La convention d’essai"
    assert parseaddr(str(message["To"])) == ("Élodie Béziers, tutrice", "paul@exemple.fr")
    assert message["From"] == "portail@exemple.invalid"
    assert message["Message-ID"] == mail.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] is None
    assert message.get_content_type() == "multipart/alternative"
    link = f"http://testserver/lien/{'k' * 43}/"
    assert f"\n{link}\n" in text_of(message)
    assert text_of(message).startswith("Bonjour Élodie Béziers, tutrice,\n\nLa convention d’essai attend")
    assert html_of(message).count(link) == 3
    assert '<html lang="fr"' in html_of(message)
    assert probe.heard == [(mail.delivery, "sent")]


def test_files_leave_with_the_message(sink: Sink, probe: Probe) -> None:
    probe.files = (Attachment("reçu.pdf", b"%PDF-1.7", "application/pdf"),)
    sent(invite())
    (file,) = sink.received[0].iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("reçu.pdf", "application/pdf")
    assert file.get_content() == b"%PDF-1.7"


def test_files_that_weigh_too_much_fail_the_message_and_say_so(sink: Sink, probe: Probe) -> None:
    probe.files = (Attachment("film.mp4", bytes(16 * 1024 * 1024), "video/mp4"),)
    mail = sent(invite())
    assert (mail.status, sink.received) == (Status.FAILED, [])
    assert "15 Mo" in mail.failure


def test_a_message_is_sent_once_whatever_the_number_of_tasks(sink: Sink) -> None:
    mail = invite()
    assert [sending.send_mail(mail.pk) for _ in range(3)] == [True, False, False]
    assert len(sink.received) == 1


def test_a_message_for_later_does_not_leave_early(sink: Sink) -> None:
    mail = sent(invite(earliest_at=timezone.now() + timedelta(hours=1)))
    assert (mail.status, mail.attempts, sink.connections) == (Status.QUEUED, 0, 0)


def test_a_message_that_comes_too_late_is_cancelled(sink: Sink) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        mail = invite(not_after=timezone.now() + timedelta(minutes=10))
    with time_machine.travel("2026-11-23 10:10+01:00", tick=False):
        sent(mail)
    assert (mail.status, mail.failure) == (Status.CANCELLED, sending.TOO_LATE)
    assert sink.connections == 0


def test_a_message_that_lost_its_object_is_cancelled_with_the_reason(sink: Sink, probe: Probe) -> None:
    def withdrawn(mail: Mail) -> dict[str, str]:
        raise Refused("Ce lien a été retiré.")

    probe.link = withdrawn
    mail = sent(invite())
    assert (mail.status, mail.failure, sink.connections) == (Status.CANCELLED, "Ce lien a été retiré.", 0)


@pytest.mark.parametrize(
    ("command", "reply", "status"),
    [
        ("RCPT", "550 5.1.1 User unknown", Status.FAILED),
        ("CONTENT", "554 5.7.1 Message refused", Status.FAILED),
        ("DATA", "554 5.5.0 No", Status.FAILED),
        ("RCPT", "450 4.2.0 Greylisted", Status.QUEUED),
        ("CONTENT", "451 4.3.0 Later", Status.QUEUED),
        ("GREETING", "421 Too busy", Status.QUEUED),
        ("RCPT", "421 Closing", Status.QUEUED),
        ("MAIL", "550 5.7.1 Sender refused", Status.QUEUED),
        ("GREETING", "", Status.QUEUED),
        ("MAIL", "", Status.QUEUED),
        ("RCPT", "", Status.QUEUED),
    ],
)
def test_each_refusal_means_what_it_says(sink: Sink, command: str, reply: str, status: str) -> None:
    """5xx about the recipient or the message is final; all the rest, our own settings included, is tried again."""
    sink.manners.replies[command] = [reply]
    mail = sent(invite())
    assert mail.status == status, mail.answer
    assert not mail.maybe_delivered
    assert mail.answer
    if status == Status.FAILED:
        assert mail.failure == sending.REJECTED
    else:
        assert again(mail).status == Status.SENT
    assert len(sink.received) == (status == Status.QUEUED)


def test_a_server_that_dies_before_the_content_is_tried_again_without_a_doubt(sink: Sink) -> None:
    sink.manners.replies["MAIL"] = [""]
    mail = sent(invite())
    assert (mail.status, mail.maybe_delivered) == (Status.QUEUED, False)
    assert again(mail).status == Status.SENT
    assert len(sink.seen) == 1


def test_a_server_that_dies_during_the_content_is_tried_again_under_the_same_name(sink: Sink) -> None:
    """Nobody can know whether it arrived: the copy bears the same Message-ID, by which mailboxes recognise it."""
    sink.manners.replies["CONTENT"] = [""]
    mail = sent(invite())
    assert (mail.status, mail.maybe_delivered) == (Status.QUEUED, True)
    again(mail)
    assert (mail.status, mail.maybe_delivered) == (Status.SENT, True)
    assert [message["Message-ID"] for message in sink.seen] == [mail.message_id] * 2


def test_a_server_rude_after_the_acceptance_does_not_cause_a_second_message(sink: Sink) -> None:
    sink.manners.always["QUIT"] = ""
    assert sent(invite()).status == Status.SENT
    sink.manners.always["QUIT"] = "500 what?"
    assert sent(invite("anne@exemple.fr")).status == Status.SENT
    assert len(sink.received) == 2


def test_a_mute_server_is_waited_for_a_bounded_time(sink: Sink, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    sink.manners.replies["CONTENT"] = ["250 too late"]
    original = sink.manners.reply

    def slow(command: str, usual: str) -> str:
        if command == "CONTENT":
            import time  # noqa: PLC0415  only this server is slow

            time.sleep(0.5)
        return original(command, usual)

    sink.manners.reply = slow  # type: ignore[method-assign]
    mail = sent(invite())
    assert (mail.status, mail.maybe_delivered) == (Status.QUEUED, True)


def test_tries_come_further_and_further_apart_then_staff_is_told(sink: Sink) -> None:
    sink.manners.always["RCPT"] = "450 4.2.0 Later"
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        mail = invite()
        waits = []
        while mail.status == Status.QUEUED:
            sent(mail)
            waits.append((mail.due_at - timezone.now()).total_seconds())
            clock.move_to(mail.due_at)
    assert waits[:9] == [15, 30, 60, 120, 300, 600, 900, 1800, 3600]
    assert set(waits[9:-1]) == {3600}
    assert (mail.status, mail.failure, mail.answer) == (Status.FAILED, sending.GAVE_UP, "450 4.2.0 Later")
    assert 48 <= len(waits) <= 60


def test_while_the_server_is_mute_one_message_tries_for_all(sink: Sink) -> None:
    sink.manners.always["GREETING"] = "421 closed"
    mails = [invite(f"p{number}@exemple.fr") for number in range(5)]
    for mail in mails:
        sent(mail)
    assert sink.connections == 1
    assert {(mail.status, mail.attempts) for mail in mails} == {(Status.QUEUED, 0)}


def test_a_server_mute_for_two_days_is_told_to_staff(settings: Any) -> None:
    use(settings, closed_port())
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        mail = invite()
        assert sent(mail).status == Status.QUEUED
        clock.shift(timedelta(days=2, seconds=1))
        assert sent(mail).status == Status.FAILED
    assert (mail.failure, mail.answer) == (sending.GAVE_UP, "ConnectionRefusedError : [Errno 111] Connection refused")


def test_an_hour_without_mail_server_loses_nothing_and_doubles_nothing(settings: Any, sink: Sink) -> None:
    """Twelve messages, four of them asked for meanwhile; all wait quietly, and each arrives once within two minutes."""
    use(settings, closed_port())
    tries = 0
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        for number in range(8):
            invite(f"p{number}@exemple.fr")
        for step in range(120):
            sweep()
            tries += work()
            clock.shift(timedelta(seconds=30))
            if step % 30 == 10:
                invite(f"p{8 + step // 30}@exemple.fr")
        assert Mail.objects.filter(status=Status.QUEUED).count() == 12
        assert tries < 140, "nobody hammers a server that is down"
        use(settings, sink.port)
        for _ in range(4):
            sweep()
            work()
            clock.shift(timedelta(seconds=30))
    assert Mail.objects.filter(status=Status.SENT, maybe_delivered=False).count() == 12
    addresses = [str(message["To"].addresses[0].addr_spec) for message in sink.received]
    assert sorted(addresses) == sorted(f"p{number}@exemple.fr" for number in range(12))


def test_a_fault_of_the_portal_fails_the_message_without_its_words(
    sink: Sink, probe: Probe, caplog: pytest.LogCaptureFixture
) -> None:
    code = str(428_000 + 157)

    def broken(mail: Mail) -> dict[str, str]:
        raise RuntimeError(f"impossible: http://testserver/lien/{'s' * 43}/ and code {code}")

    probe.link = broken
    with caplog.at_level(logging.DEBUG):
        mail = sent(invite())
    assert (mail.status, mail.failure) == (Status.FAILED, sending.UNEXPECTED)
    assert "RuntimeError" in caplog.text
    assert "s" * 43 not in caplog.text
    assert code not in caplog.text


def test_a_server_that_quotes_the_link_does_not_bring_it_into_the_database(sink: Sink) -> None:
    link = f"http://testserver/lien/{'k' * 43}/"
    sink.manners.replies["CONTENT"] = [f"554 spam url {link} refused", f"250 ok {link}"]
    assert "k" * 43 not in sent(invite()).answer
    assert "k" * 43 not in sent(invite("anne@exemple.fr")).answer


def test_secrets_must_be_those_that_the_type_announced(sink: Sink, probe: Probe) -> None:
    probe.link = lambda mail: {"lien": "x"}
    assert sent(invite()).failure == sending.UNEXPECTED


def test_an_unreadable_type_fails_readably(sink: Sink, probe: Probe) -> None:
    def unknown(mail: Mail) -> dict[str, str]:
        raise PortalError("Cet usage de lien n’est plus connu du portail.")

    probe.link = unknown
    mail = sent(invite())
    assert (mail.status, mail.failure) == (Status.FAILED, "Cet usage de lien n’est plus connu du portail.")


def test_an_app_that_does_not_listen_never_causes_a_second_message(sink: Sink, probe: Probe) -> None:
    probe.deaf = 1
    mail = sent(invite())
    assert (mail.status, probe.heard) == (Status.SENT, [])
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        sweep()
    assert probe.heard == [(mail.delivery, "sent")]
    with time_machine.travel(timezone.now() + timedelta(minutes=4), tick=False):
        sweep()
    assert (len(probe.heard), len(sink.received)) == (1, 1)


def test_the_sweeper_frees_what_a_dead_worker_held(sink: Sink, settings: Any) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        mail = invite()
        Mail.objects.filter(pk=mail.pk).update(
            status=Status.SENDING, claim=mail.public_id, claimed_at=Now(), attempts=1
        )
        assert sweep() == 0
        # The lease is counted by the database's clock, whatever ours says.
        clock.shift(settings.MAIL_CLAIM_LEASE + timedelta(seconds=1))
        assert sweep() == 0
        Mail.objects.filter(pk=mail.pk).update(claimed_at=Now() - settings.MAIL_CLAIM_LEASE - timedelta(seconds=1))
        assert sweep() == 1
        mail.refresh_from_db()
        assert (mail.status, mail.maybe_delivered, mail.claim) == (Status.QUEUED, True, None)
        clock.shift(timedelta(seconds=20))
        assert sweep() == 1  # its job is asked for
        assert sent(mail).status == Status.SENT


def test_a_worker_that_lost_its_claim_writes_nothing(sink: Sink, probe: Probe) -> None:
    def stolen(mail: Mail) -> dict[str, str]:
        Mail.objects.filter(pk=mail.pk).update(status=Status.QUEUED, claim=None, claimed_at=None)
        return {"link": "http://testserver/x/"}

    probe.link = stolen
    mail = sent(invite())
    assert (mail.status, mail.sent_at, probe.heard) == (Status.QUEUED, None, [])


def test_lost_jobs_are_asked_for_again(settings: Any) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        invite()
        assert sweep() == 0
        clock.shift(settings.MAIL_CLAIM_LEASE + timedelta(seconds=1))
        assert sweep() == 1
        assert sweep() == 0


def test_messages_for_later_are_asked_for_when_they_are_due(settings: Any) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        invite(earliest_at=timezone.now() + timedelta(hours=5))
        assert sweep() == 0
        clock.shift(timedelta(hours=5))
        assert sweep() == 1


def test_the_subject_written_at_the_request_is_the_one_that_leaves(sink: Sink) -> None:
    mail = invite(context={**CONTEXT, "title": "A & B <c>"})
    sent(mail)
    assert mail.kind == INVITATION
    assert sink.received[0]["Subject"].strip() == "Votre signature est attendue\u00a0: A & B <c>"
    assert "A & B <c> attend" in text_of(sink.received[0])
    assert "A &amp; B &lt;c&gt; attend" in html_of(sink.received[0])
