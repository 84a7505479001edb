"""Two people plan for the same trainee at once: one internship is made, the other person is told of it in French."""

import pytest

from e2c_portal.accounts.models import User
from schools.models import School
from tests.concurrency.together import at_once
from tests.factories.internships import FRIDAY, drafted_for
from tests.factories.timetables import MONDAY, full_weeks
from tests.factories.trainees import trainee_in
from trainees.models import Internship
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
