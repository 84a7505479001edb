"""An assessment that waits for its tutor, three skills planned, and their link open: asked for by the tests of assessments alone."""

import pytest

from e2c_portal.accounts.models import User
from schools.models import School
from tests.trainees.assessing import Tutor, to_assess, tutor_of
from trainees.models import CompanyAssessment, Internship, SkillFramework


@pytest.fixture
def scene(school: School, coordinator: User) -> tuple[Internship, SkillFramework, CompanyAssessment]:
    return to_assess(school, coordinator)


@pytest.fixture
def frame(scene: tuple[Internship, SkillFramework, CompanyAssessment]) -> SkillFramework:
    return scene[1]


@pytest.fixture
def row(scene: tuple[Internship, SkillFramework, CompanyAssessment]) -> CompanyAssessment:
    return scene[2]


@pytest.fixture
def tutor(row: CompanyAssessment, coordinator: User) -> Tutor:
    return tutor_of(row, coordinator)
