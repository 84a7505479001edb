"""The scan page in a real browser: a network cut, a reload of the page, the camera, and what axe finds."""

import re
from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assises.models import Checkpoint, Scan
from assises.operations.doors import show_post_link
from assises.reads.tickets import make_ticket, ticket_of
from e2c_portal.accounts.models import User
from tests.assises.camera_feed import FED, held_up
from tests.factories.assises import door, edition_open, somebody
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def said(page: Any, word: str, sentence: str = "") -> None:
    panel = page.locator("[data-door-answer]")
    expect(panel.locator(".door-word")).to_have_text(word)
    if sentence:
        expect(panel.locator(".door-sentence")).to_contain_text(sentence)


def typed(page: Any, ticket: str) -> None:
    """Type a ticket as a keyboard reader does, wherever the focus is."""
    page.keyboard.type(ticket)
    page.keyboard.press("Enter")


def test_a_day_at_the_door_with_a_cut(live: LivePortal, officer: User) -> None:
    edition = edition_open(officer, held_on=timezone.localdate())
    day = Checkpoint.objects.create(
        edition=edition, kind="half_day", name="Journée", opens_at=time(0), closes_at=time(23, 59)
    )
    post = door(edition)
    names = ("Un", "Deux", "Trois", "Quatre", "Cinq")
    first, second, third, fourth, fifth = (somebody(edition, last_name=name) for name in names)
    page, cut = live.page, live.page.context
    page.add_init_script(FED)
    address = re.sub(r"^https?://[^/]+", "", show_post_link(post.pk, officer))
    live.open(address)
    assert_accessible(page)
    page.wait_for_function("caches.match(location.href).then(Boolean)")

    # A keyboard reader types while the focus is on a button.
    page.locator("[data-door-mute]").focus()
    typed(page, ticket_of(first))
    said(page, "OUI", "La présence est comptée")
    expect(page.locator("[data-door-tally]")).to_have_text("1 comptés sur 5 attendus")
    typed(page, ticket_of(first))
    said(page, "DÉJÀ ENTRÉ", "Porte nord")
    assert_accessible(page)

    # The network goes away: the phone says what it knows, and keeps everything, unknown tickets too.
    cut.set_offline(True)
    typed(page, ticket_of(second))
    said(page, "BILLET CONNU", "au retour du réseau")
    typed(page, make_ticket(first.public_id, 9))
    said(page, "BILLET INCONNU")
    expect(page.locator("[data-door-waiting]")).to_contain_text("2 en attente d’envoi")
    page.locator("#nom").fill("trois")
    page.locator("[data-door-search] button").click()
    expect(page.locator("[data-door-results]")).to_contain_text("demande le réseau")
    assert Scan.objects.count() == 2

    # Loaded again during the cut, the page opens as it was, with what it keeps and the right time.
    page.reload()
    expect(page.locator("[data-door-waiting]")).to_contain_text("2 en attente d’envoi")
    typed(page, ticket_of(fifth))
    said(page, "BILLET CONNU", "au retour du réseau")
    assert_accessible(page)

    # Leaving the page loses nothing: opened again, it sends what waits, in order, and counts it once.
    page.goto("about:blank")
    cut.set_offline(False)
    live.open(address)
    expect(page.locator("[data-door-journal] li")).to_have_count(3)
    expect(page.locator("[data-door-waiting]")).to_be_hidden()
    kept = Scan.objects.filter(was_offline=True).order_by("scanned_at")
    assert [scan.outcome for scan in kept] == ["ok", "unknown", "ok"]
    assert all(scan.received_at > scan.scanned_at > timezone.now() - timedelta(minutes=5) for scan in kept)

    # By name, then by the camera.
    page.locator("#nom").fill("trois")
    page.locator("[data-door-search] button").click()
    page.locator("[data-door-results] button").click()
    said(page, "OUI")
    page.evaluate("picture => { window.fedPicture = picture; }", held_up(ticket_of(fourth)))
    page.locator("[data-door-camera]").click()
    expect(page.locator(".door-who")).to_contain_text("Quatre")
    assert_accessible(page)
    counted = Scan.objects.filter(outcome="ok", checkpoint=day)
    assert sorted(counted.values_list("way", flat=True)) == ["camera", "keyboard", "keyboard", "keyboard", "name"]
    assert {third.pk, fourth.pk} <= set(counted.values_list("registration", flat=True))
