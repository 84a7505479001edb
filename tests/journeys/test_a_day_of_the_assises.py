"""A whole day: announced, a school registers twelve trainees, badges, the door with a cut, conventions signed, the report verified."""

import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from assises.models import Checkpoint, Edition, EditionReport, Registration, Room, Scan, Session
from assises.operations.doors import show_post_link
from assises.operations.editions import create_edition, set_quotas
from assises.operations.programme import add_part, publish_programme
from assises.reads.tickets import ticket_of
from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document
from partnerships.models import PartnershipConvention, SigningEvent
from partnerships.operations.ceremonies import add_to_programme
from partnerships.operations.ceremony_day import put_programme_to_signature
from schools.models import School
from tests.assises.camera_feed import FED, held_up
from tests.assises.test_door_in_browser import said, typed
from tests.conformance.verapdf import poppler_signatures, validate
from tests.factories.assises import door
from tests.factories.attendance import under_way
from tests.factories.ceremonies import people_of, sign_here, voted
from tests.factories.documents import apart
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from tests.signing.work import work

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TWELVE = 12
PHONE = {"width": 360, "height": 640}


@pytest.fixture
def edition(live: LivePortal, officer: User) -> Edition:
    """Prepared, not announced: three weeks ahead, so that the school may still register."""
    day = timezone.localdate() + timedelta(days=21)
    now = timezone.now()
    row = Edition(
        year=day.year, name=f"Assises {day.year} (exemple)", held_on=day, starts_at=time(9), ends_at=time(17),
        place="Hôtel de Région", city="Montpellier", presentation="Pour tous.", contact_email="assises@exemple.invalid",
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(days=20),
    )  # fmt: skip
    create_edition(row, officer)
    hall = add_part(Room(edition=row, name="Grande salle", capacity=300), officer)
    add_part(
        Session(edition=row, title="Ouverture", kind="plenary", starts_at=time(9), ends_at=time(10), room=hall), officer
    )
    set_quotas(row.pk, {"trainee": 11}, officer)
    publish_programme(row.pk, "", officer)
    return row


@pytest.fixture
def convention(live: LivePortal, officer: User) -> PartnershipConvention:
    return voted(officer)


def test_from_the_announcement_to_the_verified_report(
    live: LivePortal, browser: Browser, edition: Edition, convention: PartnershipConvention, school: School,
    officer: User, coordinator: User, tmp_path: Path,
) -> None:  # fmt: skip
    live.page.set_default_timeout(10_000)
    for number in range(TWELVE):
        under_way(school, coordinator, first_name="Camille", last_name=f"Stagiaire {number:02}")
    live.sign_in(officer)
    _announces(live, edition)
    live.sign_in(coordinator)
    _registers_twelve(live, edition, school)
    live.sign_in(officer)
    _the_day_comes(edition)
    _prints_the_badges(live, edition)
    _scans(live, browser, edition, officer)
    live.sign_in(officer)
    _signs_on_stage(live, edition, convention, officer)
    _closes_and_proves(live, edition, tmp_path)


def _announces(live: LivePortal, edition: Edition) -> None:
    live.open(edition.get_absolute_url())
    live.page.get_by_role("button", name="Annoncer").click()
    expect(live.page.get_by_text("Inscriptions ouvertes").first).to_be_visible()
    assert_accessible(live.page)


def _registers_twelve(live: LivePortal, edition: Edition, school: School) -> None:
    page = live.page
    live.open(edition.get_absolute_url())
    page.get_by_role("link", name=re.compile("Inscrire mon école")).first.click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    assert_accessible(page)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="Vérifier et envoyer")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Inscrire ces personnes").click()
    expect(page.get_by_text("liste d’attente").first).to_be_visible()
    assert_accessible(page)
    states = list(Registration.objects.filter(edition=edition).order_by("status").values_list("status", flat=True))
    assert states == ["confirmed"] * 11 + ["waiting"]
    assert set(Registration.objects.values_list("school", flat=True)) == {school.pk}


