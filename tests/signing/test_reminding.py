"""Missing signatures are chased by the portal itself: gently, by a way that works, and those who follow are told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.celery import app
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.bounces import record_bounce
from e2c_portal.mailing.controls import retry
from e2c_portal.mailing.models import Mail, Status
from e2c_portal.signing import purposes
from e2c_portal.signing.models import Envelope, Evidence, Method, Mode
from e2c_portal.signing.operations.ending import extend, void
from e2c_portal.signing.operations.inviting import change_reach, remind
from e2c_portal.signing.operations.reminding import remind_signatories, warn_followers
from e2c_portal.signing.queries import lines_of
from e2c_portal.signing.sweeping import sweep
from tests.concurrency.together import at_once
from tests.factories.people import closed
from tests.harness.worker import load_tasks
from tests.mailing.samples import morning
from tests.signing.pacts.kind import PURPOSE, Desk
from tests.signing.people import HERE, JEANNE, KARIM, LOUISE, PAPER
from tests.signing.work import Mailbox, signatory, work

pytestmark = pytest.mark.django_db
Open = Callable[..., Envelope]
MONDAY = "2026-11-02 10:00"


def paris(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def at(text: str) -> time_machine.travel:
    return time_machine.travel(paris(text), tick=False)


@pytest.fixture
def opened(envelope_of: Open) -> Open:
    """Open an envelope on Monday, for a month; nobody reads its file."""

    def on_monday(*people: Any, **options: Any) -> Envelope:
        with at(MONDAY):
            return envelope_of(*people, made=False, **options)

    return on_monday


def reminded(mailbox: Mailbox, address: str) -> int:
    work()
    return sum(subject.startswith("Rappel") for subject in mailbox.subjects(address))


def line(envelope: Envelope, name: str) -> Any:
    return next(line for line in lines_of(envelope) if line.signatory.full_name == name)


def test_those_awaited_are_reminded_on_the_third_day_by_their_own_way_and_once(opened: Open, mailbox: Mailbox) -> None:
    envelope = opened(JEANNE, LOUISE, PAPER, HERE)
    texts = len(mailbox.texts())
    with at("2026-11-05 08:59"):
        assert remind_signatories() == 0
        assert line(envelope, "Jeanne Martin").next_reminder == paris("2026-11-05 09:00")
        assert line(envelope, "Paul Papier").next_reminder is None
    with at("2026-11-05 09:20"):
        assert remind_signatories() == 2, "neither paper nor on-site signatories receive links"
        assert remind_signatories() == 0
        work()
        assert remind_signatories() == 0
        assert line(envelope, "Jeanne Martin").next_reminder == paris("2026-11-09 09:00")
    assert reminded(mailbox, "jeanne@exemple.fr") == 1
    assert len(mailbox.texts()) == texts + 1
    assert mailbox.texts()[-1].count("Rappel : votre signature est attendue") == 1
    facts = Evidence.objects.filter(envelope=envelope, kind="signatory.reminded").values_list(
        "payload__asked_by", flat=True
    )
    assert list(facts) == [None, None]


def test_it_stops_by_itself_once_signed_ended_or_too_late(opened: Open, mailbox: Mailbox, officer: User) -> None:
    first, second = opened(JEANNE), opened(replace(JEANNE, email="autre@exemple.fr"))
    with at("2026-11-05 09:20"):
        void(first, "Le texte change.", officer)
        assert remind_signatories() == 1
        work()
    with at("2026-12-02 10:01"):
        assert remind_signatories() == 0, "the limit has passed, though nobody marked it yet"
        assert line(second, "Jeanne Martin").next_reminder is None
    assert reminded(mailbox, "jeanne@exemple.fr") == 0


def test_a_late_run_sends_one_and_never_at_night(opened: Open, mailbox: Mailbox) -> None:
    envelope = opened(JEANNE)
    with at("2026-11-17 03:00"):
        assert remind_signatories() == 0
        assert line(envelope, "Jeanne Martin").next_reminder == paris("2026-11-17 08:00")
    with at("2026-11-17 08:10"):
        assert remind_signatories() == 1
        work()
    with at("2026-11-18 09:10"):
        assert remind_signatories() == 0
    assert reminded(mailbox, "jeanne@exemple.fr") == 1


def test_a_button_pressed_the_day_before_counts(opened: Open, mailbox: Mailbox, officer: User) -> None:
    envelope = opened(JEANNE)
    with at("2026-11-04 15:00"):
        remind(signatory(envelope, "Jeanne Martin").pk, officer)
        work()
    with at("2026-11-05 09:20"):
        assert remind_signatories() == 0
        assert line(envelope, "Jeanne Martin").next_reminder == paris("2026-11-09 09:00")


def test_whoever_waits_for_their_turn_hears_nothing(opened: Open, mailbox: Mailbox) -> None:
    opened(JEANNE, replace(KARIM, rank=2), mode=Mode.ORDERED)
    with at("2026-11-05 09:20"):
        assert remind_signatories() == 1
    assert reminded(mailbox, "karim@exemple.fr") == 0


def test_nobody_is_reminded_twice_while_the_mail_server_is_down(opened: Open, mailbox: Mailbox) -> None:
    opened(JEANNE)
    with at("2026-11-05 09:20"):
        assert remind_signatories() == 1  # no worker takes it
    with at("2026-11-09 09:20"):
        assert remind_signatories() == 0
        assert reminded(mailbox, "jeanne@exemple.fr") == 1
    with at("2026-11-16 09:20"):
        assert remind_signatories() == 1
    assert reminded(mailbox, "jeanne@exemple.fr") == 2


def test_a_link_that_comes_back_is_told_to_those_who_follow_with_another_way(
    opened: Open, mailbox: Mailbox, officer: User
) -> None:
    envelope = opened(JEANNE)
    with at("2026-11-03 10:00"):
        for _ in range(2):
            record_bounce(Mail.objects.get(email="jeanne@exemple.fr").message_id, "Cette boîte n’existe pas.")
        told = Mail.objects.get(kind="signing.unreachable")
        assert (told.email, told.waits_for_digest) == (officer.email, True)
        shown = line(envelope, "Jeanne Martin")
        assert shown.came_back
        assert shown.message_state.label == "Revenu"
        assert "message texte" in shown.advice
        assert shown.next_reminder is None
    with at("2026-11-04 07:00"):
        assert morning() == 1
        work()
    body = mailbox.to(officer.email)[0].body
    for words in (
        "Jeanne Martin n’a pas reçu",
        "Cette boîte n’existe pas.",
        "message texte",
        "http://testserver/signatures/",
    ):
        assert words in body
    with at("2026-11-05 09:20"):
        assert remind_signatories() == 0
        change_reach(shown.signatory.pk, officer, method=Method.ELECTRONIC, email="", phone="06 12 34 56 78")
        work()
    with at("2026-11-09 09:20"):
        assert remind_signatories() == 1, "the new way works"


def test_nobody_is_told_of_what_was_mended_before_the_morning(opened: Open, mailbox: Mailbox, officer: User) -> None:
    envelope = opened(JEANNE)
    with at("2026-11-03 10:00"):
        record_bounce(Mail.objects.get(email="jeanne@exemple.fr").message_id, "Cette boîte n’existe pas.")
        change_reach(signatory(envelope, "Jeanne Martin").pk, officer, method=Method.PAPER)
    with at("2026-11-04 07:00"):
        morning()
        work()
    assert mailbox.to(officer.email) == []
    assert Mail.objects.get(kind="signing.unreachable").status == Status.CANCELLED


def test_nobody_is_told_of_a_message_sent_again_with_success(opened: Open, mailbox: Mailbox, officer: User) -> None:
    opened(JEANNE)
    with at("2026-11-03 10:00"):
        record_bounce(Mail.objects.get(email="jeanne@exemple.fr").message_id, "Boîte pleine.")
        retry(Mail.objects.get(email="jeanne@exemple.fr"), officer)
        work()
    with at("2026-11-04 07:00"):
        morning()
        work()
    assert mailbox.to(officer.email) == []


def test_those_who_follow_are_those_that_the_purpose_names(
    opened: Open, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, officer: User
) -> None:
    team = (Recipient("anne@region.example", "Anne"), Recipient("bruno@region.example", "Bruno"))
    monkeypatch.setitem(purposes._purposes, "pact", replace(PURPOSE, followers=lambda envelope: team))
    opened(JEANNE)
    with at("2026-11-26 09:00"):
        assert warn_followers() == 2
    assert set(Mail.objects.filter(kind="signing.limit").values_list("email", flat=True)) == {p.email for p in team}


def test_a_closed_account_follows_nothing(opened: Open, officer: User) -> None:
    opened(JEANNE)
    closed(officer)
    with at("2026-11-26 09:00"):
        assert warn_followers() == 0


def test_the_limit_is_told_a_week_before_and_once_passed(
    opened: Open, mailbox: Mailbox, officer: User, pacts: Desk
) -> None:
    envelope = opened(JEANNE, PAPER)
    with at("2026-11-25 09:59"):
        warn_followers()
        assert not Mail.objects.filter(kind="signing.limit").exists()
    for moment in ("2026-11-25 10:30", "2026-11-25 11:30"):
        with at(moment):
            warn_followers()
    assert Mail.objects.filter(kind="signing.limit").count() == 1
    with at("2026-11-26 07:00"):
        morning()
        work()
    near = mailbox.to(officer.email)[-1]
    assert "avant le 2" in near.subject
    assert "Jeanne Martin (Pour l’entreprise)" in near.body
    assert "Paul Papier" in near.body
    with at("2026-12-02 10:05"):
        sweep()
        warn_followers()
        warn_followers()
    with at("2026-12-03 07:00"):
        morning()
        work()
        assert "dépassé" in mailbox.to(officer.email)[-1].subject
        extend(Envelope.objects.get(pk=envelope.pk), timezone.now() + timedelta(days=5), officer)
        warn_followers()
    assert Mail.objects.filter(kind="signing.limit").count() == 2, "whoever gave five days knows that they are five"


def test_a_limit_put_off_before_the_morning_is_not_told(opened: Open, mailbox: Mailbox, officer: User) -> None:
    envelope = opened(JEANNE)
    with at("2026-11-25 10:30"):
        warn_followers()
        extend(envelope, paris("2027-01-15 10:00"), officer)
    with at("2026-11-26 07:00"):
        morning()
        work()
    assert mailbox.to(officer.email) == []


def test_one_that_cannot_be_told_stops_nobody_else(
    opened: Open, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(JEANNE)
    opened(KARIM)
    broken = Envelope.objects.get(signatories__full_name="Jeanne Martin").pk

    def contact(envelope: Envelope) -> str:
        if envelope.pk == broken:
            return purposes.purpose_named("absent").label
        return ""

    monkeypatch.setitem(purposes._purposes, "pact", replace(PURPOSE, contact=contact))
    with at("2026-11-05 09:20"):
        assert remind_signatories() == 1
    assert reminded(mailbox, "karim@exemple.fr") == 1


def test_the_pages_say_when_the_next_reminder_leaves(opened: Open, officer_client: Client) -> None:
    envelope = opened(JEANNE, PAPER)
    person = signatory(envelope, "Jeanne Martin")
    with at("2026-11-03 10:00"):
        page = officer_client.get(f"/signatures/{envelope.public_id}/").content.decode()
        assert page.count("Prochain rappel le 5") == 1
        page = officer_client.get(f"/signatures/{envelope.public_id}/signataires/{person.public_id}/").content.decode()
        assert "Le 5\N{NO-BREAK SPACE}novembre" in page


def test_the_search_costs_the_same_whatever_the_number(opened: Open, django_assert_num_queries: Any) -> None:
    opened(JEANNE)
    with at("2026-11-05 08:00"), django_assert_num_queries(3):
        remind_signatories()
    opened(KARIM, LOUISE)
    with at("2026-11-05 08:00"), django_assert_num_queries(3):
        remind_signatories()


def test_the_timed_task_does_both(opened: Open, mailbox: Mailbox) -> None:
    opened(JEANNE)
    load_tasks()
    with at("2026-11-29 09:20"):
        app.tasks["signing.remind"].apply(throw=True)
        assert reminded(mailbox, "jeanne@exemple.fr") == 1
    assert Mail.objects.filter(kind="signing.limit").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_the_same_instant_send_once(opened: Open, mailbox: Mailbox) -> None:
    opened(JEANNE, KARIM)
    with at("2026-11-25 10:30"):
        assert sum(at_once([remind_signatories] * 4)) == 2
        at_once([warn_followers] * 4)
        work()
    assert Mail.objects.filter(kind="signing.reminder").count() == 2
    assert Mail.objects.filter(kind="signing.limit").count() == 1
