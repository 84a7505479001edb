"""Messages to registered people: who may, to whom, once each, by turns that may be killed, and what they told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assises.models import Edition, OutboxMessage
from assises.operations import outbox as work
from assises.operations.outbox import cancel_message, send_later, send_now, send_turn, sweep, write_message
from assises.operations.registering import cancel_registration
from assises.reads.outbox import addresses_count, outcome_of
from assises.tasks.after import send_outbox
from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.models import Job
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.sending import send_mail
from schools.models import School
from tests.assises.after_the_day import scanned
from tests.factories.assises import edition_open, half_day, somebody

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def edition(officer: User) -> Edition:
    return edition_open(officer)


def written(edition: Edition, officer: User, **facts: Any) -> OutboxMessage:
    known: dict[str, Any] = {
        "subject_line": "Salle 2",
        "body": "Bonjour.\n\nÀ demain.",
        "states": ["confirmed"],
    } | facts
    return write_message(OutboxMessage(edition=edition, **known), officer)


def test_a_school_neither_reads_nor_writes(
    edition: Edition, officer: User, coordinator: User, client_of: ClientOf
) -> None:
    message, client = written(edition, officer), client_of(coordinator)
    somebody(edition)
    for name in ("messages", "message_new"):
        assert client.get(reverse(f"assises:{name}", args=[edition.year])).status_code == 403
    for name in ("message_send", "message_later", "message_cancel"):
        assert client.post(reverse(f"assises:{name}", args=[edition.year, message.pk])).status_code == 403
    for act in (lambda: send_now(message.pk, coordinator), lambda: cancel_message(message.pk, coordinator)):
        with pytest.raises(NotAllowed):
            act()
    assert (
        client.get(reverse("exports:export", args=["assises-messages", "csv"]) + f"?annee={edition.year}").status_code
        == 404
    )


def test_a_text_keeps_no_nir_and_no_link(edition: Edition, officer: User) -> None:
    with pytest.raises(Exception, match="sécurité sociale"):
        written(edition, officer, body="Camille, 1 85 05 78 006 084 36")
    with pytest.raises(Refused, match="lien personnel"):
        written(edition, officer, body="Ouvrez https://portail.example/lien/" + "a" * 43 + "/")
    with pytest.raises(Error, match="outbox_without_nir"), transaction.atomic():
        OutboxMessage.objects.filter(pk=written(edition, officer).pk).update(body="185057800608436")


def test_who_receives_it_follows_the_choices(edition: Edition, officer: User, school: School) -> None:
    trainee = somebody(edition, "trainee", school=school)
    press, gone = somebody(edition, "press"), somebody(edition)
    somebody(edition, email="")
    cancel_registration(gone.pk)
    scanned(press, half_day(edition), officer)
    counts = [
        addresses_count(OutboxMessage(edition=edition, **facts))
        for facts in (
            {"states": ["confirmed"]}, {"states": ["confirmed", "cancelled"]}, {"states": ["confirmed"], "categories": ["press"]},
            {"states": ["confirmed"], "school": school}, {"states": ["confirmed"], "presence": "came"},
            {"states": ["confirmed"], "presence": "absent"},
        )
    ]  # fmt: skip
    assert counts == [2, 3, 1, 1, 1, 1]
    assert trainee.status == "confirmed"


def test_an_address_receives_it_once_whoever_asks(edition: Edition, officer: User) -> None:
    gone = somebody(edition)
    cancel_registration(gone.pk)
    somebody(edition, email=gone.email.upper())
    somebody(edition)
    message = written(edition, officer, states=["confirmed", "cancelled"])
    send_now(message.pk, officer)
    with pytest.raises(Overtaken):
        send_now(message.pk, officer)
    assert send_turn(message.pk)
    assert not send_turn(message.pk), "a second worker finds nothing to do"
    message.refresh_from_db()
    assert (message.status, message.recipients, message.asked, Mail.objects.count()) == ("sent", 2, 2, 2)


def test_a_worker_killed_between_two_turns_doubles_nobody(edition: Edition, officer: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(work, "AT_ONCE", 2)
    for _ in range(5):
        somebody(edition)
    message = send_now(written(edition, officer).pk, officer)
    assert not send_turn(message.pk, seconds=-1), "a turn without time asks for another"
    claim = work.TURNS.take(message.pk, "sending")
    assert claim
    assert work._work(message.pk, claim, 0) is False
    with work.TURNS.held(message.pk, claim) as held:
        for person in work.recipients_of(held)[:3]:
            work._ask(held, person)
        held.reached = work.recipients_of(held)[2].pk
    # Killed here: the claim stays, another worker gets nothing, the sweeper gives it back once the lease is over.
    assert not send_turn(message.pk)
    old = timezone.now() - timedelta(minutes=5)
    OutboxMessage.objects.filter(pk=message.pk).update(claimed_at=old, queued_at=old)
    assert sweep() == 1
    assert send_turn(message.pk)
    message.refresh_from_db()
    assert (message.asked, Mail.objects.count(), Mail.objects.values("email").distinct().count()) == (5, 5, 5)


def test_two_workers_at_once_share_no_turn(edition: Edition, officer: User) -> None:
    somebody(edition)
    message = send_now(written(edition, officer).pk, officer)
    first, second = (work.TURNS.take(message.pk, "sending") for _ in range(2))
    assert first
    assert second is None


def test_a_planned_message_waits_for_its_moment_and_may_be_cancelled(edition: Edition, officer: User) -> None:
    somebody(edition)
    message = written(edition, officer)
    noon = timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=1), datetime.min.time())).replace(
        hour=12
    )
    with pytest.raises(Refused, match="passé"):
        send_later(message.pk, noon - timedelta(days=3), officer)
    with pytest.raises(Refused, match="entre 8 h et 20 h"):
        send_later(message.pk, noon.replace(hour=21), officer)
    send_later(message.pk, noon, officer)
    with pytest.raises(Error, match="Données figées"), transaction.atomic():
        OutboxMessage.objects.filter(pk=message.pk).update(body="Autre chose")
    assert sweep() == 0
    OutboxMessage.objects.filter(pk=message.pk).update(send_at=timezone.now() - timedelta(minutes=1))
    assert sweep() == 1
    assert Job.objects.filter(task="assises.send_outbox", arguments={"message_id": message.pk}).count() == 1
    assert send_turn(message.pk)
    late = written(edition, officer)
    send_later(late.pk, noon, officer)
    assert cancel_message(late.pk, officer).status == cancel_message(late.pk, officer).status == "cancelled"
    OutboxMessage.objects.filter(pk=late.pk).update(send_at=timezone.now() - timedelta(minutes=1))
    assert sweep() == 0


def test_what_waits_does_not_leave_once_cancelled(edition: Edition, officer: User) -> None:
    somebody(edition)
    message = send_now(written(edition, officer).pk, officer)
    claim = work.TURNS.take(message.pk, "sending")
    assert claim
    with work.TURNS.held(message.pk, claim) as held:
        work._ask(held, work.recipients_of(held)[0])
    cancel_message(message.pk, officer)
    send_mail(Mail.objects.get().pk)
    assert (Mail.objects.get().status, outcome_of(OutboxMessage.objects.get()).cancelled) == ("cancelled", 1)


def test_the_job_that_leaves_does_the_work(edition: Edition, officer: User) -> None:
    somebody(edition)
    send_now(written(edition, officer).pk, officer)
    job = Job.objects.get(task="assises.send_outbox")
    assert send_outbox.name == job.task
    send_outbox.apply(kwargs=job.arguments, throw=True)
    assert OutboxMessage.objects.get().status == "sent"


def test_nobody_to_write_to_is_said(edition: Edition, officer: User) -> None:
    with pytest.raises(Refused, match="Personne"):
        send_now(written(edition, officer).pk, officer)


def test_written_previewed_and_sent_on_screen(edition: Edition, officer: User, client_of: ClientOf) -> None:
    person, client = somebody(edition), client_of(officer)
    url = reverse("assises:message_new", args=[edition.year])
    token = client.get(url).context["form"].initial["form_token"]
    typed = {
        "subject_line": "Salle 2", "body": "À demain.", "states": ["confirmed"], "presence": "any", "form_token": token,
    }  # fmt: skip
    empty = client.post(url, typed | {"states": []})
    assert (empty.status_code, "À demain." in empty.content.decode()) == (422, True)
    for _ in range(2):
        assert client.post(url, typed).status_code == 302
    message = OutboxMessage.objects.get()
    page = client.get(message.get_absolute_url()).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert f"Bonjour {person.full_name}" in page
    assert "1 adresse" in page
    client.post(reverse("assises:message_send", args=[edition.year, message.pk]))
    send_turn(message.pk)
    page = client.get(message.get_absolute_url()).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "0 message envoyé sur 1, 1 en attente" in page
    assert client.get(reverse("assises:message_change", args=[edition.year, message.pk])).status_code == 302
    export = client.get(reverse("exports:export", args=["assises-messages", "csv"]) + f"?annee={edition.year}")
    assert "Salle 2;Envoyé" in b"".join(export.streaming_content).decode()  # type: ignore[attr-defined]


def test_the_list_asks_as_much_for_one_as_for_three(
    edition: Edition, officer: User, client_of: ClientOf, same_query_count: Callable[..., None]
) -> None:
    client = client_of(officer)
    written(edition, officer)
    same_query_count(
        lambda: client.get(reverse("assises:messages", args=[edition.year])), lambda: written(edition, officer)
    )
