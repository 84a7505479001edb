"""What the school decides of skills: refusals first, stale pages, two people, a question, what the school saw."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, PortalError, Refused
from schools.models import Membership, School
from tests.factories.decisions import (
    agreed,
    disputed,
    good,
    said_replaced,
    seen,
    sent_by_company,
    stay_begun,
    validated,
)
from tests.factories.network import member_of
from tests.factories.skills import assessment_of, framework, level, said_submitted
from trainees.models import CompanyAssessment, SkillFramework, SkillValidation
from trainees.operations.assessments import open_assessment
from trainees.operations.skill_decisions import (
    Decision,
    return_assessment,
    validate_at_school,
    withdraw_validation,
)
from trainees.operations.trainee_answers import answer_assessment
from trainees.reads.timeline import timeline_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def frame(coordinator: User) -> SkillFramework:
    return framework(coordinator)


@pytest.fixture
def sent(school: School, coordinator: User, frame: SkillFramework) -> CompanyAssessment:
    return sent_by_company(school, coordinator, frame)


class TestValidating:
    def test_who_does_not_teach_decides_nothing(self, sent: CompanyAssessment, school: School, officer: User) -> None:
        other = member_of(school, officer, "Paul Contact", role=Membership.Role.COMPANY_RELATIONS)
        for actor in (other, officer):
            with pytest.raises(NotAllowed):
                validated(sent, actor, reason="Essai")
            with pytest.raises(NotAllowed):
                return_assessment(sent.pk, "Pourquoi ?", actor, seen=seen(sent))
        sent.refresh_from_db()
        assert sent.status == "submitted"

    def test_without_the_answer_a_reason_is_asked(self, sent: CompanyAssessment, coordinator: User) -> None:
        with pytest.raises(ValidationError) as told:
            validated(sent, coordinator)
        assert "n’a pas répondu" in str(told.value)
        done = validated(sent, coordinator, reason="Le stagiaire a déménagé.")
        assert (done.status, done.decided_by, done.decision_reason) == (
            "validated",
            coordinator,
            "Le stagiaire a déménagé.",
        )

    def test_what_was_not_seen_acquired_is_not_validated(
        self, sent: CompanyAssessment, coordinator: User, frame: SkillFramework
    ) -> None:
        agreed(sent)
        low, unseen = sent.skills.get(skill__code="C2"), sent.skills.get(skill__code="C3")
        top = level(frame, 4).pk
        with pytest.raises(ValidationError) as told:
            validated(sent, coordinator, Decision(low.pk, top, "Vu"), Decision(unseen.pk, top, "Vu"))
        assert set(told.value.error_dict) == {f"level_{low.pk}", f"level_{unseen.pk}"}
        assert not SkillValidation.objects.exists()

    def test_another_level_or_a_disagreement_asks_for_a_reason(
        self, sent: CompanyAssessment, coordinator: User, frame: SkillFramework
    ) -> None:
        agreed(sent)
        one = good(sent)
        for reached, lack in ((level(frame, 4), "autrement"), (level(frame, 2), "pas acquise")):
            with pytest.raises(ValidationError) as told:
                validated(sent, coordinator, Decision(one.pk, reached.pk))
            assert lack in str(told.value)
        done = validated(sent, coordinator, Decision(one.pk, level(frame, 4).pk, "Montré à deux autres stagiaires."))
        kept = SkillValidation.objects.get()
        assert (kept.level, kept.source, kept.assessed_skill, kept.reason) == (
            level(frame, 4), "company", one, "Montré à deux autres stagiaires."
        )  # fmt: skip
        assert kept.seen_on == min(done.internship.last_day, timezone.localdate())

    def test_a_disputed_skill_asks_for_a_reason(self, sent: CompanyAssessment, coordinator: User) -> None:
        disputed(sent)
        one = good(sent)
        with pytest.raises(ValidationError) as told:
            validated(sent, coordinator, Decision(one.pk, one.level_id))
        assert f"reason_{one.pk}" in told.value.error_dict
        validated(sent, coordinator, Decision(one.pk, one.level_id, "Entendu avec le tuteur au téléphone."))
        assert SkillValidation.objects.get().validated_by == coordinator

    def test_a_general_disagreement_asks_how_it_was_heard(self, sent: CompanyAssessment, coordinator: User) -> None:
        answer_assessment(sent.pk, False, "Tout est faux.", {})
        with pytest.raises(ValidationError, match="pas d’accord"):
            validated(sent, coordinator)

    def test_a_level_or_a_skill_of_elsewhere_is_refused(
        self, sent: CompanyAssessment, coordinator: User, frame: SkillFramework
    ) -> None:
        agreed(sent)
        other = framework(coordinator, "autre")
        for decision in (Decision(good(sent).pk, level(other, 3).pk, "x"), Decision(0, level(frame, 3).pk)):
            with pytest.raises(Refused, match="rechargez"):
                validated(sent, coordinator, decision)

    def test_the_page_is_stale_once_the_trainee_answered(self, sent: CompanyAssessment, coordinator: User) -> None:
        before = seen(sent)
        agreed(sent)
        with pytest.raises(Overtaken, match="a changé"):
            validated(sent, coordinator, seen=before, reason="Sans sa réponse")

    def test_the_second_of_two_is_told_who_decided(
        self, sent: CompanyAssessment, coordinator: User, school: School, officer: User
    ) -> None:
        agreed(sent)
        mark, other = seen(sent), member_of(school, officer, "Luc Second")
        validated(sent, coordinator)
        with pytest.raises(Overtaken, match="Nadia Perrin"):
            validated(sent, other, seen=mark)

    def test_nobody_who_came_closes_without_a_skill(self, school: School, coordinator: User) -> None:
        stay = stay_begun(school, coordinator)
        absent = said_submitted(assessment_of(stay), {}, outcome="no_show", would_host_again="no")
        agreed(absent)
        assert validated(absent, coordinator).status == "validated"

    def test_a_social_security_number_is_refused(self, sent: CompanyAssessment, coordinator: User) -> None:
        with pytest.raises(PortalError):
            validated(sent, coordinator, reason="1 85 05 78 006 084 91")


class TestReturning:
    def test_a_question_opens_the_next_version_and_asks(self, sent: CompanyAssessment, coordinator: User) -> None:
        following = return_assessment(sent.pk, " Seul, ou avec de l’aide ? ", coordinator, seen=seen(sent))
        sent.refresh_from_db()
        following.refresh_from_db()
        assert (sent.status, following.version, following.status) == ("returned", 2, "open")
        assert following.question == "Seul, ou avec de l’aide ?"
        assert following.asked_at is not None

    def test_it_is_asked_once(self, sent: CompanyAssessment, coordinator: User) -> None:
        mark = seen(sent)
        return_assessment(sent.pk, "Pourquoi ?", coordinator, seen=mark)
        with pytest.raises(Overtaken, match="déjà été posée"):
            return_assessment(sent.pk, "Pourquoi ?", coordinator, seen=mark)
        assert sent.internship.assessments.count() == 2

    @pytest.mark.parametrize(
        ("question", "due_on", "field"),
        [(" ", None, "question"), ("Pourquoi ?", date(2026, 1, 1), "due_on")],
    )
    def test_it_is_well_asked(
        self, sent: CompanyAssessment, coordinator: User, question: str, due_on: date | None, field: str
    ) -> None:
        with pytest.raises(ValidationError) as told:
            return_assessment(sent.pk, question, coordinator, seen=seen(sent), due_on=due_on)
        assert field in told.value.error_dict

    def test_not_while_the_company_corrects(self, sent: CompanyAssessment, coordinator: User) -> None:
        open_assessment(sent.internship_id, None)
        with pytest.raises(Refused, match="version 2"):
            return_assessment(sent.pk, "Pourquoi ?", coordinator, seen=seen(sent))

    def test_to_decide_without_the_answer_says_why_and_waits_no_more(
        self, sent: CompanyAssessment, coordinator: User
    ) -> None:
        agreed(sent)
        following = return_assessment(sent.pk, "Pourquoi ?", coordinator, seen=seen(sent))
        with pytest.raises(ValidationError, match="à votre question"):
            validated(sent, coordinator)
        validated(sent, coordinator, reason="Entreprise fermée.")
        following.refresh_from_db()
        assert (following.status, "Entreprise fermée." in following.decision_reason) == ("cancelled", True)

    def test_a_version_replaced_is_not_decided(self, sent: CompanyAssessment, coordinator: User) -> None:
        said_replaced(sent, coordinator)
        with pytest.raises(Overtaken, match="version 2"):
            validated(sent, coordinator, reason="Essai")


class TestSeenAtSchool:
    def seen_there(self, sent: CompanyAssessment, frame: SkillFramework, **facts: Any) -> SkillValidation:
        known = {
            "pathway": sent.internship.pathway, "skill": frame.skills.get(code="C3"), "level": level(frame, 3),
            "seen_on": date(2026, 11, 20), "reason": "Atelier cuisine.",
        } | facts  # fmt: skip
        return SkillValidation(**known)

    def test_the_school_adds_what_it_saw(
        self, sent: CompanyAssessment, coordinator: User, frame: SkillFramework
    ) -> None:
        kept = validate_at_school(self.seen_there(sent, frame), coordinator)
        assert (kept.source, kept.trainee, kept.school) == ("school", sent.internship.trainee, sent.school)
        with pytest.raises(Refused) as told:
            validate_at_school(self.seen_there(sent, frame), coordinator)
        assert told.value.details == ["L’école a déjà validé cette compétence dans ce parcours."]

    def test_refusals(self, sent: CompanyAssessment, coordinator: User, officer: User, frame: SkillFramework) -> None:
        tomorrow = timezone.localdate() + timedelta(days=1)
        for facts in ({"seen_on": tomorrow}, {"seen_on": date(2026, 8, 31)}, {"reason": " "}):
            with pytest.raises(ValidationError):
                validate_at_school(self.seen_there(sent, frame, **facts), coordinator)
        with pytest.raises(Refused):
            validate_at_school(self.seen_there(sent, frame, level=level(frame, 1)), coordinator)
        with pytest.raises(NotAllowed):
            validate_at_school(self.seen_there(sent, frame), officer)
        frame.status, frame.retired_on = "retired", timezone.localdate()
        frame.save()
        row = self.seen_there(sent, SkillFramework.objects.get(pk=frame.pk))
        with pytest.raises(Refused, match="plus en vigueur"):
            validate_at_school(row, coordinator)

    def test_a_validation_is_withdrawn_with_a_reason(
        self, sent: CompanyAssessment, coordinator: User, officer: User, frame: SkillFramework
    ) -> None:
        kept = validate_at_school(self.seen_there(sent, frame), coordinator)
        with pytest.raises(Refused, match="pourquoi"):
            withdraw_validation(kept.pk, " ", coordinator)
        with pytest.raises(NotAllowed):
            withdraw_validation(kept.pk, "Erreur", officer)
        assert withdraw_validation(kept.pk, "Erreur de personne.", coordinator).withdrawn_by == coordinator
        with pytest.raises(Overtaken, match="déjà retirée"):
            withdraw_validation(kept.pk, "Encore", coordinator)
        # Withdrawn, it may be decided anew.
        validate_at_school(self.seen_there(sent, frame), coordinator)
        told = [event.title for event in timeline_of(sent.internship.trainee)]
        assert "Validation retirée : Compétence 3" in told
        assert sum("vue à l’école" in title for title in told) == 2
