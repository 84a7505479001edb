"""What tests of signatures ask for: the pact, an envelope at a stage of its life, and a mailbox."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings

from e2c_portal.accounts.models import User
from e2c_portal.documents import kinds
from e2c_portal.signing import purposes
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.operations.opening import NewSignatory, open_envelope
from tests.signing.pacts.kind import PACT, PURPOSE, Desk, desk, order
from tests.signing.people import JEANNE, KARIM
from tests.signing.work import Mailbox, work

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def pacts(monkeypatch: pytest.MonkeyPatch, settings: Any, seal_key: None, tmp_path: Path) -> Desk:
    """Register the pact for one test, with the key to seal it and text messages in a folder of its own."""
    monkeypatch.setitem(kinds._kinds, PACT.name, PACT)
    monkeypatch.setitem(purposes._purposes, PURPOSE.kind, PURPOSE)
    settings.DOCUMENT_ASSET_DIRS = [*settings.DOCUMENT_ASSET_DIRS, SAMPLES]
    settings.SMS_BACKEND = "e2c_portal.mailing.sms.FileSms"
    settings.SMS_FOLDER = tmp_path / "sms"
    settings.PORTAL_URL = "http://testserver"
    desk.heard.clear()
    desk.may_delegate = True
    return desk


@pytest.fixture
def envelope_of(pacts: Desk, officer: User) -> Callable[..., Envelope]:
    """Return a function: `envelope_of(JEANNE, KARIM, text="…", mode=…)` asks, makes the document and sends the messages."""

    def opened(
        *people: NewSignatory, text: str = "Chacun tient parole.", number: int | None = None, **options: Any
    ) -> Envelope:
        signatories = people or (JEANNE, KARIM)
        envelope = open_envelope(order(signatories, text, number), signatories, officer, **options)
        work()
        envelope.refresh_from_db()
        return envelope

    return opened


@pytest.fixture
def mailbox(pacts: Desk, mailoutbox: list[Any]) -> Mailbox:
    return Mailbox(mailoutbox, Path(portal_settings.SMS_FOLDER))
