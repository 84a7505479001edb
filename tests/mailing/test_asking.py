"""What a request for a message writes, gives back or refuses."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import PortalError, Refused
from e2c_portal.kernel.models import Job
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.models import Mail, Sms, Status
from e2c_portal.mailing.requesting import send_mail_on_commit, send_sms_on_commit
from tests.mailing.samples import CODE, CONTEXT, INVITATION, REMINDER, invite, remind

pytestmark = pytest.mark.django_db


def test_the_row_is_written_with_the_business_change_and_asks_for_one_job(officer: User) -> None:
    mail = invite(record=officer)
    assert mail.status == Status.QUEUED
    assert mail.subject == f"accounts.user:{officer.pk}"
    assert mail.subject_line == "Votre signature est attendue\u00a0: La convention d’essai"
    assert mail.message_id == f"<{mail.public_id}@exemple.invalid>"
    assert mail.context == CONTEXT
    assert list(Job.objects.values_list("task", "arguments")) == [("mailing.send_mail", {"message_id": mail.pk})]


def test_a_message_is_written_once() -> None:
    for kept, ask in ((Mail, invite), (Sms, lambda: send_sms_on_commit(CODE, "+33612345678", None, {}))):
        with CaptureQueriesContext(connection) as asked:
            message = ask()
        told = " ".join(query["sql"] for query in asked)
        table = f'"{kept._meta.db_table}"'
        assert (told.count(f"INSERT INTO {table}"), told.count(f"UPDATE {table}")) == (1, 0)
        message.refresh_from_db()
        assert message.asked_at, "its job was asked for"


def test_a_rollback_takes_the_message_back() -> None:
    def broken_operation() -> None:
        with transaction.atomic():
            invite()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_operation()
    assert not Mail.objects.exists()
    assert not Job.objects.exists()


def test_a_double_click_makes_one_message() -> None:
    assert invite().pk == invite().pk
    assert invite("PAUL@exemple.fr").pk == invite().pk
    assert Job.objects.count() == 1


def test_a_double_click_makes_one_message_even_when_the_first_has_left() -> None:
    first = invite()
    Mail.objects.filter(pk=first.pk).update(status=Status.SENDING, claim=first.public_id, claimed_at=timezone.now())
    Mail.objects.filter(pk=first.pk).update(
        status=Status.SENT, sent_at=timezone.now(), finished_at=timezone.now(), claim=None, claimed_at=None
    )
    assert invite().pk == first.pk


def test_another_text_within_the_cool_down_is_refused_in_french() -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        invite()
    with time_machine.travel("2026-11-23 10:20+01:00", tick=False), pytest.raises(Refused) as refusal:
        invite(context={**CONTEXT, "deadline": "13 décembre"})
    assert "« Invitation d’essai » a déjà été demandé" in refusal.value.message
    assert "11:00" in refusal.value.message
    assert Mail.objects.count() == 1


def test_the_cool_down_ends_and_concerns_one_person_and_one_record(officer: User) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        invite()
        assert invite("anne@exemple.fr").pk != invite(record=officer).pk
    with time_machine.travel("2026-11-23 11:00:01+01:00", tick=False):
        invite(context={**CONTEXT, "deadline": "13 décembre"})
    assert Mail.objects.count() == 4


def test_a_message_that_failed_does_not_start_the_cool_down() -> None:
    first = invite()
    Mail.objects.filter(pk=first.pk).update(status=Status.SENDING, claim=first.public_id, claimed_at=timezone.now())
    Mail.objects.filter(pk=first.pk).update(
        status=Status.FAILED, failure="refusé", finished_at=timezone.now(), claim=None, claimed_at=None
    )
    assert invite().pk != first.pk


def test_a_key_against_doubles_holds_for_ever() -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        first = invite(dedup_key="rappel-J7-12")
    with time_machine.travel("2027-11-23 10:00+01:00", tick=False):
        assert invite(dedup_key="rappel-J7-12", context={**CONTEXT, "deadline": "demain"}).pk == first.pk


def test_the_same_words_for_two_moments_are_two_messages() -> None:
    soon, later = timezone.now() + timedelta(days=1), timezone.now() + timedelta(days=7)
    first = remind(earliest_at=soon)
    second = remind(earliest_at=later)
    assert first.pk != second.pk


def test_a_message_for_later_asks_for_no_job_now() -> None:
    mail = invite(earliest_at=timezone.now() + timedelta(days=3))
    assert mail.due_at == mail.earliest_at
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("recipient", "code"),
    [
        (Recipient("pas une adresse"), "bad_address"),
        (Recipient("paul@exemple.fr\r\nBcc: tous@exemple.fr"), "bad_address"),
        (Recipient("paul@exemple.fr", "Paul\r\nBcc: tous@exemple.fr"), "header_injection"),
        (Recipient("paul@exemple.fr", "Paul\u2028Exemple"), "header_injection"),
        (Recipient("paul@exemple.fr", "Paul", "reponse@exemple.fr\nX: y"), "bad_address"),
        (Recipient("paul@exemple.fr", "P" * 201), "name_too_long"),
    ],
)
def test_addresses_and_names_that_forge_headers_are_refused(recipient: Recipient, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        send_mail_on_commit(INVITATION, recipient, None, CONTEXT)
    assert refusal.value.code == code
    assert not Mail.objects.exists()


def test_a_title_that_forges_a_header_is_refused() -> None:
    with pytest.raises(Refused, match="retour à la ligne"):
        invite(context={**CONTEXT, "title": "Essai\nBcc: tous@exemple.fr"})


def test_a_long_title_is_cut_in_the_subject_alone() -> None:
    mail = invite(context={**CONTEXT, "title": "é" * 400})
    assert len(mail.subject_line) == 250
    assert mail.context["title"] == "é" * 400


def test_a_secret_in_the_context_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="secrets"):
        invite(context={**CONTEXT, "link": "quelque chose"})
    with pytest.raises(ValueError, match="personal link"):
        invite(context={**CONTEXT, "where": f"https://portail.fr/lien/{'a' * 43}/"})
    assert not Mail.objects.exists()


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(PortalError, match="plus connu"):
        send_mail_on_commit("tests.inconnu", Recipient("paul@exemple.fr"), None, {})


def test_a_type_that_may_be_grouped_waits_for_the_next_morning() -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        mail = remind()
    assert mail.kind == REMINDER
    assert mail.waits_for_digest
    assert timezone.localtime(mail.due_at).isoformat() == "2026-11-24T07:00:00+01:00"
    assert not Job.objects.exists()
