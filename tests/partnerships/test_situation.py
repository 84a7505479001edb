"""Where a convention stands on a day: the same answer from Python and from the database, on any dates."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from e2c_portal.accounts.models import User
from partnerships import workflows
from partnerships.models import PartnershipConvention
from partnerships.queries import conventions_visible_to
from partnerships.situation import PREPARED, SITUATIONS, situation_expression, situation_on
from schools.scope import Scope
from tests.factories.convention_rows import judged_by_the_database, set_renewal

ConventionIn = Callable[..., PartnershipConvention]
DAY = date(2026, 6, 15)
NEAR = st.none() | st.integers(-2, 2).map(lambda days: DAY + timedelta(days=days))


def is_possible(dates: tuple[date | None, date | None, date | None]) -> bool:
    starts_on, ends_on, _ = dates
    return starts_on is None or ends_on is None or ends_on >= starts_on


@pytest.fixture
def one_row(officer: User, convention_in: ConventionIn) -> PartnershipConvention:
    return convention_in(workflows.DRAFT)


RENEWAL = st.one_of(
    st.sampled_from(["", "none", "express"]).map(lambda mode: (mode, None, None)),
    st.tuples(st.just("tacit"), st.integers(1, 3), st.none() | st.integers(0, 2)),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    status=st.sampled_from(sorted(workflows.STATES)),
    dates=st.tuples(NEAR, NEAR, NEAR).filter(is_possible),
    amended_ends_on=st.none() | NEAR,
    renewal=RENEWAL,
    amended=st.none() | RENEWAL.filter(lambda renewal: bool(renewal[0])),
)
def test_python_and_the_database_agree(
    one_row: PartnershipConvention,
    status: str,
    dates: tuple[date | None, date | None, date | None],
    amended_ends_on: date | None,
    renewal: tuple,
    amended: tuple | None,
) -> None:
    """The row is never written: the database judges the values themselves, so that every combination can be tried."""
    one_row.status = status
    one_row.starts_on, one_row.ends_on, one_row.ended_on = dates
    one_row.amended_ends_on = amended_ends_on
    set_renewal(one_row, renewal, amended)
    in_python = situation_on(one_row, DAY).name
    assert in_python == judged_by_the_database(one_row, situation_expression(DAY))


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"renewal_months": 12, "renewal": "tacit", "notice_months": 3}, "active"),
        ({"renewal_months": 12, "renewal": "tacit", "notice_months": 3, "renewal_limit": 2}, "expired"),
        ({"renewal_months": 12, "renewal": "tacit", "notice_months": 3, "renewal_limit": 11}, "active"),
    ],
)
def test_a_tacit_renewal_keeps_a_convention_in_force(convention_in: ConventionIn, changes: dict, name: str) -> None:
    """Signed in 2013 for three years: nobody types anything, the dates alone tell."""
    dates = {"starts_on": date(2013, 10, 11), "ends_on": date(2016, 10, 10)}
    convention = convention_in(workflows.SIGNED, archive=True, **dates, **changes)
    assert situation_on(convention, DAY).name == name
    row = conventions_visible_to(Scope(whole_network=True), on=DAY).get(pk=convention.pk)
    assert (row.situation, row.last_day) == (name, date(2018, 10, 10) if name == "expired" else date(2026, 10, 10))


@pytest.mark.parametrize(
    ("state", "changes", "name"),
    [
        (workflows.SIGNED, {}, "active"),
        (workflows.SIGNED, {"starts_on": date(2013, 10, 11), "ends_on": date(2016, 10, 10)}, "expired"),
        (workflows.SIGNED, {"starts_on": None, "ends_on": None}, "undated"),
        (workflows.DENOUNCED, {}, "leaving"),
        (workflows.TERMINATED, {}, "ended_early"),
        (workflows.ARCHIVED, {}, "expired"),
        (workflows.DRAFT, {}, "draft"),
        (workflows.SHELVED, {}, "shelved"),
    ],
)
def test_the_lists_tell_where_each_stands(
    convention_in: ConventionIn, state: str, changes: dict[str, date | None], name: str
) -> None:
    convention = convention_in(state, archive=True, **changes)
    row = conventions_visible_to(Scope(whole_network=True)).get(pk=convention.pk)
    assert row.situation == name


def test_a_convention_ends_in_the_evening_of_its_last_day(convention_in: ConventionIn) -> None:
    convention = convention_in(workflows.SIGNED, archive=True, starts_on=DAY, ends_on=DAY)
    found = [situation_on(convention, DAY + timedelta(days=days)).name for days in (-1, 0, 1)]
    assert found == ["upcoming", "active", "expired"]


def test_every_situation_has_words_and_a_colour() -> None:
    assert set(PREPARED) | set(SITUATIONS) == set(SITUATIONS)
    assert all(situation.label and situation.tone for situation in SITUATIONS.values())
