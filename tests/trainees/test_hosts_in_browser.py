"""From the search of a host to its log, as somebody of a school does it: suggestions, one call noted, every page well made."""

import pytest

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.hosting import approach_at, communes, host_in, internship_at, offer_at, visit_of
from tests.factories.trainees import limits, trade
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from trainees.models import Approach

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_host_is_found_and_called(live: LivePortal, school: School, coordinator: User) -> None:
    limits()
    communes()
    place = host_in("34057", "Boulangerie du Lez")
    visit = visit_of(internship_at(place, school, coordinator, trade=trade()), coordinator)
    offer = offer_at(place, coordinator, school)
    approach_at(host_in("34172", "Ailleurs"), school, coordinator)
    page = live.page
    live.sign_in(coordinator)
    live.open("/stagiaires/accueils/")
    page.get_by_label("Métier").press_sequentially("cuis", delay=20)
    page.locator("#metiers option").first.wait_for(state="attached")
    page.get_by_label("Autour de").fill("Montpellier")
    page.get_by_role("button", name="Chercher").click()
    assert "4\xa0km" in page.locator(".host-result").inner_text()
    assert_accessible(page)
    page.get_by_role("link", name="Boulangerie du Lez").click()
    assert_accessible(page)
    page.get_by_role("link", name="Noter une démarche").click()
    page.get_by_label("Comment").select_option("call")
    page.get_by_label("Réponse").select_option("yes")
    assert_accessible(page)
    page.get_by_role("button", name="Noter la démarche").click()
    page.get_by_text("La démarche est notée.").wait_for()
    assert Approach.objects.get(establishment=place).made_by == coordinator
    for path in (f"/stagiaires/offres/{offer.pk}/", f"/stagiaires/visites/{visit.pk}/", "/stagiaires/demarches/"):
        live.open(path)
        assert_accessible(page)
