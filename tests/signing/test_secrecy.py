"""A database dump contains no usable link or code; no log line contains one: after a whole signing, up to the seal."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Status
from e2c_portal.signing.code_digits import fingerprint
from e2c_portal.signing.models import Code, Envelope
from e2c_portal.signing.operations.codes import request_code
from e2c_portal.signing.operations.on_site import find_session, open_on_site, sign_on_site
from e2c_portal.signing.operations.signing import sign
from tests.harness.json_logs import json_logs
from tests.links.everything_stored import dump, dump_file
from tests.signing.people import HERE, JEANNE, LOUISE, VISITOR
from tests.signing.work import Mailbox, code_for, shown, signatory, work

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Envelope]


class Life:
    """Everything that makes secrets: links sent, opened, misused; codes asked for, mistyped, used; a ceremony; the seal."""

    def __init__(self, envelope: Envelope, mailbox: Mailbox, officer: User, client: Client) -> None:
        self.envelope, self.mailbox, self.officer, self.client = envelope, mailbox, officer, client
        self.links: list[str] = []
        self.codes: list[str] = []

    def live(self) -> None:
        self.by_mail()
        self.by_sms()
        self.on_site()
        work()
        self.envelope.refresh_from_db()
        assert (self.envelope.status, self.envelope.document.status) == ("completed", Status.SEALED)

    def by_mail(self) -> None:
        path = self.mailbox.link("jeanne@exemple.fr")
        page = self.client.get(path).url
        self.links += [path.split("/")[2], page.rstrip("/").rpartition("/")[2], self.client.cookies["lien"].value]
        for address in ("", "document/", "signer/", "absent/"):
            self.client.get(page + address)
        self.client.post(page + "code/", {"channel": "email"})
        work("mailing.send_mail")
        code = self.mailbox.code("jeanne@exemple.fr")
        wrong = f"{(int(code) + 7) % 10**6:06}"
        self.codes += [code, wrong]
        for typed in (wrong, code):
            self.client.post(page + "signer/", {"code": typed, "consent": "on", "shown": shown(self.envelope)})
        assert signatory(self.envelope, "Jeanne Martin").has_signed

    def by_sms(self) -> None:
        person = signatory(self.envelope, "Louise d’Œuvre")
        self.codes.append(code_for(person, self.mailbox, "sms"))
        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            request_code(person.pk, "sms", VISITOR)
            work("mailing.send_sms")
            code = re.search(r"\d{6}", self.mailbox.texts()[-1].split("\n", 1)[1])[0]  # type: ignore[index]
            sign(person.pk, typed_code=code, consented=True, shown_sha256=shown(self.envelope), visitor=VISITOR)
        self.codes.append(code)
        self.links.append(re.search(r"/lien/([\w-]{43})", "\n".join(self.mailbox.texts()))[1])  # type: ignore[index]

    def on_site(self) -> None:
        address = open_on_site(signatory(self.envelope, "Ines Surplace").pk, self.officer, vouched=True)
        path, token = address.removeprefix("http://testserver"), address.rstrip("/").rpartition("/")[2]
        self.links.append(token)
        for ending in ("", "absent/"):
            self.client.get(path + ending)
        sign_on_site(find_session(token), consented=True, shown_sha256=shown(self.envelope), visitor=VISITOR)


def forms_of_link(secret: str) -> list[str]:
    """Return the ways in which a link could be written and used again: its fingerprint is not one."""
    raw = secret.encode()
    return [
        secret,
        raw.hex(),
        base64.b64encode(raw).decode().rstrip("="),
        quote(secret, safe=""),
        secret[::-1],
        secret[:30],
    ]


def patterns_of_code(code: str) -> list[str]:
    """Return the ways in which six digits could be read or guessed back. Hashes and times hold such runs by chance."""
    raw = code.encode()
    alone = rf"(?<![0-9a-fA-F.]){code}(?![0-9a-fA-F])"
    bare = [hashlib.new(name, raw).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")]
    return [alone, rf"\b{code[:3]}[\s\u00a0\u202f]{code[3:]}\b", re.escape(base64.b64encode(raw).decode()), *bare]


def assert_silent(life: Life, told: str, where: str) -> None:
    for link in life.links:
        for form in forms_of_link(link):
            assert form not in told, f"a link in {where}"
    for code in life.codes:
        for pattern in patterns_of_code(code):
            found = re.search(pattern, told)
            assert found is None, (where, told[max(0, found.start() - 200) : found.end() + 50]) if found else ""
    assert not re.search(r"/(?:lien|sur-place)/[A-Za-z0-9_-]{20,}", told), f"an address in {where}"


def test_after_a_whole_signing_neither_a_dump_nor_a_log_line_holds_a_link_or_a_code(
    envelope_of: Open, mailbox: Mailbox, officer: User, client: Client, capfd: pytest.CaptureFixture
) -> None:
    with json_logs() as logs:
        life = Life(envelope_of(JEANNE, LOUISE, HERE), mailbox, officer, client)
        life.live()
    assert (len(life.links), len(life.codes)) == (5, 4)
    lines = [json.loads(line) for line in logs.getvalue().splitlines()]
    assert sum("INSERT INTO" in line["message"] for line in lines) > 50, "the statements of the database are among them"
    assert any(line["logger"] == "django.request" for line in lines), "refused addresses are among them"
    assert_silent(life, logs.getvalue(), "the logs")
    assert_silent(life, "".join(capfd.readouterr()), "what the processes print")
    assert_silent(life, dump(), "the rows")
    copy = dump_file()
    assert "COPY public.links_personallink" in copy
    assert_silent(life, copy, "the dump")


def test_a_dump_does_not_give_codes_back_without_the_secret_key(
    envelope_of: Open, mailbox: Mailbox, settings: Any
) -> None:
    digits = code_for(signatory(envelope_of(JEANNE), "Jeanne Martin"), mailbox)
    code = Code.objects.get()
    assert fingerprint(code.salt, digits) == code.fingerprint
    settings.SECRET_KEY = "another"
    assert fingerprint(code.salt, digits) != code.fingerprint
