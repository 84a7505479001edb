"""Do here and now what workers do, and read what people receive."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2c_portal.documents import building, signing_steps
from e2c_portal.documents.signing_steps import base_revision
from e2c_portal.kernel.models import Job
from e2c_portal.mailing import sending
from e2c_portal.signing.models import Act, Envelope, Signatory
from e2c_portal.signing.operations import applying
from e2c_portal.signing.operations.codes import request_code
from e2c_portal.signing.operations.signing import sign
from tests.signing.people import VISITOR

TASKS: Mapping[str, tuple[str, Callable[[int], object]]] = {
    "documents.build": ("document_id", building.build),
    "documents.close": ("document_id", signing_steps.close),
    "signing.apply": ("envelope_id", applying.apply),
    "mailing.send_mail": ("message_id", sending.send_mail),
    "mailing.send_sms": ("message_id", sending.send_sms),
}


def work(*only: str) -> int:
    """Run the jobs, handed to a broker or not, and those that they ask for, until none is left. Returns how many ran."""
    done = 0
    while jobs := list(Job.objects.filter(task__in=only or TASKS).order_by("pk")):
        Job.objects.filter(pk__in=[job.pk for job in jobs]).delete()
        for job in jobs:
            name, run = TASKS[job.task]
            run(job.arguments[name])
        done += len(jobs)
    return done


@dataclass
class Mailbox:
    """What left: e-mails, and text messages as files."""

    mails: list[Any]
    sms_folder: Path

    def to(self, address: str) -> list[Any]:
        return [mail for mail in self.mails if any(address in to for to in mail.to)]

    def subjects(self, address: str) -> list[str]:
        return [mail.subject for mail in self.to(address)]

    def link(self, address: str) -> str:
        """Return the path of the last link received at an address."""
        for mail in reversed(self.to(address)):
            if found := re.search(r"http://testserver(/lien/\S+)", mail.body):
                return found[1]
        raise AssertionError(f"no link for {address}")

    def code(self, address: str) -> str:
        """Return the last code received at an address."""
        for mail in reversed(self.to(address)):
            if found := re.search(r"^(\d{6})$", mail.body, re.MULTILINE):
                return found[1]
        raise AssertionError(f"no code for {address}")

    def texts(self) -> list[str]:
        """Return the text messages, oldest first."""
        files = sorted(self.sms_folder.glob("*.txt"), key=lambda path: path.stat().st_mtime_ns)
        return [path.read_text() for path in files]


def signatory(envelope: Envelope, name: str) -> Signatory:
    return envelope.signatories.get(full_name=name)


def shown(envelope: Envelope) -> str:
    """Return the fingerprint of the bytes that pages show."""
    return base_revision(envelope.document).sha256


def code_for(person: Signatory, mailbox: Mailbox, channel: str = "email") -> str:
    """Ask for a code and return the digits received."""
    request_code(person.pk, channel, VISITOR)
    work("mailing.send_mail", "mailing.send_sms")
    if channel == "sms":
        return re.search(r"\d{6}", mailbox.texts()[-1].split("\n", 1)[1])[0]  # type: ignore[index]
    return mailbox.code(person.email)


def signs(envelope: Envelope, name: str, mailbox: Mailbox, *, channel: str = "email", **changes: Any) -> Act:
    """Sign as somebody does: ask for the code, read it, type it. The file is written when `work()` runs."""
    person = signatory(envelope, name)
    code = code_for(person, mailbox, channel)
    facts: dict[str, Any] = {
        "typed_code": code, "consented": True, "shown_sha256": shown(envelope), "visitor": VISITOR, **changes,
    }  # fmt: skip
    return sign(person.pk, **facts)
