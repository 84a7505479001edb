"""Skills that an internship plans: its school alone, in force, thirty at most, and never after the company answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from schools.models import School
from tests.factories.internships import planned, somebody_planned
from tests.factories.network import member_of
from tests.factories.skills import assessment_of, framework, level, planned_in, said_submitted
from tests.factories.timetables import full_weeks
from tests.factories.trainees import trainee_in
from trainees.models import AssessedSkill, CompanyAssessment, Internship, PlannedSkill, SkillFramework
from trainees.operations.frameworks import load_framework, publish_framework, retire_framework
from trainees.operations.planned_skills import plan_skills
from trainees.reads.framework_content import said_by
from trainees.reads.planned_skills import last_plan_like

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
BEGUN = {"starts_on": date(2026, 11, 16), "ends_on": date(2026, 11, 27)}


@pytest.fixture
def stay(school: School, coordinator: User) -> Internship:
    days = full_weeks(BEGUN["starts_on"], BEGUN["ends_on"])
    return somebody_planned(school, coordinator, accepted=True, stints=days, **BEGUN)


@pytest.fixture
def frame(officer: User) -> SkillFramework:
    return framework(officer)


def page_of(stay: Internship) -> str:
    return reverse("trainees:internship_skills", args=[stay.pk])


def ids(frame: SkillFramework) -> list[int]:
    return list(frame.skills.values_list("pk", flat=True))


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(Error) as told, transaction.atomic():
        act()
    return str(told.value)


def test_the_school_of_the_stay_alone_plans(
    stay: Internship, frame: SkillFramework, officer: User, other_school: School
) -> None:
    for outsider in (officer, member_of(other_school, officer)):
        with pytest.raises(NotAllowed):
            plan_skills(stay.pk, ids(frame), outsider)
    assert not stay.planned_skills.exists()


def test_the_plan_becomes_what_is_asked_and_leaves_a_trace(
    stay: Internship, frame: SkillFramework, coordinator: User
) -> None:
    first, second, third = ids(frame)
    plan_skills(stay.pk, [first, second], coordinator)
    plan_skills(stay.pk, [second, third], coordinator)
    plan_skills(stay.pk, [second, third], coordinator)
    assert set(stay.planned_skills.values_list("skill", flat=True)) == {second, third}
    told = [entry.summary for entry in trail_of(stay).filter(action="internship.skills_planned")]
    assert [text.replace("\u00a0", " ") for text in told] == [
        "Compétences prévues : 1 ajoutée, 1 retirée", "Compétences prévues : 2 ajoutées",
    ]  # fmt: skip


def test_what_is_not_in_force_is_not_planned(stay: Internship, coordinator: User, officer: User) -> None:
    draft = framework(officer, "brouillon", published=False)
    with pytest.raises(Refused, match="en vigueur"):
        plan_skills(stay.pk, ids(draft), coordinator)


def test_thirty_at_most_by_the_form_and_by_the_database(stay: Internship, coordinator: User, officer: User) -> None:
    many = framework(officer, "tant", skills=31)
    with pytest.raises(Refused, match="30 compétences au plus"):
        plan_skills(stay.pk, ids(many), coordinator)
    assert "30 compétences" in refused(lambda: planned_in(stay, many, coordinator))


def test_nothing_changes_once_the_company_answered(stay: Internship, frame: SkillFramework, coordinator: User) -> None:
    first, second, _ = frame.skills.all()
    plan_skills(stay.pk, [first.pk], coordinator)
    said_submitted(assessment_of(stay), {first: level(frame, 3)})
    with pytest.raises(Refused, match="ne changent plus"):
        plan_skills(stay.pk, [second.pk], coordinator)
    assert "ne changent plus" in refused(
        lambda: PlannedSkill.objects.create(internship=stay, skill=second, planned_by=coordinator)
    )
    assert "ne changent plus" in refused(lambda: stay.planned_skills.all().delete())


def test_somebody_else_changed_it_meanwhile(stay: Internship, frame: SkillFramework, coordinator: User) -> None:
    plan_skills(stay.pk, ids(frame)[:1], coordinator, seen=[])
    with pytest.raises(Overtaken):
        plan_skills(stay.pk, ids(frame)[1:], coordinator, seen=[])


def test_a_stay_keeps_the_version_it_planned(
    stay: Internship, frame: SkillFramework, coordinator: User, officer: User
) -> None:
    """A new version closes the former one; what was planned with it, and the corrections of what was said, still use it."""
    first, second, third = frame.skills.all()
    plan_skills(stay.pk, [first.pk], coordinator)
    retire_framework(frame.pk, officer)
    told = assessment_of(stay)
    assert "pas en vigueur" in refused(lambda: AssessedSkill.objects.create(assessment=told, skill=second))
    sent = said_submitted(told, {first: level(frame, 3)})
    CompanyAssessment.objects.filter(pk=sent.pk).update(status="returned")
    corrected = assessment_of(stay, version=2, question="Pourquoi ?")
    said_submitted(corrected, {first: level(frame, 4)})
    assert corrected.skills.count() == 1
    assert third not in [row.skill for row in stay.planned_skills.all()]


def test_the_last_plan_of_the_same_trade_in_the_same_place_is_offered(
    stay: Internship, frame: SkillFramework, school: School, coordinator: User, other_school: School, officer: User
) -> None:
    plan_skills(stay.pk, ids(frame)[:2], coordinator)
    following = planned(trainee_in(school, coordinator), coordinator, stay.establishment)
    assert set(last_plan_like(following)) == set(ids(frame)[:2])
    elsewhere = member_of(other_school, officer)
    theirs = planned(trainee_in(other_school, elsewhere), elsewhere, stay.establishment)
    assert last_plan_like(theirs) == []
    assert last_plan_like(somebody_planned(school, coordinator)) == []


class TestPage:
    def test_nobody_else_reaches_it(
        self,
        stay: Internship,
        frame: SkillFramework,
        other_school: School,
        officer: User,
        auditor: User,
        client_of: ClientOf,
    ) -> None:
        stranger = client_of(member_of(other_school, officer))
        assert stranger.get(page_of(stay)).status_code == 404
        assert stranger.post(page_of(stay), {"skills": ids(frame)}).status_code == 404
        assert client_of(auditor).get(page_of(stay)).status_code == 403

    def test_those_of_the_trade_come_first_and_other_trades_by_search(
        self, stay: Internship, frame: SkillFramework, officer: User, coordinator: User, client_of: ClientOf
    ) -> None:
        mine = framework(officer, "zz-cuisine", rome_codes=["G1602"], name="Zzz cuisine")
        other = framework(officer, "vente", rome_codes=["D1106"], name="Vente")
        page = client_of(coordinator).get(page_of(stay))
        assert [offer.framework for offer in page.context["offers"]] == [mine, frame]
        found = client_of(coordinator).post(
            page_of(stay), {"chercher": "1", "referentiel": other.pk, "skills": ids(mine)[:1]}
        )
        assert [offer.framework for offer in found.context["offers"]] == [other]
        assert [skill.pk for skill in found.context["ticked"]] == ids(mine)[:1]
        words = client_of(coordinator).post(page_of(stay), {"chercher": "1", "q": "compétence 2"})
        assert {
            skill.name for offer in words.context["offers"] for family in offer.families for skill in family.skills
        } == {"Compétence 2"}
        assert not stay.planned_skills.exists()

    def test_it_is_kept_and_shown_on_the_stay(
        self, stay: Internship, frame: SkillFramework, coordinator: User, client_of: ClientOf
    ) -> None:
        client = client_of(coordinator)
        answer = client.post(page_of(stay), {"skills": ids(frame)[:2], "seen": ""})
        assert answer.status_code == 302
        page = client.get(stay.get_absolute_url()).content.decode()
        assert "Compétence 2" in page
        assert "(exemple)" in page
        late = client.post(page_of(stay), {"skills": ids(frame), "seen": ""})
        assert late.status_code == 422
        assert len(late.context["ticked"]) == 3
        assert stay.planned_skills.count() == 2

    def test_the_pages_ask_as_much_for_many_skills(
        self, stay: Internship, frame: SkillFramework, officer: User, coordinator: User, client_of: ClientOf
    ) -> None:
        client, counts = client_of(coordinator), []
        for skills in (ids(frame)[:1], ids(framework(officer, "tant", skills=9))):
            plan_skills(stay.pk, skills, coordinator)
            for url in (stay.get_absolute_url(), page_of(stay)):
                client.get(url)
                with CaptureQueriesContext(connection) as asked:
                    client.get(url)
                counts.append(len(asked))
        assert counts[:2] == counts[2:]


def test_publishing_the_next_version_offers_its_skills_again(
    stay: Internship, frame: SkillFramework, school: School, coordinator: User, officer: User
) -> None:
    plan_skills(stay.pk, ids(frame)[:2], coordinator)
    said = said_by(frame)
    newer = publish_framework(load_framework(replace(said, name="Autre nom"), officer).pk, officer)
    following = planned(trainee_in(school, coordinator), coordinator, stay.establishment)
    assert set(last_plan_like(following)) == set(ids(newer)[:2])
