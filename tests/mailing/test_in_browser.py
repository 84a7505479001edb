"""The types of messages as staff sees them, and a message as it is received: axe finds nothing, on a phone and on a desk."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from e2c_portal.accounts.models import User
from e2c_portal.mailing.message_types import mail_type_named
from e2c_portal.mailing.previews import sample_words
from tests.harness.accessibility import RULES, WIDTHS, assert_accessible
from tests.harness.browser import LivePortal

# A message is read inside the page of a mail program, which has the landmarks that good practice asks of a page.
MAIL_RULES = {"runOnly": {"type": "tag", "values": [rule for rule in RULES if rule != "best-practice"]}}
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_staff_reads_what_the_portal_writes(live: LivePortal, officer: User, tmp_path: Path) -> None:
    shots = Path(os.environ.get("PICTURES", str(tmp_path)))
    live.sign_in(officer)
    live.open("/gestion/mailing/mail/")
    live.page.get_by_role("link", name="Modèles de messages").click()
    assert_accessible(live.page)
    for width in WIDTHS:
        live.picture(shots, "modeles", width)
    live.page.get_by_role("link", name="Échéance d’une convention").click()
    framed = live.page.frame_locator("iframe")
    expect(framed.get_by_role("link", name="Voir la convention")).to_be_visible()
    expect(live.page.locator(".mail-text")).to_contain_text("Voir la convention :")
    assert_accessible(live.page)
    for width in WIDTHS:
        live.picture(shots, "modele", width)
    # On a page of its own: a message has its own styles, which our pages would refuse.
    live.page.goto("about:blank")
    live.page.set_content(sample_words(mail_type_named("mailing.digest")).html)
    for width in WIDTHS:
        live.picture(shots, "message-du-jour", width)
        assert Axe().run(live.page, options=MAIL_RULES).response["violations"] == []
        assert live.page.evaluate("document.documentElement.scrollWidth") <= width
