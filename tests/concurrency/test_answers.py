"""A trainee answers from two devices at once: one answer is kept, the other device is told so."""

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Overtaken
from schools.models import School
from tests.concurrency.together import at_once
from tests.factories.portfolios import sent_by_company
from trainees.models import TraineeAnswer
from trainees.operations.trainee_answers import answer_assessment

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_devices_keep_one_answer(transactional_db: None, school: School, coordinator: User) -> None:
    sent = sent_by_company(school, coordinator, 3)
    found = at_once([
        lambda: answer_assessment(sent.pk, True, "", {}), lambda: answer_assessment(sent.pk, False, "Je sais le faire.", {}),
    ])  # fmt: skip
    assert sorted(type(one).__name__ for one in found) == ["Overtaken", "TraineeAnswer"]
    kept = next(one for one in found if isinstance(one, TraineeAnswer))
    assert TraineeAnswer.objects.get() == kept
    assert any(isinstance(one, Overtaken) for one in found)
