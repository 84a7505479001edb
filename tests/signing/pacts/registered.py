"""The pact registered for as long as a block lasts, with text messages in a folder of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.test import override_settings

from e2c_portal.documents import kinds
from e2c_portal.signing import purposes
from tests.signing.pacts.kind import PACT, PURPOSE, Desk, desk

SAMPLES = Path(__file__).parents[1] / "samples"


@contextmanager
def registered_pacts(sms_folder: Path) -> Iterator[Desk]:
    """Make pacts known to the portal while the block runs; the desk has heard nothing yet."""
    settings = {
        "DOCUMENT_ASSET_DIRS": [*portal_settings.DOCUMENT_ASSET_DIRS, SAMPLES],
        "SMS_BACKEND": "e2c_portal.mailing.sms.FileSms",
        "SMS_FOLDER": sms_folder,
        "PORTAL_URL": "http://testserver",
    }
    with pytest.MonkeyPatch.context() as patch, override_settings(**settings):
        patch.setitem(kinds._kinds, PACT.name, PACT)
        patch.setitem(purposes._purposes, PURPOSE.kind, PURPOSE)
        desk.heard.clear()
        desk.may_delegate = True
        yield desk
