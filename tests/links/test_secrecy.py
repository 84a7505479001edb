"""The measure of quality: a dump of the database holds no usable link or code, and no log line holds one.

Links and messages do not know each other: an app joins them as done here, in a few lines.
"""

import base64
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext

from e2c_portal.accounts.models import User
from e2c_portal.links.issuing import delivered, rotate
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.opening import open_link
from e2c_portal.links.standing import ReplacedLink
from e2c_portal.mailing import sending
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.models import Mail, Message, Status
from e2c_portal.mailing.requesting import send_mail_on_commit, send_sms_on_commit
from tests.links.everything_stored import dump
from tests.links.purpose import Desk, link_to, path_in, token_in
from tests.mailing import samples
from tests.mailing.conftest import TEMPLATES, use
from tests.mailing.smtp_sink import Sink, listening, text_of

pytestmark = pytest.mark.django_db
# Unlike any other word of a log: six figures alone would be found by chance among times and fingerprints.
CODE = "904-173-QZ"


@pytest.fixture(autouse=True)
def joined(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[samples.Probe]:
    """Join links and messages: the link is made when the message leaves, the older ones retired once it left."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    monkeypatch.setattr(engine, "dirs", [*engine.dirs, TEMPLATES])

    def make_link(mail: Message) -> dict[str, str]:
        link = PersonalLink.objects.get(public_id=mail.context["link_id"])
        return {"link": rotate(link, delivery=mail.delivery)}

    def ask(link: PersonalLink) -> Mail:
        context = {**samples.CONTEXT, "link_id": str(link.public_id)}
        return send_mail_on_commit(samples.INVITATION, Recipient(link.email, link.holder_label), None, context)

    for probe in samples.registered():
        probe.link, probe.code = make_link, lambda message: {"code": CODE}
        # Undone after the test: the probe is shared with the tests of mailing.
        monkeypatch.setattr(probe, "hear", lambda message: delivered(message.delivery))
        desk.send = ask
        yield probe


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with listening() as server:
        use(settings, server.port)
        yield server


def link_in(sink: Sink, number: int = -1) -> str:
    """Return the link that the recipient of a message reads."""
    return next(line for line in text_of(sink.seen[number]).splitlines() if "/lien/" in line)


def forms_of(secret: str) -> list[str]:
    """Return the ways in which a secret could be written down."""
    raw = secret.encode()
    return [secret, raw.hex(), base64.b64encode(raw).decode(), secret.upper(), secret[::-1], secret[:30]]


def whole_life(sink: Sink, link: PersonalLink, desk: Desk) -> list[str]:
    """Deferred, sent, opened, misused, asked for again, replaced. Returns every secret that was made on the way."""
    mail = desk.send(link)
    sink.manners.replies["CONTENT"] = ["451 4.7.1 later", "250 ok"]
    for _ in range(2):
        sending.send_mail(mail.pk)
        Mail.objects.filter(pk=mail.pk).update(due_at=mail.due_at)
    mail.refresh_from_db()
    assert mail.status == Status.SENT
    tokens = [token_in(link_in(sink, number)) for number in (0, 1)]
    browser, keys = Client(), []
    for token in tokens:
        page = browser.get(f"/lien/{token}/")["Location"]
        keys += [page.split("/")[3], browser.cookies["lien"].value]
        assert browser.get(page).status_code == 200
        assert browser.get(f"{page}ailleurs/").status_code == 404
        with pytest.raises(RuntimeError):
            browser.get(f"{page}casse/")
        browser.post(f"/lien/{token}")
    browser.get(f"/lien/{tokens[0]}x/")
    browser.get(f"/autre/lien/{tokens[0]}/")
    browser.delete(f"/lien/{tokens[0]}/")
    tokens.append(token_in(rotate(link)))
    assert browser.get(f"/lien/{tokens[1]}/").status_code == 410
    return tokens + keys


def test_neither_the_database_nor_the_logs_hold_a_link_or_a_code(
    sink: Sink, officer: User, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, desk: Desk,
    capfd: pytest.CaptureFixture,
) -> None:  # fmt: skip
    """With every log turned up, SQL statements and their values included."""
    settings.SMS_BACKEND, settings.SMS_FOLDER = "e2c_portal.mailing.sms.FileSms", tmp_path / "sms"
    for name in (None, "django", "django.request", "django.server", "django.db.backends", "celery", "e2c_portal"):
        caplog.set_level(logging.DEBUG, logger=name)
    with CaptureQueriesContext(connection):
        link = link_to(officer, phone="+33612345678")
        secrets = whole_life(sink, link, desk)
        sending.send_sms(send_sms_on_commit(samples.CODE, "+33612345678", None, {}).pk)
    stored, logged = dump(), caplog.text + "".join(capfd.readouterr())
    assert str(link.public_id) in stored
    assert "INSERT INTO" in logged
    assert "/lien/…" in logged
    for form in [form for secret in secrets for form in forms_of(secret)]:
        assert form not in stored
        assert form not in logged
    assert CODE not in stored
    assert CODE not in logged
    assert CODE in next((tmp_path / "sms").iterdir()).read_text()


def test_a_message_tried_twice_leaves_two_links_that_open_and_retires_the_older_ones(
    sink: Sink, officer: User, desk: Desk
) -> None:
    link = link_to(officer)
    before = rotate(link)
    sink.manners.replies["CONTENT"] = [""]
    mail = desk.send(link)
    sending.send_mail(mail.pk)
    assert open_link(token_in(before)).link == link, "the message may not have left: the former link still opens"
    Mail.objects.filter(pk=mail.pk).update(due_at=mail.due_at)
    sending.send_mail(mail.pk)
    copies = [link_in(sink, number) for number in (0, 1)]
    assert len(set(copies)) == 2
    for copy in copies:
        assert open_link(token_in(copy)).link == link
    with pytest.raises(ReplacedLink):
        open_link(token_in(before))


def test_whoever_holds_an_old_link_receives_the_new_one_by_mail(sink: Sink, officer: User, desk: Desk) -> None:
    link = link_to(officer)
    old = rotate(link)
    browser = Client()
    assert browser.post(path_in(old)).status_code == 303
    mail = Mail.objects.get()
    assert mail.email == link.email
    sending.send_mail(mail.pk)
    assert browser.get(path_in(old)).status_code == 410
    assert browser.get(path_in(link_in(sink)), follow=True).status_code == 200


def test_a_link_withdrawn_meanwhile_cancels_its_message(sink: Sink, officer: User, desk: Desk) -> None:
    mail = desk.send(link_to(officer))
    desk.version = "2"
    sending.send_mail(mail.pk)
    mail.refresh_from_db()
    assert mail.status == Status.CANCELLED
    assert "ancienne version" in mail.failure
    assert sink.seen == []
