"""What tests of signatures ask for: the pact, an envelope at a stage of its life, and a mailbox."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.operations.opening import NewSignatory, open_envelope
from tests.factories.documents import say_made
from tests.signing.pacts.kind import Desk, order
from tests.signing.pacts.registered import registered_pacts
from tests.signing.people import JEANNE, KARIM
from tests.signing.work import Mailbox, work


@pytest.fixture
def pacts(seal_key: None, settings: Any, tmp_path: Path) -> Iterator[Desk]:
    """Register the pact for one test, with the key to seal it and text messages in a folder of its own."""
    with registered_pacts(tmp_path / "sms") as desk:
        yield desk


@pytest.fixture
def envelope_of(pacts: Desk, officer: User) -> Callable[..., Envelope]:
    """Return a function: `envelope_of(JEANNE, KARIM, text="…", mode=…)` asks, makes the document and sends the messages.

    With `made=False` the document is only said to be made: for whoever reads its file no more than its fingerprint.
    """

    def opened(
        *people: NewSignatory,
        text: str = "Chacun tient parole.",
        number: int | None = None,
        made: bool = True,
        **options: Any,
    ) -> Envelope:
        signatories = people or (JEANNE, KARIM)
        envelope = open_envelope(order(signatories, text, number), signatories, officer, **options)
        if not made:
            with transaction.atomic():
                say_made()
        work()
        envelope.refresh_from_db()
        return envelope

    return opened


@pytest.fixture
def mailbox(pacts: Desk, mailoutbox: list[Any]) -> Mailbox:
    return Mailbox(mailoutbox, Path(portal_settings.SMS_FOLDER))
