"""The CHECK constraints of a row, asked of the database all at once: same answers as Django's, fewer questions."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from e2c_portal.accounts.models import User
from partnerships.models import CommitmentDelivery, PartnershipConvention
from tests.factories.partnerships import convention_at, drafted

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(officer: User) -> PartnershipConvention:
    return drafted(officer)


def said_one_by_one(row: models.Model) -> set[str]:
    """Return what Django says when it asks each constraint apart."""
    said: set[str] = set()
    for one in row._meta.constraints:
        try:
            one.validate(type(row), row)
        except ValidationError as error:
            said.update(error.messages)
    return said


def said_at_once(row: models.Model) -> set[str]:
    try:
        row.validate_constraints()
    except ValidationError as error:
        return set(error.messages)
    return set()


def test_a_row_that_keeps_its_rules_asks_them_once(draft: PartnershipConvention) -> None:
    checks = [one for one in draft._meta.constraints if isinstance(one, models.CheckConstraint)]
    others = [one for one in draft._meta.constraints if not isinstance(one, models.CheckConstraint)]
    with CaptureQueriesContext(connection) as asked:
        draft.validate_constraints()
    assert len(checks) >= 8
    # Each question has a savepoint around it; a unique or exclusion constraint may ask two.
    assert len(asked) <= 3 * (1 + 2 * len(others)) < 3 * len(checks)


def test_a_broken_rule_is_named_and_so_are_two(draft: PartnershipConvention) -> None:
    assert said_at_once(draft) == set()
    draft.starts_on, draft.ends_on = date(2026, 5, 2), date(2026, 5, 1)
    one = said_at_once(draft)
    assert one
    assert one == said_one_by_one(draft)
    draft.notice_months, draft.renewal = 0, "unknown"
    assert said_at_once(draft) == said_one_by_one(draft)


def test_unknown_is_no_fault_as_in_the_database(draft: PartnershipConvention) -> None:
    draft.starts_on = draft.ends_on = None
    assert said_at_once(draft) == said_one_by_one(draft)


def test_a_field_left_out_passes_over_its_rules_alone(draft: PartnershipConvention) -> None:
    row = CommitmentDelivery(convention=draft, key=1, delivered_on=date(2026, 5, 1), quantity=0, description="")
    with pytest.raises(ValidationError) as refused:
        row.validate_constraints(exclude={"proof"})
    assert "Une réalisation compte au moins pour 1." in refused.value.messages
    assert "Dites en une ligne ce qui a été fait." in refused.value.messages
    with pytest.raises(ValidationError) as refused:
        row.validate_constraints(exclude={"quantity"})
    assert "Une réalisation compte au moins pour 1." not in refused.value.messages


def test_a_value_too_large_for_its_column_is_judged_whole(draft: PartnershipConvention) -> None:
    company = draft.company
    company.siren += "0"
    assert said_at_once(company) == said_one_by_one(company) != set()
    # No rule of ours bounds it: the database could not even hold it, which it says when the row is written.
    draft.notice_months = 100_000
    assert said_at_once(draft) == said_one_by_one(draft) == set()


def test_only_what_an_exclusion_keeps_apart_is_compared_with_the_others(officer: User) -> None:
    signed = convention_at("signed", officer, archive=True)
    draft = drafted(officer, signed.company)
    draft.starts_on, draft.ends_on = signed.starts_on, signed.ends_on
    assert said_at_once(draft) == said_one_by_one(draft) == set()
    draft.status, draft.origin, draft.signed_on = signed.status, signed.origin, signed.signed_on
    told = {"Cette entreprise a déjà une convention signée pour le même objet à ces dates."}
    assert told <= said_at_once(draft) == said_one_by_one(draft)
