"""Text messages: their own way out, never written down, never dependent on e-mail."""

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from e2c_portal.kernel.errors import Refused
from e2c_portal.mailing import sending, sms
from e2c_portal.mailing.addresses import checked_phone
from e2c_portal.mailing.models import Mail, Sms, Status
from e2c_portal.mailing.outcomes import Deferred, Rejected, Uncertain, Unreachable
from e2c_portal.mailing.requesting import send_sms_on_commit
from tests.mailing.samples import CODE, Probe, work

pytestmark = pytest.mark.django_db
outbox: list[tuple[str, str, str]] = []
troubles: list[Exception] = []


class Outbox:
    """A service that keeps what it receives, and fails when told to."""

    def send(self, phone: str, text: str, reference: str) -> str:
        if troubles:
            raise troubles.pop(0)
        outbox.append((phone, text, reference))
        return f"accepté {text}"


@pytest.fixture(autouse=True)
def service(settings: Any) -> None:
    settings.SMS_BACKEND = "tests.mailing.test_sms.Outbox"
    outbox.clear()
    troubles.clear()


def code(phone: str = "06 12 34 56 78", **options: Any) -> Sms:
    return send_sms_on_commit(CODE, phone, None, {}, **options)


def test_the_code_leaves_and_stays_nowhere(probe: Probe) -> None:
    message = code()
    work()
    assert outbox == [("+33612345678", "Portail E2C : votre code est 428157, valable 10 minutes.", message.delivery)]
    message.refresh_from_db()
    assert (message.status, message.answer) == (
        Status.SENT,
        "accepté Portail E2C : votre code est …, valable 10 minutes.",
    )
    assert "428157" not in str(list(Sms.objects.values()))
    assert probe.heard == [(message.delivery, "sent")]
    assert not Mail.objects.exists()


def test_a_double_click_makes_one_message() -> None:
    assert code().pk == code().pk
    assert work() == 1


@pytest.mark.parametrize(
    ("trouble", "status", "doubt"),
    [
        (Unreachable("muet"), Status.QUEUED, False),
        (Deferred("plus tard"), Status.QUEUED, False),
        (Uncertain("silence"), Status.QUEUED, True),
        (Rejected("numéro refusé"), Status.FAILED, False),
    ],
)
def test_each_trouble_means_what_it_says(trouble: Exception, status: str, doubt: bool) -> None:
    troubles.append(trouble)
    message = code()
    work()
    message.refresh_from_db()
    assert (message.status, message.maybe_delivered) == (status, doubt)


def test_a_code_that_would_arrive_dead_is_not_sent() -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False):
        message = code(not_after=timezone.now() + timedelta(minutes=10))
    with time_machine.travel("2026-11-23 10:10+01:00", tick=False):
        sending.send_sms(message.pk)
    message.refresh_from_db()
    assert (message.status, outbox) == (Status.CANCELLED, [])


def test_without_a_service_it_is_said(settings: Any) -> None:
    settings.SMS_BACKEND = ""
    assert not sms.sms_available()
    message = code()
    work()
    message.refresh_from_db()
    assert (message.status, message.failure) == (Status.CANCELLED, sms.NO_SMS)


def test_the_file_of_the_demonstration_is_for_its_owner_alone(settings: Any, tmp_path: Path) -> None:
    settings.SMS_BACKEND, settings.SMS_FOLDER = "e2c_portal.mailing.sms.FileSms", tmp_path / "sms"
    code()
    work()
    (file,) = (tmp_path / "sms").iterdir()
    assert file.read_text() == "+33612345678\nPortail E2C : votre code est 428157, valable 10 minutes.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_terminal_shows_it_and_the_logs_do_not(
    settings: Any, capsys: pytest.CaptureFixture, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_BACKEND = "e2c_portal.mailing.sms.ConsoleSms"
    caplog.set_level(0)
    code()
    work()
    assert "428157" in capsys.readouterr().out
    assert "428157" not in caplog.text


@pytest.mark.parametrize("backend", [sms.ConsoleSms, sms.FileSms])
def test_production_refuses_what_shows_codes(settings: Any, backend: type) -> None:
    settings.PORTAL_PRODUCTION = True
    with pytest.raises(ImproperlyConfigured):
        backend()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("07.12.34.56.78", "+33712345678"),
        ("0033 6 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("+262 692 12 34 56", "+262692123456"),
        ("+34 612 345 678", "+34612345678"),
    ],
)
def test_numbers_are_written_one_way(typed: str, number: str) -> None:
    assert checked_phone(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "12", "06 12 34 56", "+0612345678", "06 12 34 56 7a", "+33612345678\n", "04 67 22 80 00", "+33 1 23 45 67 89"],
)
def test_numbers_that_receive_nothing_are_refused(typed: str) -> None:
    if typed.endswith("\n"):
        assert checked_phone(typed) == "+33612345678"
        return
    with pytest.raises(Refused):
        checked_phone(typed)
