"""Types of messages of the tests: one legal with a link, one that may be stopped and grouped, one with a code."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from e2c_portal.celery import app
from e2c_portal.kernel.models import Job
from e2c_portal.mailing import digests, message_types
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import Attachment, MailType, SmsType
from e2c_portal.mailing.models import Mail, Message
from e2c_portal.mailing.requesting import send_mail_on_commit
from tests.harness.worker import load_tasks

INVITATION, REMINDER, CODE = "tests.invitation", "tests.reminder", "tests.code"
CONTEXT = {"title": "La convention d’essai", "deadline": "12 décembre"}


def made_link(message: Message) -> Mapping[str, str]:
    return {"link": f"http://testserver/lien/{'k' * 43}/"}


def made_code(message: Message) -> Mapping[str, str]:
    return {"code": "428157"}


@dataclass
class Probe:
    """What the sample types do when they are asked, and what they were told."""

    link: Callable[[Any], Mapping[str, str]] = made_link
    code: Callable[[Any], Mapping[str, str]] = made_code
    files: tuple[Attachment, ...] = ()
    heard: list[tuple[str, str]] = field(default_factory=list)
    deaf: int = 0

    def hear(self, message: Message) -> None:
        if self.deaf:
            self.deaf -= 1
            raise RuntimeError("the app is not listening")
        self.heard.append((message.delivery, message.status))


probe = Probe()

TYPES = (
    MailType(
        name=INVITATION, label="Invitation d’essai", subject="Votre signature est attendue : {{ title }}",
        cool_down=timedelta(hours=1), examples={"link": "https://exemple.invalid/lien/exemple/"}, sample=CONTEXT,
        secrets=lambda mail: probe.link(mail), attachments=lambda mail: probe.files,
        sent=lambda mail: probe.hear(mail), undelivered=lambda mail: probe.hear(mail),
    ),
    MailType(
        name=REMINDER, label="Rappel d’essai", subject="Plus que {{ days }} jours : {{ title }}", digestable=True,
        stoppable=True, sample={"title": "signer", "days": 7}, sent=lambda mail: probe.hear(mail), undelivered=lambda mail: probe.hear(mail),
    ),
    MailType(
        name=CODE, label="Code d’essai", subject="Votre code", examples={"code": "000000"},
        secrets=lambda mail: probe.code(mail),
    ),
    SmsType(
        name=CODE, label="Code d’essai", examples={"code": "000000"}, secrets=lambda sms: probe.code(sms),
        sent=lambda sms: probe.hear(sms), undelivered=lambda sms: probe.hear(sms),
    ),
)  # fmt: skip


def registered() -> Iterator[Probe]:
    """Know the sample types while a test runs."""
    for kind in TYPES:
        message_types.register(kind)
    fresh = Probe()
    for name, value in vars(fresh).items():
        setattr(probe, name, value)
    yield probe
    for kind in TYPES:
        known = message_types._mail_types if isinstance(kind, MailType) else message_types._sms_types
        known.pop(kind.name, None)


def invite(to: str = "paul@exemple.fr", **options: Any) -> Mail:
    """Ask for an invitation about no record."""
    context = options.pop("context", CONTEXT)
    record = options.pop("record", None)
    name = options.pop("name", "Paul Exemple")
    return send_mail_on_commit(INVITATION, Recipient(to, name), record, context, **options)


def remind(to: str = "paul@exemple.fr", days: int = 7, **options: Any) -> Mail:
    """Ask for a reminder, which waits for the message of the day."""
    return send_mail_on_commit(
        REMINDER, Recipient(to, "Paul Exemple"), None, {"title": "signer", "days": days}, **options
    )


def work() -> int:
    """Do what a worker would: run the tasks of the jobs that wait. Returns how many."""
    load_tasks()
    jobs = list(Job.objects.filter(published_at=None).order_by("pk"))
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(published_at=timezone.now())
    for job in jobs:
        app.tasks[job.task].apply(kwargs=job.arguments, throw=True)
    return len(jobs)


def morning() -> int:
    """Do what the timed task does: make the messages of the day that are due."""
    return digests.group_due()
