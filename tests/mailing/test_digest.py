"""The message of the day: one a day for each person, holding the others."""

from datetime import datetime

import pytest
import time_machine
from django.utils import timezone

from e2c_portal.mailing import controls, sending
from e2c_portal.mailing.addresses import address_sha256
from e2c_portal.mailing.bounces import record_bounce
from e2c_portal.mailing.contents import DIGEST
from e2c_portal.mailing.digest_days import next_digest
from e2c_portal.mailing.models import Mail, Preference, Status
from tests.mailing.samples import REMINDER, Probe, morning, remind, work
from tests.mailing.smtp_sink import Sink, html_of, text_of

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, WEDNESDAY = "2026-11-23 10:00+01:00", "2026-11-24 07:00+01:00", "2026-11-25 07:05+01:00"


def asked(*days: int, to: str = "paul@exemple.fr") -> list[Mail]:
    with time_machine.travel(MONDAY, tick=False):
        return [remind(to, days=number) for number in days]


def statuses() -> list[tuple[str, str]]:
    return list(Mail.objects.order_by("pk").values_list("kind", "status"))


def test_several_messages_leave_as_one(sink: Sink, probe: Probe) -> None:
    mails = asked(30, 7)
    with time_machine.travel(TUESDAY, tick=False):
        assert morning() == 1
        assert work() == 1
    (message,) = sink.received
    assert message["Subject"].strip() == "2 messages du portail".replace(" ", "\u00a0", 1)
    text = text_of(message)
    assert text.index("Plus que 30\u00a0jours") < text.index("Il reste 30 jours") < text.index("Plus que 7\u00a0jours")
    assert text.count("Bonjour") == html_of(message).count("Bonjour") == 1
    assert html_of(message).count("<h2") == 2
    assert html_of(message).count("</html>") == 1
    assert "List-Unsubscribe" in message
    assert {status for _, status in statuses()} == {Status.SENT}
    heard = {delivery for delivery, _ in probe.heard}
    assert heard == {mail.delivery for mail in mails}


def test_a_single_message_leaves_as_it_is(sink: Sink) -> None:
    asked(7)
    with time_machine.travel(TUESDAY, tick=False):
        morning()
        work()
    assert statuses() == [(REMINDER, Status.SENT)]
    assert sink.received[0]["Subject"].strip() == "Plus que 7\u00a0jours\u00a0: signer"


def test_each_person_has_their_own(sink: Sink) -> None:
    asked(30, 7)
    asked(30, to="anne@exemple.fr")
    with time_machine.travel(TUESDAY, tick=False):
        assert morning() == 2
        work()
    assert sorted(message["To"].addresses[0].addr_spec for message in sink.received) == [
        "anne@exemple.fr",
        "paul@exemple.fr",
    ]


def test_nobody_receives_two_the_same_day(sink: Sink) -> None:
    asked(30, 7)
    with time_machine.travel(TUESDAY, tick=False):
        morning()
        work()
    late = asked(1)[0]
    with time_machine.travel("2026-11-24 07:30+01:00", tick=False):
        assert morning() == 0
        late.refresh_from_db()
        assert timezone.localtime(late.due_at).isoformat() == "2026-11-25T07:00:00+01:00"
    with time_machine.travel(WEDNESDAY, tick=False):
        assert morning() == 1
        work()
    assert len(sink.received) == 2


def test_two_mornings_without_mail_server_keep_both(sink: Sink) -> None:
    asked(30, 7)
    with time_machine.travel(TUESDAY, tick=False):
        assert morning() == 1
        remind(days=29)
        remind(days=6)
    with time_machine.travel(WEDNESDAY, tick=False):
        assert morning() == 1
        assert work() == 2
    assert len(sink.received) == 2


def test_a_message_asked_for_in_the_day_waits_for_the_next_morning() -> None:
    with time_machine.travel("2026-11-24 08:00+01:00", tick=False):
        remind()
        assert morning() == 0
    with time_machine.travel("2026-11-24 23:59+01:00", tick=False):
        assert morning() == 0
    with time_machine.travel("2026-11-25 07:00+01:00", tick=False):
        assert morning() == 1


@pytest.mark.parametrize(
    ("after", "morning_of"),
    [
        ("2026-11-23T06:59:59+01:00", "2026-11-23T07:00:00+01:00"),
        ("2026-11-23T07:00:00+01:00", "2026-11-23T07:00:00+01:00"),
        ("2026-11-23T07:00:01+01:00", "2026-11-24T07:00:00+01:00"),
        ("2026-03-28T12:00:00+01:00", "2026-03-29T07:00:00+02:00"),
        ("2026-10-24T12:00:00+02:00", "2026-10-25T07:00:00+01:00"),
    ],
)
def test_the_morning_is_that_of_paris_in_every_season(after: str, morning_of: str) -> None:
    assert timezone.localtime(next_digest(datetime.fromisoformat(after))).isoformat() == morning_of


def test_what_was_stopped_meanwhile_is_left_out(sink: Sink) -> None:
    asked(30, 7)
    Preference.objects.create(address_sha256=address_sha256("paul@exemple.fr"), kind=REMINDER)
    with time_machine.travel(TUESDAY, tick=False):
        assert morning() == 0
    assert {status for _, status in statuses()} == {Status.CANCELLED}


def test_what_was_stopped_between_grouping_and_sending_is_left_out_too(sink: Sink) -> None:
    asked(30, 7)
    with time_machine.travel(TUESDAY, tick=False):
        morning()
        Preference.objects.create(address_sha256=address_sha256("paul@exemple.fr"), kind="*")
        work()
    assert sink.received == []
    assert {status for _, status in statuses()} == {Status.CANCELLED}


def test_the_parts_follow_the_whole(sink: Sink, probe: Probe, officer) -> None:
    asked(30, 7)
    sink.manners.replies["RCPT"] = ["550 5.1.1 unknown"]
    with time_machine.travel(TUESDAY, tick=False):
        morning()
        work()
        assert {status for _, status in statuses()} == {Status.FAILED}
        assert [status for _, status in probe.heard] == ["failed", "failed"]
        digest = Mail.objects.get(kind=DIGEST)
        controls.retry(digest, officer)
        assert {status for kind, status in statuses() if kind != DIGEST} == {Status.GROUPED}
        work()
        assert {status for _, status in statuses()} == {Status.SENT}
        assert record_bounce(digest.message_id, "boîte pleine")
    assert {status for _, status in statuses()} == {Status.BOUNCED}
    assert [status for _, status in probe.heard] == ["failed", "failed", "sent", "sent", "bounced", "bounced"]


def test_a_part_alone_is_not_sent_by_itself(sink: Sink) -> None:
    part = asked(30, 7)[0]
    with time_machine.travel(TUESDAY, tick=False):
        morning()
        assert not sending.send_mail(part.pk)
    assert sink.received == []


def test_a_waiting_message_is_not_sent_before_it_is_grouped(sink: Sink) -> None:
    waiting = asked(30)[0]
    with time_machine.travel(TUESDAY, tick=False):
        assert not sending.send_mail(waiting.pk)
    assert sink.received == []