def _the_day_comes(edition: Edition) -> None:
    """Three weeks pass: the day is today, and is counted from morning to night whatever the hour of the test."""
    today = timezone.localdate()
    Edition.objects.filter(pk=edition.pk).update(
        held_on=today, year=today.year, registration_closes_at=timezone.now(),
        registration_opens_at=timezone.now() - timedelta(days=30),
    )  # fmt: skip
    edition.refresh_from_db()
    Checkpoint.objects.create(
        edition=edition, kind="half_day", name="Journée", opens_at=time(0), closes_at=time(23, 59)
    )


def _prints_the_badges(live: LivePortal, edition: Edition) -> None:
    live.open(reverse("assises:badges", args=[edition.year]))
    live.page.get_by_role("button", name=re.compile("badges", re.IGNORECASE)).first.click()
    apart(work)
    assert_accessible(live.page)
    paper = Document.objects.get(kind="assises.badges")
    assert paper.is_sealed


def _scans(live: LivePortal, browser: Browser, edition: Edition, officer: User) -> None:
    """Three by a keyboard reader, one of them without network, then one by the camera; a ticket read twice counts once."""
    people = list(Registration.objects.filter(status="confirmed").order_by("pk"))
    address = re.sub(r"^https?://[^/]+", "", show_post_link(door(edition).pk, officer))
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.add_init_script(FED)
    page.goto(live.url + address)
    assert_accessible(page)
    typed(page, ticket_of(people[0]))
    said(page, "OUI")
    typed(page, ticket_of(people[0]))
    said(page, "DÉJÀ ENTRÉ")
    context.set_offline(True)
    typed(page, ticket_of(people[1]))
    said(page, "BILLET CONNU")
    context.set_offline(False)
    expect(page.locator("[data-door-waiting]")).to_be_hidden(timeout=20_000)
    picture = held_up(ticket_of(people[2]))
    page.evaluate("picture => { window.fedPicture = picture; }", picture)
    page.locator("[data-door-camera]").click()
    expect(page.locator(".door-who")).to_contain_text(people[2].last_name)
    assert_accessible(page)
    context.close()
    counted = Scan.objects.filter(outcome="ok").values_list("registration", flat=True)
    assert sorted(counted) == sorted(row.pk for row in people[:3])
    assert Scan.objects.filter(outcome="already_in").count() == 1


def _signs_on_stage(live: LivePortal, edition: Edition, convention: PartnershipConvention, officer: User) -> None:
    page = live.page
    live.open(edition.get_absolute_url())
    page.get_by_role("button", name="Préparer la cérémonie").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    event = SigningEvent.objects.get(edition=edition)
    add_to_programme(event.pk, [convention.pk], officer)
    put_programme_to_signature(event.pk, officer)
    apart(work)
    for person in people_of(convention):
        sign_here(event, person, officer)
    apart(work)
    live.open(edition.get_absolute_url())
    expect(page.get_by_text("Signée et scellée").first).to_be_visible()
    assert_accessible(page)


def _closes_and_proves(live: LivePortal, edition: Edition, tmp_path: Path) -> None:
    page = live.page
    live.open(reverse("assises:report", args=[edition.year]))
    assert_accessible(page)
    page.get_by_role("button", name="Clôturer et faire le bilan").click()
    apart(work)
    live.open(reverse("assises:report", args=[edition.year]))
    assert_accessible(page)
    report = EditionReport.objects.get(edition=edition)
    paper = Document.objects.get(kind="assises.report")
    assert paper.is_sealed
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Télécharger le document scellé")).first.click()
    file = tmp_path / "bilan.pdf"
    waiting.value.save_as(file)
    assert [found.valid for found in poppler_signatures(file)] == [True]
    assert [verdict for verdict in validate([file]) if not verdict.passed] == []
    page.get_by_role("link", name="Vérifier ce bilan").first.click()
    expect(page.get_by_text(report.reference).first).to_be_visible()
    _is_public(page, live.url, edition)


def _is_public(page: Page, url: str, edition: Edition) -> None:
    page.context.clear_cookies()
    page.goto(url + reverse("assises:public", args=[edition.year]))
    expect(page.get_by_role("link", name=re.compile("Lire le bilan"))).to_be_visible()
    assert_accessible(page)
