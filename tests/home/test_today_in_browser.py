"""The first page of each role, and the yearly reports, in a real browser: nothing for axe to say at 320 and 1280 pixels."""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.trainees import limits
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from tests.home.scenes import busy_day, team_of

pytestmark = pytest.mark.browser


def test_the_first_page_of_each_role(
    live: LivePortal, school: School, other_school: School, officer: User, auditor: User, data_officer: User,
    door_staff: User, stranger: User,
) -> None:  # fmt: skip
    limits()
    team, others = team_of(school, officer, "Ici"), team_of(other_school, officer, "Ailleurs")
    with transaction.atomic():
        busy_day(school, team, other_school, others)
    for user in (*team.values(), officer, auditor, data_officer, door_staff, stranger):
        live.sign_in(user)
        assert live.open("/").status == 200
        assert_accessible(live.page)
    live.sign_in(officer)
    for path in (reverse("figures:reports"), reverse("figures:report", args=[timezone.localdate().year - 1])):
        live.open(path)
        assert_accessible(live.page)
