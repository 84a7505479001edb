"""A coordinator and a known trainee: from the board to « sent for signature » in a few gestures, then signed by four."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from e2c_portal.accounts.models import User
from schools.models import School
from tests.conformance.verapdf import poppler_signatures, validate
from tests.factories.agreements import accepted_internship, envelope_of, monday_after
from tests.factories.documents import apart
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from tests.signing.work import Mailbox, work
from trainees.models import Internship, InternshipAgreement, Trainee

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AT_MOST = 12


class Gestures:
    """Count what a person does: each click, each field filled."""

    def __init__(self) -> None:
        self.count, self.started = 0, time.monotonic()

    def do(self, act: Callable[[], object]) -> None:
        self.count += 1
        act()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


@pytest.fixture
def mailbox(mailoutbox: list[Any], settings: Any, tmp_path: Path) -> Mailbox:
    settings.PORTAL_URL = "http://testserver"
    return Mailbox(mailoutbox, tmp_path)


@pytest.fixture
def trainee(live: LivePortal, school: School, coordinator: User) -> Trainee:
    """A minor who has already been two weeks with this host, a month ago."""
    past = accepted_internship(
        school,
        coordinator,
        minor=True,
        starts_on=monday_after(timezone.localdate(), -5),
        days=5,
        school_signatory=coordinator,
    )
    return past.trainee


def test_from_a_known_host_to_a_sealed_agreement(
    live: LivePortal, browser: Browser, trainee: Trainee, coordinator: User, mailbox: Mailbox, tmp_path: Path
) -> None:
    live.page.set_default_timeout(10_000)
    live.sign_in(coordinator)
    gestures = Gestures()
    internship = _sent_for_signature(live, trainee, gestures)
    assert gestures.count < AT_MOST, gestures.count
    assert gestures.seconds < 180, gestures.seconds
    apart(work)
    parent = trainee.representatives.get()
    _signs_by_link(browser, live, mailbox, trainee.email, plain=True)
    _signs_by_link(browser, live, mailbox, parent.email, plain=False)
    _signs_on_site(live, internship, "Pour l’entreprise d’accueil")
    _signs_on_site(live, internship, "Pour l’école")
    apart(work)
    internship.refresh_from_db()
    assert internship.status == "signed"
    code = _downloaded(live, internship, tmp_path)
    answer = Client().get(f"/verifier/{code}/").content.decode()
    assert "Pas encore en vigueur" in answer
    assert str(trainee) not in answer


def _sent_for_signature(live: LivePortal, trainee: Trainee, gestures: Gestures) -> Internship:
    page = live.page
    gestures.do(lambda: live.open(reverse("trainees:board")))
    gestures.do(lambda: page.get_by_role("link", name=re.compile("Préparer un stage")).first.click())
    first = monday_after(timezone.localdate(), 2)
    gestures.do(lambda: page.get_by_label(re.compile(r"^\s*Premier jour")).fill(first.isoformat()))
    last = first + timedelta(days=11)
    gestures.do(lambda: page.get_by_label(re.compile(r"^\s*Dernier jour")).fill(last.isoformat()))
    gestures.do(lambda: page.get_by_label("L’entreprise a donné son accord").check())
    # The page checks what is typed by itself; it is given the time to say that nothing stands against it.
    page.wait_for_load_state("networkidle")
    gestures.do(lambda: page.get_by_role("button", name="Enregistrer le stage").click())
    expect(page.get_by_text("Le stage est enregistré.")).to_be_visible()
    gestures.do(lambda: page.get_by_role("link", name="Mettre à la signature…").click())
    expect(page.get_by_role("heading", name="Mettre à la signature", level=1)).to_be_visible()
    assert_accessible(page)
    gestures.do(lambda: page.get_by_role("button", name="Mettre à la signature").click())
    expect(page.get_by_text("La convention est à la signature").first).to_be_visible()
    return Internship.objects.get(trainee=trainee, starts_on=first)


def _signs_by_link(browser: Browser, live: LivePortal, mailbox: Mailbox, address: str, *, plain: bool) -> None:
    """On a phone, without an account and without JavaScript; the trainee reads the plain page first."""
    context = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(live.url + mailbox.link(address))
    if plain:
        _reads_in_plain_words(page)
    page.get_by_role("button", name="Recevoir mon code").click()
    apart(work)
    page.reload()
    page.get_by_label("Votre code").fill(mailbox.code(address))
    page.get_by_label(re.compile(r"^\s*Je signe")).check()
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.get_by_text("Votre signature est enregistrée").first).to_be_visible()
    context.close()


def _reads_in_plain_words(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Lire d’abord l’essentiel")).click()
    expect(page.get_by_role("heading", name="En cas d’accident")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("link", name=re.compile("continuer pour signer")).click()


def _signs_on_site(live: LivePortal, internship: Internship, role: str) -> None:
    page = live.page
    person = envelope_of(_agreement(internship)).signatories.get(role=role)
    live.open(reverse("signing:signatory", args=[person.envelope.public_id, person.public_id]))
    page.get_by_text("Sur place, devant vous").click()
    page.get_by_label(re.compile("est devant moi")).check()
    page.get_by_role("button", name="Ouvrir la signature sur place").click()
    page.get_by_role("link", name="Signer sur cet écran").click()
    page.get_by_label(re.compile(r"^\s*Je signe")).check()
    page.get_by_role("button", name="Signer", exact=True).click()
    expect(page.get_by_text("Votre signature est enregistrée").first).to_be_visible()


def _agreement(internship: Internship) -> InternshipAgreement:
    return InternshipAgreement.objects.get(internship=internship)


def _downloaded(live: LivePortal, internship: Internship, folder: Path) -> str:
    """Return the code of verification that the page shows, the sealed file checked."""
    page = live.page
    live.open(internship.get_absolute_url())
    expect(page.get_by_text("4 signatures sur 4")).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Télécharger la convention scellée")).click()
    file = folder / "convention.pdf"
    waiting.value.save_as(file)
    assert [found.valid for found in poppler_signatures(file)] == [True] * 5
    assert [verdict for verdict in validate([file]) if not verdict.passed] == []
    return page.locator(".code-words").first.inner_text()
