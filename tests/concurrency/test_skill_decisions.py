"""Two people validate while the trainee answers: one decision at most, and never on an answer that nobody read."""

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import PortalError
from schools.models import School
from tests.concurrency.together import at_once
from tests.factories.decisions import agreed, good, seen, sent_by_company
from tests.factories.network import member_of
from tests.factories.skills import framework
from trainees.models import SkillValidation, TraineeAnswer
from trainees.operations.skill_decisions import Decision, validate_assessment

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_decision_and_none_over_an_unread_answer(
    transactional_db: None, school: School, coordinator: User, officer: User
) -> None:
    sent = sent_by_company(school, coordinator, framework(coordinator))
    mark, one, people = seen(sent), good(sent), (coordinator, member_of(school, officer))
    chosen = [Decision(one.pk, one.level_id)]  # type: ignore[arg-type]
    given = at_once([
        *[lambda who=who: validate_assessment(sent.pk, chosen, who, seen=mark, reason="Parti.") for who in people],
        lambda: agreed(sent),
    ])  # fmt: skip
    refused = [error for error in given if isinstance(error, Exception)]
    assert all(isinstance(error, PortalError) for error in refused), refused
    sent.refresh_from_db()
    answered = TraineeAnswer.objects.exists()
    assert len(refused) == 2
    assert (sent.status, SkillValidation.objects.count()) == (("submitted", 0) if answered else ("validated", 1))
