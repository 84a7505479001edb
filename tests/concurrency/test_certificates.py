"""Attestations issued at the same instant: numbers without a gap nor a double, one attestation for one pathway."""

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Overtaken
from schools.models import School
from tests.concurrency.together import at_once
from tests.factories.certificates import pathway_with_skills
from trainees.models import SkillsCertificate
from trainees.operations.certificates import issue_certificate

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_issuers_at_once(transactional_db: None, school: School, coordinator: User) -> None:
    first, second = (
        pathway_with_skills(school, coordinator, last_name=name, email=f"{name}@exemple.invalid")
        for name in ("Alba", "Brun")
    )
    outcomes = at_once([
        lambda: issue_certificate(first.pk, coordinator), lambda: issue_certificate(second.pk, coordinator),
        lambda: issue_certificate(first.pk, coordinator),
    ])  # fmt: skip
    assert sum(isinstance(outcome, Overtaken) for outcome in outcomes) == 1
    assert sorted(SkillsCertificate.objects.values_list("rank", flat=True)) == [1, 2]
