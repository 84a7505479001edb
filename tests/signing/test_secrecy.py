"""A dump of the database holds no usable link or code, and no log line holds one."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.signing.code_digits import fingerprint
from e2c_portal.signing.models import Code, Envelope
from e2c_portal.signing.operations.codes import request_code
from e2c_portal.signing.operations.on_site import open_on_site
from tests.links.everything_stored import dump
from tests.signing.people import HERE, JEANNE, LOUISE, VISITOR
from tests.signing.work import Mailbox, code_for, shown, signatory, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def whole_life(
    envelope_of: Callable[..., Envelope],
    mailbox: Mailbox,
    officer: User,
    client: Client,
    caplog: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[list[str]]:
    """Live through everything that makes secrets, with the talkative logs on, and return the secrets."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "django.db.backends")
    connection.force_debug_cursor = True
    envelope = envelope_of(JEANNE, LOUISE, HERE)
    louise = signatory(envelope, "Louise d’Œuvre")
    path = mailbox.link("jeanne@exemple.fr")
    first = client.get(path)
    client.get(first.url)
    client.get(first.url + "document/")
    client.post(first.url + "code/", {"channel": "email"})
    work()
    code = mailbox.code("jeanne@exemple.fr")
    wrong = f"{(int(code) + 7) % 10**6:06}"
    client.post(first.url + "signer/", {"code": wrong, "consent": "on", "shown": shown(envelope)})
    by_sms = code_for(louise, mailbox, "sms")
    address = open_on_site(signatory(envelope, "Ines Surplace").pk, officer, vouched=True)
    client.get(address.removeprefix("http://testserver"))
    client.get(address.removeprefix("http://testserver") + "absent/")
    client.post(first.url + "signer/", {"code": code, "consent": "on", "shown": shown(envelope)})
    assert signatory(envelope, "Jeanne Martin").has_signed
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        request_code(louise.pk, "sms", VISITOR)
        work()
    sms_link = re.search(r"/lien/([\w-]{43})", "\n".join(mailbox.texts()))[1]  # type: ignore[index]
    key = first.url.rstrip("/").rpartition("/")[2]
    yield [path.split("/")[2], key, address.rstrip("/").rpartition("/")[2], sms_link, code, by_sms]
    connection.force_debug_cursor = False


def test_a_dump_holds_no_link_and_no_code(whole_life: list[str]) -> None:
    stored = dump()
    for secret in whole_life:
        # A code is six digits: hashes and times hold such runs by chance, words never do.
        found = re.search(rf"(?<![0-9a-f.]){re.escape(secret)}(?![0-9a-f])", stored)
        assert found is None, stored[max(0, found.start() - 200) : found.end() + 50] if found else ""
    assert not re.search(r"/(?:lien|sur-place)/[A-Za-z0-9_-]{20,}", stored)


def test_a_dump_does_not_give_codes_back_without_the_secret_key(whole_life: list[str], settings: Any) -> None:
    code = Code.objects.filter(used_at__isnull=False).get()
    assert fingerprint(code.salt, whole_life[4]) == code.fingerprint
    settings.SECRET_KEY = "another"
    assert fingerprint(code.salt, whole_life[4]) != code.fingerprint


def test_no_log_line_holds_one(whole_life: list[str], caplog: Any) -> None:
    records = caplog.get_records("setup")
    assert len(records) > 100, "the statements of the database are among them"
    for secret in whole_life:
        for record in records:
            told = record.getMessage()
            assert not re.search(rf"(?<![0-9a-f.]){re.escape(secret)}(?![0-9a-f])", told), (record.name, told)
