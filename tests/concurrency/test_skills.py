"""Somebody plans skills while the company sends what it saw; two officers put versions in force; two fold the tally."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Overtaken, Refused
from schools.models import School
from tests.concurrency.together import at_once
from tests.factories.internships import somebody_planned
from tests.factories.skills import assessment_of, framework, level, said_submitted
from tests.factories.timetables import full_weeks
from trainees.models import PlannedSkill, SkillFramework, SkillTally
from trainees.operations.frameworks import publish_framework
from trainees.operations.planned_skills import plan_skills
from trainees.operations.skill_tally import count_again, fold_tally

pytestmark = pytest.mark.django_db(transaction=True)
BEGUN = {"starts_on": date(2026, 11, 16), "ends_on": date(2026, 11, 27)}


def test_a_plan_comes_before_the_answer_or_is_refused(
    transactional_db: None, school: School, coordinator: User
) -> None:
    days = full_weeks(BEGUN["starts_on"], BEGUN["ends_on"])
    stay = somebody_planned(school, coordinator, accepted=True, stints=days, **BEGUN)
    frame = framework(coordinator)
    first, second, _ = frame.skills.all()
    told = assessment_of(stay)

    def send() -> Any:
        with transaction.atomic():
            return said_submitted(told, {first: level(frame, 3)})

    sent, planned = at_once([send, lambda: plan_skills(stay.pk, [first.pk, second.pk], coordinator)])
    assert sent.status == "submitted"
    assert isinstance(planned, list | Refused | IntegrityError)
    assert PlannedSkill.objects.filter(internship=stay).count() == (2 if isinstance(planned, list) else 0)
    folded = at_once([fold_tally, fold_tally])
    events = 1 + PlannedSkill.objects.count()
    assert sum(folded) == events
    assert count_again() == SkillTally.objects.count() == events


def test_one_version_is_in_force_whoever_presses_first(transactional_db: None, officer: User) -> None:
    framework(officer)
    draft = framework(officer, version=2, published=False)
    done = at_once([lambda: publish_framework(draft.pk, officer), lambda: publish_framework(draft.pk, officer)])
    assert [type(one) for one in done if not isinstance(one, SkillFramework)] == [Overtaken]
    assert sorted(SkillFramework.objects.values_list("version", "status")) == [(1, "retired"), (2, "published")]
