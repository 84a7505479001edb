"""The door: what is refused first, then a replay, two doors at once, and the right of whoever holds it to let somebody in."""

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from assises.models import DoorPost, Edition, Scan
from assises.operations.registering import cancel_registration, choose_sessions
from assises.operations.scanning import Answer, Reading, clock_warning, take
from assises.reads.attendance import attended_ids, present_at
from assises.reads.tickets import make_ticket, ticket_of
from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Refused
from tests.factories.assises import door, edition_open, half_day, moment, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(officer: User) -> Edition:
    return edition_open(officer)


@pytest.fixture(autouse=True)
def that_day(edition: Edition) -> Any:
    """It is half past nine on the day of the edition."""
    with time_machine.travel(moment(edition.held_on, 9) + timedelta(minutes=30), tick=False):
        yield


def read(post: DoorPost, checkpoint: Any, ticket: str = "", **facts: Any) -> Answer:
    (answer,) = take([Reading(uuid4(), checkpoint.pk, ticket, **facts)], post)
    return answer


def test_refusals_in_their_order_each_kept_with_its_reason(edition: Edition, officer: User) -> None:
    morning, post = half_day(edition), door(edition)
    workshop = edition.checkpoints.create(
        kind="session", name="Entretiens", session=edition.sessions.get(title="Entretiens"), opens_at="09:00",
        closes_at="12:00",
    )  # fmt: skip
    other = edition_open(officer, held_on=edition.held_on + timedelta(days=370))
    elsewhere, gone, comes = somebody(other), somebody(edition), somebody(edition)
    cancel_registration(gone.pk)
    asked = edition_open(officer, held_on=edition.held_on + timedelta(days=740), categories_on_approval=["press"])
    not_yet = somebody(asked, "press")
    late = moment(edition.held_on, 7)
    told = [
        read(post, morning, "n’importe quoi"),
        read(post, morning, make_ticket(uuid4(), 1)),
        read(post, morning, ticket_of(elsewhere)),
        read(post, morning, registration_id=elsewhere.pk),
        read(post, morning, ticket_of(gone)),
        read(post, workshop, ticket_of(comes)),
        read(post, morning, ticket_of(comes), scanned_at=late),
        read(post, morning, ticket_of(comes)),
        read(post, morning, ticket_of(comes)),
    ]
    codes = [
        "unknown",
        "unknown",
        "other_edition",
        "unknown",
        "cancelled",
        "wrong_list",
        "outside_time",
        "ok",
        "already_in",
    ]
    assert [answer.code for answer in told] == codes
    assert sorted(Scan.objects.values_list("outcome", flat=True)) == sorted(codes)
    assert told[2].who == "", "a door learns nobody's name of another edition"
    assert [answer.may_force for answer in told] == [code in ("wrong_list", "outside_time") for code in codes]
    assert "Déjà compté à 9 h 30, Porte nord." in told[8].sentence
    assert read(door(asked, "Sud"), half_day(asked), ticket_of(not_yet)).code == "not_confirmed"
    assert attended_ids(edition) == {comes.pk}
    assert list(present_at(morning)) == [comes]


def test_only_what_may_be_set_aside_is_forced(edition: Edition) -> None:
    morning, post = half_day(edition, last=9), door(edition)
    one, gone = somebody(edition), somebody(edition)
    cancel_registration(gone.pk)
    assert read(post, morning, ticket_of(one)).code == "outside_time"
    assert read(post, morning, ticket_of(gone), was_forced=True).code == "cancelled"
    assert read(post, morning, "ABCD", was_forced=True).code == "unknown"
    forced = read(post, morning, ticket_of(one), was_forced=True)
    assert (forced.code, forced.sentence[:15]) == ("ok", "Entrée accordée")
    assert Scan.objects.get(outcome="ok").was_forced
    assert read(post, morning, ticket_of(one), was_forced=True).code == "already_in"
    # What needed no forcing is not said to be forced.
    assert read(post, half_day(edition, "Jour", 8, 18), ticket_of(one), was_forced=True).code == "ok"
    assert Scan.objects.filter(was_forced=True).count() == 1


