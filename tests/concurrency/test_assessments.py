"""Two devices, two runs of the clock, two hands at the same instant: one assessment, one sending, nothing lost."""

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken
from e2c_portal.mailing.models import Mail
from partnerships.models import CompanyContact
from schools.models import School
from tests.concurrency.together import at_once
from tests.factories.skills import framework, planned_in
from tests.trainees.assessing import answers, begun
from trainees.models import CompanyAssessment
from trainees.operations.assessment_drafts import save_draft
from trainees.operations.assessment_handing_over import Colleague, hand_over
from trainees.operations.assessment_planning import plan_assessments
from trainees.operations.assessment_sending import correct_assessment, submit_assessment

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 3


def test_one_of_everything(transactional_db: None, school: School, coordinator: User) -> None:
    internship = begun(school, coordinator)
    frame = framework(coordinator)
    planned_in(internship, frame, coordinator)
    assert not [one for one in at_once([plan_assessments] * HANDS) if isinstance(one, Exception)]
    row = CompanyAssessment.objects.get()
    assert Mail.objects.filter(kind="trainees.assessment_asked").count() == 1

    tutor = internship.tutor_id
    typed = [{**answers(frame), "words": f"Appareil {number}"} for number in range(HANDS)]
    at_once([lambda t=one: save_draft(row.pk, tutor, t, "{}") for one in typed])
    row.refresh_from_db()
    kept = {one["value"] for one in row.draft["kept"]} | {row.draft["values"]["words"]}
    assert kept == {one["words"] for one in typed}

    sent = at_once([lambda: submit_assessment(row.pk, tutor)] * HANDS)
    assert set(sent) == {row}
    assert Mail.objects.filter(kind="trainees.assessment_submitted").count() == 1
    second = at_once([lambda: correct_assessment(row.pk, tutor)] * HANDS)
    assert set(second) == {CompanyAssessment.objects.get(version=2)}

    named = Colleague("Nora Chef", "nora@entreprise.invalid")
    outcomes = at_once([lambda: hand_over(second[0].pk, tutor, named)] * HANDS)
    assert [one for one in outcomes if isinstance(one, CompanyAssessment)] == [second[0]]
    assert all(isinstance(one, NotAllowed | Overtaken | CompanyAssessment) for one in outcomes)
    assert CompanyContact.objects.filter(email=named.email).count() == 1
