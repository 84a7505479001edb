"""What the database refuses by itself, whatever the code does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from e2c_portal.mailing.models import Mail, Preference, Sms, Status
from e2c_portal.mailing.requesting import send_sms_on_commit
from tests.mailing.samples import CODE, invite

pytestmark = pytest.mark.django_db


def refused(change: Callable[[], Any]) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        change()
    return str(refusal.value)


def changed(message: Mail | Sms, **values: Any) -> Callable[[], Any]:
    return lambda: type(message)._default_manager.filter(pk=message.pk).update(**values)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("email", "autre@exemple.fr"), ("context", {}), ("message_id", "<autre@x>"), ("subject_line", "Autre"), ("kind", "autre"),
        ("subject", "autre:1"), ("dedup_key", "x"), ("not_after", timezone.now()), ("name", "Autre"), ("reply_to", "a@b.fr"),
    ],
)  # fmt: skip
def test_what_was_asked_for_never_changes(column: str, value: Any) -> None:
    assert "figées" in refused(changed(invite(), **{column: value}))


@pytest.mark.parametrize("status", [Status.SENT, Status.FAILED, Status.BOUNCED])
def test_a_waiting_message_does_not_jump_to_its_end(status: str) -> None:
    values = {"status": status, "sent_at": timezone.now(), "finished_at": timezone.now(), "failure": "x"}
    assert "Passage interdit" in refused(changed(invite(), **values))


def test_a_message_that_left_never_leaves_again() -> None:
    mail, now = invite(), timezone.now()
    changed(mail, status=Status.SENDING, claim=mail.public_id, claimed_at=now)()
    changed(mail, status=Status.SENT, claim=None, claimed_at=None, sent_at=now, finished_at=now)()
    for status in (Status.QUEUED, Status.SENDING):
        assert "Passage interdit" in refused(changed(mail, status=status, finished_at=None))


def test_sending_needs_a_claim_and_an_end_its_reason_and_date() -> None:
    mail, now = invite(), timezone.now()
    assert "sending_means_claimed" in refused(changed(mail, status=Status.SENDING))
    assert "sending_means_claimed" in refused(changed(mail, claim=mail.public_id, claimed_at=now))
    assert "failure_says_why" in refused(changed(mail, status=Status.CANCELLED, finished_at=now))
    assert "finished_has_a_date" in refused(changed(mail, status=Status.CANCELLED, failure="x"))


def test_a_message_that_waits_is_not_deleted() -> None:
    mail = invite()
    assert "attend encore son départ" in refused(lambda: Mail.objects.filter(pk=mail.pk).delete())


def test_a_new_message_only_waits() -> None:
    sms = Sms(kind=CODE, phone="+33612345678", content_sha256="0" * 64, due_at=timezone.now())
    sms.status, sms.sent_at, sms.finished_at = Status.SENT, timezone.now(), timezone.now()
    assert "État initial interdit" in refused(lambda: sms.save())


@pytest.mark.parametrize("column", ["name", "subject_line", "email", "reply_to"])
def test_a_forged_header_is_refused_by_the_database_too(column: str) -> None:
    mail = Mail(
        kind="x", email="a@b.fr", subject_line="x", message_id="<x@y>", content_sha256="0" * 64, due_at=timezone.now()
    )
    setattr(mail, column, "a@b.fr\nBcc: tous@exemple.fr")
    assert "headers_on_one_line" in refused(lambda: mail.save())


def test_two_identical_messages_never_wait_together() -> None:
    mail = invite()
    twin = Mail.objects.get(pk=mail.pk)
    twin.pk, twin.public_id, twin.message_id = (
        None,
        timezone.now().strftime("00000000-0000-4000-8000-%m%d%H%M%S00"),
        "<x@y>",
    )
    assert "mail_waits_once" in refused(lambda: twin.save(force_insert=True))


def test_a_phone_is_written_the_international_way() -> None:
    sms = send_sms_on_commit(CODE, "0612345678", None, {})
    twin = Sms(kind=CODE, phone="0612345678", content_sha256="1" * 64, due_at=sms.due_at)
    assert "sms_phone_international" in refused(lambda: twin.save())


def test_a_preference_never_holds_the_address_itself() -> None:
    with pytest.raises(IntegrityError, match="preference_stored_hashed"):
        Preference.objects.create(address_sha256="paul@exemple.fr", kind="*")
