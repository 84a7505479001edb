"""Deliveries at the same instant: a double click writes one row, two officers decide once."""

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Overtaken
from partnerships.models import CommitmentDelivery
from partnerships.operations.conventions import Promise
from partnerships.operations.deliveries import confirm_delivery, declare_delivery, set_aside_delivery
from tests.concurrency.together import at_once
from tests.factories.deliveries import delivered, promised, reported

pytestmark = pytest.mark.django_db(transaction=True)
VISITS = Promise("visits", "", 2, "visites")


def test_a_double_click_declares_once(transactional_db: None, officer: User) -> None:
    convention, text = promised(VISITS, actor=officer), delivered()
    outcomes = at_once([lambda: declare_delivery(convention.pk, 1, text, officer)] * 2)
    assert outcomes == [CommitmentDelivery.objects.get()] * 2


def test_two_officers_decide_once(transactional_db: None, officer: User, second_officer: User) -> None:
    row = reported(promised(VISITS, actor=officer), officer)
    outcomes = at_once([
        lambda: confirm_delivery(row.pk, officer), lambda: set_aside_delivery(row.pk, "Non", second_officer),
    ])  # fmt: skip
    [loser] = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert isinstance(loser, Overtaken)
    row.refresh_from_db()
    assert (row.status, row.decided_by) in (("counted", officer), ("set_aside", second_officer))
