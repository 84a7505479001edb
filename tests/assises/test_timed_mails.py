"""The messages around the day: to whom, when, once; and what no longer has an object does not leave."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone

from assises.models import Edition, Registration
from assises.operations.editions import move_edition
from assises.operations.registering import cancel_registration, choose_sessions
from assises.operations.timed_mails import send_due_mails
from e2c_portal.accounts.models import User
from e2c_portal.links.models import PersonalLink
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.sending import send_mail
from tests.assises.after_the_day import at, edition_held, registration_purpose, scanned
from tests.factories.assises import edition_open, half_day, somebody

pytestmark = pytest.mark.django_db
AFTER = ("assises.thanks", "assises.missed")


@pytest.fixture(autouse=True)
def purpose() -> None:
    registration_purpose()


@pytest.fixture
def edition(officer: User) -> Edition:
    return edition_open(officer)


def kinds() -> list[str]:
    return sorted(Mail.objects.filter(kind__startswith="assises.").values_list("kind", flat=True))


def test_nothing_leaves_in_the_evening_at_night_nor_too_early(edition: Edition) -> None:
    somebody(edition)
    for days, hour in ((-7, 7), (-7, 19), (-7, 20), (-7, 23), (-8, 10), (-3, 10), (-2, 10), (0, 10), (1, 10)):
        assert send_due_mails(at(edition, days, hour)) == 0
    assert send_due_mails(at(edition, -7, 8)) == 1


def test_reminders_leave_once_each_to_those_who_have_a_place(edition: Edition, officer: User) -> None:
    with_place, gone = somebody(edition), somebody(edition)
    Edition.objects.filter(pk=edition.pk).update(places=2)
    waits = somebody(edition, category="press")
    assert waits.status == "waiting"
    cancel_registration(gone.pk)
    Registration.objects.filter(pk=waits.pk).update()
    for _ in range(2):
        send_due_mails(at(edition, -7))
    send_due_mails(at(edition, -5))
    send_due_mails(at(edition, -1))
    told = Mail.objects.filter(kind="assises.reminder").order_by("pk")
    assert {mail.email for mail in told if mail.dedup_key.startswith("assises.reminder:7")} == {with_place.email}
    assert [mail.context["days"] for mail in told if mail.email == with_place.email] == [7, 1]
    assert not any(with_place.last_name in mail.subject_line for mail in told)


def test_whoever_registers_late_is_not_reminded_of_what_was_just_confirmed(officer: User) -> None:
    edition = edition_open(officer, held_on=timezone.localdate() + timedelta(days=6))
    somebody(edition)
    assert send_due_mails(at(edition, -6)) == 0
    assert send_due_mails(at(edition, -1)) == 1


def test_an_edition_put_off_is_reminded_of_anew(edition: Edition) -> None:
    somebody(edition)
    assert send_due_mails(at(edition, -7)) == 1
    Edition.objects.filter(pk=edition.pk).update(held_on=edition.held_on + timedelta(days=1))
    edition.refresh_from_db()
    assert send_due_mails(at(edition, -7)) == 1


def test_the_reminder_says_where_when_what_and_how_to_cancel(edition: Edition) -> None:
    person = somebody(edition)
    choose_sessions(person.pk, [edition.sessions.get(title="Entretiens").pk])
    send_due_mails(at(edition, -7))
    sent = Mail.objects.get(kind="assises.reminder")
    send_mail(sent.pk)
    text = str(outbox.outbox[0].body).replace("\N{NO-BREAK SPACE}", " ")
    for words in ("Hôtel de Région", "de 9 h à 17 h", "Entretiens, de 10 h à 12 h", "annulez-la", "/lien/"):
        assert words in text
    link = PersonalLink.objects.get(purpose="assises.registration")
    assert (link.subject, link.version) == (f"assises.edition:{edition.pk}", "1")
    assert person.last_name not in link.holder_label


def test_a_message_that_lost_its_object_does_not_leave(edition: Edition, officer: User) -> None:
    first, second = somebody(edition), somebody(edition)
    send_due_mails(at(edition, -7))
    cancel_registration(first.pk)
    move_edition(edition.pk, "cancel", officer, "Salle fermée")
    for mail in Mail.objects.filter(kind="assises.reminder"):
        send_mail(mail.pk)
    assert outbox.outbox == []
    assert set(Mail.objects.values_list("email", "status")) >= {(first.email, "cancelled"), (second.email, "cancelled")}


def test_of_a_cancelled_edition_nothing_more_is_owed(edition: Edition, officer: User) -> None:
    somebody(edition)
    move_edition(edition.pk, "cancel", officer, "Salle fermée")
    assert [send_due_mails(at(edition, days)) for days in (-7, -1, 2)] == [0, 0, 0]


def test_nobody_is_missed_before_the_door_counted_somebody(officer: User) -> None:
    edition = edition_held(officer)
    came, absent, gone = somebody(edition), somebody(edition), somebody(edition)
    cancel_registration(gone.pk)
    assert send_due_mails(at(edition, 2)) == 0
    morning = half_day(edition)
    scanned(came, morning, officer)
    assert send_due_mails(at(edition, 1)) == 0
    for _ in range(2):
        send_due_mails(at(edition, 2))
    assert dict(Mail.objects.filter(kind__in=AFTER).values_list("kind", "email")) == {
        "assises.thanks": came.email, "assises.missed": absent.email,
    }  # fmt: skip
    assert send_due_mails(at(edition, 10)) == 0


def test_a_run_is_bounded_and_the_next_goes_on(edition: Edition) -> None:
    for _ in range(3):
        somebody(edition)
    assert [send_due_mails(at(edition, -7), limit=2) for _ in range(3)] == [2, 1, 0]
