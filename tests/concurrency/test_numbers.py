"""Numbers without gap or double, whatever the number of hands."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from e2c_portal.accounts.models import User
from partnerships.models import PartnershipConvention
from partnerships.operations.conventions import draft_convention
from tests.concurrency.together import at_once
from tests.factories.partnerships import company_named, text_of

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 8
EACH = 3


@pytest.fixture
def company(transactional_db: None, officer: User):
    return company_named("Fabrique", officer)


def numbers() -> list[str]:
    return list(PartnershipConvention.objects.order_by("number").values_list("number", flat=True))


def test_eight_hands_write_at_once(company, officer: User) -> None:
    def write() -> None:
        for _ in range(EACH):
            draft_convention(text_of(company), officer, year=2031)

    outcomes = at_once([write] * HANDS)
    assert outcomes == [None] * HANDS
    assert numbers() == [f"CP-2031-{n:03d}" for n in range(1, HANDS * EACH + 1)]


def test_a_refused_draft_leaves_no_gap(company, officer: User) -> None:
    wrong = text_of(company, ends_on=date(1999, 1, 1))

    def write(text) -> object:
        return draft_convention(text, officer, year=2031)

    outcomes = at_once([lambda t=text: write(t) for text in [wrong, text_of(company)] * 4])
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == 4
    assert numbers() == [f"CP-2031-{n:03d}" for n in range(1, 5)]
