"""The database holds the rules of skills: what was sent, validated or attested is never rewritten, even by raw SQL."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.internships import somebody_planned
from tests.factories.skills import assessment_of, framework, level, said_submitted
from tests.factories.timetables import full_weeks
from trainees.models import (
    AssessedSkill,
    CompanyAssessment,
    SkillDisagreement,
    SkillsCertificate,
    SkillValidation,
    TraineeAnswer,
)  # fmt: skip

pytestmark = pytest.mark.django_db
BEGUN = {"starts_on": date(2026, 11, 16), "ends_on": date(2026, 11, 27)}


@pytest.fixture
def sent(school: School, coordinator: User) -> CompanyAssessment:
    """An assessment of three skills that a company sent."""
    internship = somebody_planned(
        school, coordinator, accepted=True, stints=full_weeks(BEGUN["starts_on"], BEGUN["ends_on"]), **BEGUN
    )
    frame = framework(coordinator)
    first, second, third = frame.skills.all()
    return said_submitted(assessment_of(internship), {first: level(frame, 3), second: level(frame, 1), third: None})


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(Error) as told, transaction.atomic():
        act()
    return str(told.value)


def sql(text: str, *values: Any) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(text, values)

    return run


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("UPDATE trainees_companyassessment SET words = 'autre' WHERE id = %s", "figées"),
        ("UPDATE trainees_companyassessment SET outcome = 'partial', last_day = '2026-11-20' WHERE id = %s", "figées"),
        ("UPDATE trainees_companyassessment SET status = 'open' WHERE id = %s", "Passage interdit"),
        ("DELETE FROM trainees_companyassessment WHERE id = %s", "Suppression refusée"),
        ("UPDATE trainees_assessedskill SET situation = 'autre' WHERE assessment_id = %s", "inaltérable"),
        ("DELETE FROM trainees_assessedskill WHERE assessment_id = %s", "inaltérable"),
    ],
)
def test_what_a_company_sent_cannot_be_altered(sent: CompanyAssessment, text: str, word: str) -> None:
    assert word in refused(sql(text, sent.pk))


def test_a_skill_cannot_be_added_after_sending(sent: CompanyAssessment, coordinator: User) -> None:
    other = framework(coordinator, "autre", skills=1).skills.get()
    assert "déjà envoyée" in refused(lambda: AssessedSkill.objects.create(assessment=sent, skill=other))


def test_a_framework_in_force_keeps_its_words(sent: CompanyAssessment) -> None:
    assert "ne change plus" in refused(sql("UPDATE trainees_skill SET name = 'autre' WHERE code = 'C1'"))
    assert "ne change plus" in refused(
        sql("DELETE FROM trainees_skilllevelwords; UPDATE trainees_skilllevel SET name = 'x'")
    )
    assert "figées" in refused(sql("UPDATE trainees_skillframework SET name = 'autre'"))


def test_a_level_that_is_not_acquired_is_not_validated(sent: CompanyAssessment, coordinator: User) -> None:
    good, low, _ = sent.skills.select_related("level")
    kept = validation(sent, good, coordinator)
    kept.save()
    assert "n’est pas acquise" in refused(validation(sent, low, coordinator).save)
    assert "assessed_skill_validated_once" in refused(validation(sent, good, coordinator).save)
    assert "figées" in refused(sql("UPDATE trainees_skillvalidation SET seen_on = '2026-01-01' WHERE id = %s", kept.pk))
    assert "Suppression refusée" in refused(sql("DELETE FROM trainees_skillvalidation WHERE id = %s", kept.pk))


def validation(sent: CompanyAssessment, seen: AssessedSkill, actor: User) -> SkillValidation:
    place = sent.internship
    return SkillValidation(
        school_id=place.school_id, pathway_id=place.pathway_id, trainee_id=place.trainee_id, skill=seen.skill,
        level=seen.level, source="company", assessed_skill=seen, seen_on=place.last_day, validated_by=actor,
    )  # fmt: skip


def test_a_disagreement_says_why(sent: CompanyAssessment) -> None:
    def disagree(**facts: Any) -> Callable[[], None]:
        def act() -> None:
            answer = TraineeAnswer.objects.create(assessment=sent, agrees=False, **facts)
            if not facts:
                return
            SkillDisagreement.objects.create(
                answer=answer, assessed_skill=sent.skills.first(), words="Je sais le faire."
            )
            sql("SET CONSTRAINTS ALL IMMEDIATE")()

        return act

    def bare() -> None:
        disagree()()
        sql("SET CONSTRAINTS ALL IMMEDIATE")()

    assert "Un désaccord se motive" in refused(bare)
    disagree(words="Non")()
    assert "inaltérable" in refused(sql("UPDATE trainees_traineeanswer SET agrees = true"))


def test_certificates_are_numbered_without_a_gap(sent: CompanyAssessment, coordinator: User) -> None:
    place = sent.internship
    facts = {
        "school_id": place.school_id, "pathway_id": place.pathway_id, "trainee_id": place.trainee_id,
        "year": timezone.localdate().year,
        "minutes_at_school": 0, "minutes_in_company": 0, "content": {}, "sha256": "0" * 64, "issued_by": coordinator,
    }  # fmt: skip
    assert "saute un rang" in refused(lambda: SkillsCertificate.objects.create(rank=2, **facts))
    kept = SkillsCertificate.objects.create(rank=1, **facts)
    assert "figées" in refused(
        sql("UPDATE trainees_skillscertificate SET content = '{\"x\": 1}' WHERE id = %s", kept.pk)
    )
    assert "Suppression refusée" in refused(sql("DELETE FROM trainees_skillscertificate WHERE id = %s", kept.pk))
