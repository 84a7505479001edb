"""The day of a group by keyboard, a month frozen, a tutor on a phone without scripts: axe finds nothing anywhere."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.attendance import MONDAY, SEPTEMBER, TUESDAY, fill, note, stay, under_way
from tests.factories.spaces import link_received
from tests.harness.accessibility import WIDTHS, assert_accessible
from tests.harness.browser import LivePortal
from tests.trainees.test_attendance_pages import accident_of
from trainees.models import AttendanceHalfDay, Internship, TutorReport
from trainees.operations.tutor_links import send_tutor_link

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_day_a_month_an_accident(live: LivePortal, school: School, coordinator: User, tmp_path: Path) -> None:
    shots = Path(os.environ.get("PICTURES", str(tmp_path)))
    rows = [under_way(school, coordinator, last_name=name, ends_on=TUESDAY) for name in ("Albert", "Bernard", "Castan")]
    stay(rows[0], coordinator, MONDAY, TUESDAY, (MONDAY, TUESDAY))
    live.sign_in(coordinator)
    live.open(f"/stagiaires/presences/{MONDAY.isoformat()}/")
    first = live.page.get_by_label("BERNARD Prénom, matin")
    first.focus()
    live.page.keyboard.type("a")  # by keyboard: the letter chooses, Tab goes on
    live.page.keyboard.press("Tab")
    live.page.keyboard.type("p")
    live.page.get_by_role("button", name="Tous présents").click()
    expect(live.page.get_by_text("6 demi-journées enregistrées")).to_be_visible()
    assert AttendanceHalfDay.objects.filter(state="absent").count() == 1
    _look(live, shots, "jour")
    live.page.get_by_role("link", name="ALBERT Prénom").click()
    _look(live, shots, "semaine")
    for path, name in (
        ("absences/", "absences"),
        ("etats-mensuels/", "etats"),
        (f"ecoles/{school.pk}/jours/", "jours"),
    ):
        live.open(f"/stagiaires/presences/{path}")
        _look(live, shots, name)
    live.open(f"/stagiaires/presences/etats-mensuels/{school.pk}/2026-09/")
    _look(live, shots, "mois-incomplet")
    for row in rows:
        fill(row, coordinator, SEPTEMBER, TUESDAY)
    note(rows[1], coordinator, MONDAY, state="present")
    live.page.reload()
    live.page.get_by_role("button", name="Figer le mois").click()
    expect(live.page.get_by_text("Le mois est figé")).to_be_visible()
    _look(live, shots, "mois-fige")
    accident = accident_of(rows[2], coordinator)
    for path, name in (
        ("", "accidents"),
        (f"{accident.pk}/", "accident"),
        (f"{accident.pk}/corriger/", "accident-formulaire"),
    ):
        live.open(f"/stagiaires/accidents/{path}")
        _look(live, shots, name)


def test_a_tutor_on_a_phone_without_scripts(
    live: LivePortal, browser: Browser, school: School, coordinator: User, tmp_path: Path
) -> None:
    shots = Path(os.environ.get("PICTURES", str(tmp_path)))
    internship = _today(school, coordinator)
    send_tutor_link(internship.pk, coordinator)
    live.open(link_received(internship.tutor.email))
    _look(live, shots, "tuteur")
    live.page.get_by_role("link", name="Accident").click()
    _look(live, shots, "tuteur-accident")
    phone = browser.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="fr-FR"
    ).new_page()
    phone.goto(live.url + link_received(internship.tutor.email))
    phone.get_by_role("link", name="Absence").click()
    phone.get_by_role("button", name="Prévenir l’école").click()
    expect(phone.get_by_role("heading", name="C’est reçu")).to_be_visible()
    assert TutorReport.objects.get().internship == internship
    phone.context.close()


def _today(school: School, actor: User) -> Internship:
    today = timezone.localdate()
    pathway = under_way(school, actor, ends_on=today + timedelta(days=100))
    working = [day for day in (today + timedelta(days=number) for number in range(6)) if day.weekday() != 6]
    return stay(pathway, actor, today - timedelta(days=2), today + timedelta(days=9), tuple(working))


def _look(live: LivePortal, shots: Path, name: str) -> None:
    assert_accessible(live.page)
    if "PICTURES" in os.environ:
        for width in WIDTHS:
            live.picture(shots, name, width)
        live.page.set_viewport_size({"width": 1280, "height": 800})