def test_a_clock_that_is_wrong_counts_nobody_even_forced(edition: Edition) -> None:
    morning, post, one = half_day(edition), door(edition), somebody(edition)
    now = timezone.now()
    for wrong in (now + timedelta(minutes=20), now - timedelta(days=1), now + timedelta(days=1)):
        answer = read(post, morning, ticket_of(one), scanned_at=wrong, was_forced=True)
        assert (answer.code, answer.may_force) == ("outside_time", False)
    assert "horloge" in read(post, morning, ticket_of(one), scanned_at=now + timedelta(minutes=20)).sentence
    assert "avance de 20 minutes" in clock_warning(now + timedelta(minutes=20))
    assert "retarde de 3 minutes" in clock_warning(now - timedelta(minutes=3))
    assert clock_warning(now + timedelta(seconds=40)) == clock_warning(None) == ""
    assert read(post, morning, ticket_of(one), scanned_at=now + timedelta(seconds=40)).code == "ok"


def test_the_same_nonce_gets_the_same_answer(edition: Edition) -> None:
    morning, post, one = half_day(edition), door(edition), somebody(edition)
    first = Reading(uuid4(), morning.pk, ticket_of(one), was_offline=True)
    second = Reading(uuid4(), morning.pk, ticket_of(one))
    answers = take([first, second, first], post)
    assert [answer.code for answer in answers] == ["ok", "already_in", "ok"]
    assert take([second, first], post) == [answers[1], answers[0]]
    assert Scan.objects.count() == 2
    # A nonce of one edition says nothing to the door of another.
    other = edition_open(one.edition.created_by, held_on=edition.held_on + timedelta(days=370))
    assert take([first], door(other))[0].who == ""


def test_a_closed_post_too_many_or_a_checkpoint_that_is_gone(edition: Edition) -> None:
    morning, post, one = half_day(edition), door(edition), somebody(edition)
    assert read(post, type(morning)(pk=0), ticket_of(one)).code == "gone"
    with pytest.raises(Refused, match="au plus 200"):
        take([Reading(uuid4(), morning.pk)] * 201, post)
    DoorPost.objects.filter(pk=post.pk).update(closed_at=timezone.now())
    with pytest.raises(Refused, match="fermée"):
        read(post, morning, ticket_of(one))
    assert not Scan.objects.exists()


def test_a_workshop_lets_in_those_who_chose_it(edition: Edition) -> None:
    session, post, one = edition.sessions.get(title="Entretiens"), door(edition), somebody(edition)
    control = edition.checkpoints.create(
        kind="session", name="Entretiens", session=session, opens_at="09:00", closes_at="12:00"
    )
    choose_sessions(one.pk, [session.pk])
    assert read(post, control, ticket_of(one)).code == "ok"
    # A session is not the day.
    assert attended_ids(edition) == set()


@pytest.mark.django_db(transaction=True)
def test_two_doors_at_the_same_instant_count_once(edition: Edition) -> None:
    morning, north, south = half_day(edition), door(edition), door(edition, "Porte sud")
    people = [somebody(edition) for _ in range(4)]
    tickets = [ticket_of(one) for one in people]
    answers: list[Answer] = []
    start = threading.Barrier(4)

    def pass_all(post: DoorPost, order: list[str]) -> None:
        start.wait()
        answers.extend(take([Reading(uuid4(), morning.pk, ticket) for ticket in order], post))
        connection.close()

    threads = [
        threading.Thread(target=pass_all, args=args)
        for args in [(north, tickets), (south, tickets[::-1]), (north, tickets[::-1]), (south, tickets)]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.code for answer in answers) == ["already_in"] * 12 + ["ok"] * 4
    assert attended_ids(edition) == {one.pk for one in people}
    assert all("Déjà compté à 9 h 30, Porte" in answer.sentence for answer in answers if not answer.is_ok)


@pytest.mark.django_db(transaction=True)
def test_the_same_scan_sent_twice_at_once_is_kept_once(edition: Edition) -> None:
    morning, post, one = half_day(edition), door(edition), somebody(edition)
    readings = [Reading(uuid4(), morning.pk, ticket_of(one)), Reading(uuid4(), morning.pk, "inconnu")]
    answers: list[list[Answer]] = []
    start = threading.Barrier(3)

    def send() -> None:
        start.wait()
        answers.append(take(readings, post))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [[answer.code for answer in row] for row in answers] == [["ok", "unknown"]] * 3
    assert Scan.objects.count() == 2
