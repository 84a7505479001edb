"""Two people plan for one trainee, or on the last place of an offer, at once: one internship is made, the other is told in French."""

import pytest
from django.core.exceptions import ValidationError

from e2c_portal.accounts.models import User
from schools.models import School
from tests.concurrency.together import at_once
from tests.factories.hosting import offer_at
from tests.factories.internships import FRIDAY, drafted_for
from tests.factories.timetables import MONDAY, full_weeks
from tests.factories.trainees import host, trainee_in
from trainees.models import Internship, OfferUse
from trainees.operations.internships import Unlawful, plan_internship

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_trainee_is_not_sent_to_two_places(transactional_db: None, school: School, coordinator: User) -> None:
    trainee = trainee_in(school, coordinator)
    drafts = [drafted_for(trainee, coordinator) for _ in range(2)]
    days = full_weeks(MONDAY, FRIDAY)
    given = at_once([lambda draft=draft: plan_internship(draft, days, coordinator) for draft in drafts])
    refusal = next(one for one in given if isinstance(one, Unlawful))
    assert [finding.rule for finding in refusal.findings] == ["overlap"]
    assert "a déjà un stage du" in refusal.details[0]
    assert Internship.objects.count() == 1


def test_the_last_place_of_an_offer_goes_to_one_internship(
    transactional_db: None, school: School, coordinator: User
) -> None:
    place = host()
    offer = offer_at(place, coordinator, school, places=1, starts_on=MONDAY)
    drafts = [drafted_for(trainee_in(school, coordinator), coordinator, place) for _ in range(3)]
    days = full_weeks(MONDAY, FRIDAY)
    given = at_once(
        [lambda draft=draft: plan_internship(draft, days, coordinator, offer_id=offer.pk) for draft in drafts]
    )
    refused = [one for one in given if isinstance(one, ValidationError)]
    assert [refusal.message_dict["offer"][0].split(" :")[0].split(".")[0] for refusal in refused] == [
        "Toutes les places de cette offre sont prises"
    ] * 2
    assert Internship.objects.count() == OfferUse.objects.count() == 1
