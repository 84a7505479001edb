"""The guided entry in a real browser: refused as one types, then saved in a few presses, on a phone too."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.internships import planned
from tests.factories.trainees import trainee_in
from tests.harness.browser import LivePortal
from trainees.models import Internship


@pytest.mark.browser
def test_an_internship_is_written_in_three_presses(
    live: LivePortal, school: School, coordinator: User, tmp_path: Path
) -> None:
    trainee = trainee_in(school, coordinator, last_name="Pons", first_name="Léa")
    former = planned(trainee, coordinator)
    live.sign_in(coordinator)
    live.open(f"/stagiaires/{trainee.public_id}/stages/nouveau/")
    page, verdict = live.page, live.page.locator("#verdict")
    expect(verdict).to_contain_text("Rien ne s’oppose à ce stage")
    page.get_by_label("Lundi : fin", exact=True).fill("21:30")
    page.get_by_label("Lundi : fin", exact=True).blur()
    expect(verdict).to_contain_text("L6343-2 et L3121-18")
    page.get_by_label("Lundi : fin", exact=True).fill("17:00")
    page.get_by_label("Lundi : fin", exact=True).blur()
    expect(verdict).to_contain_text("Rien ne s’oppose à ce stage")
    live.picture(tmp_path, "stage", 320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_label("L’entreprise a donné son accord").check()
    page.get_by_role("button", name="Enregistrer le stage").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Léa Pons chez")
    made = Internship.objects.latest("pk")
    assert (made.status, made.tutor) == ("accepted", former.tutor)
