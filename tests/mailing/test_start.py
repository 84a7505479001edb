"""What the portal refuses when it starts, and what it deletes in the end."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from e2c_portal.mailing import message_types
from e2c_portal.mailing.checks import every_type_has_its_words, messages_really_leave
from e2c_portal.mailing.message_types import SmsType
from e2c_portal.mailing.models import Mail, Status
from e2c_portal.mailing.retention import KEPT_FOR, purge
from tests.mailing.samples import invite, morning, remind, work
from tests.mailing.smtp_sink import Sink

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("backend", "sms", "errors"),
    [
        (SMTP, "", []),
        ("django.core.mail.backends.console.EmailBackend", "", ["mailing.E001"]),
        ("django.core.mail.backends.filebased.EmailBackend", "", ["mailing.E001"]),
        (SMTP, "e2c_portal.mailing.sms.ConsoleSms", ["mailing.E002"]),
        (SMTP, "e2c_portal.mailing.sms.FileSms", ["mailing.E002"]),
        (SMTP, "region.sms.Operateur", []),
    ],
)
def test_production_sends_for_real(settings: Any, backend: str, sms: str, errors: list[str]) -> None:
    settings.PORTAL_PRODUCTION, settings.EMAIL_BACKEND, settings.SMS_BACKEND = True, backend, sms
    assert [error.id for error in messages_really_leave()] == errors
    settings.PORTAL_PRODUCTION = False
    assert messages_really_leave() == []


def test_a_type_without_its_words_stops_the_start() -> None:
    assert every_type_has_its_words() == []
    message_types.register(SmsType(name="tests.muet", label="Muet"))
    try:
        (error,) = every_type_has_its_words()
    finally:
        message_types._sms_types.pop("tests.muet")
    assert "emails/tests/muet.sms.txt" in error.msg


@pytest.mark.django_db
def test_old_messages_go_and_what_waits_stays(sink: Sink) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        remind(days=30)
        remind(days=7)
        invite()
    with time_machine.travel("2026-11-24 07:00+01:00", tick=False):
        morning()
        work()
        assert purge() == 0
        waiting = invite("anne@exemple.fr", earliest_at=timezone.now() + timedelta(days=4000))
    with time_machine.travel("2026-11-24 07:00:01+01:00", tick=False) as clock:
        clock.shift(KEPT_FOR)
        assert purge() == 4
    assert list(Mail.objects.values_list("pk", "status")) == [(waiting.pk, Status.QUEUED)]
