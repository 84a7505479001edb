"""The calendar of conventions, on any dates: neither gap nor overlap, whatever the lengths, the ends of month, the years."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships import workflows
from partnerships.calendar import (
    DAY,
    add_months,
    following_period,
    last_day_to_give_notice,
    months_after,
    notice_runs_out_on,
    whole_months,
)
from partnerships.models import PartnershipConvention
from partnerships.models.terms import AGREED_LAST_DAY, LAST_DAY, MonthsAfter, period_end
from partnerships.terms import Terms
from tests.factories.convention_rows import judged_by_the_database, set_renewal

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
MONTHS = st.integers(1, 60)


@st.composite
def agreed_terms(draw: st.DrawFn, *, tacit: bool | None = None) -> Terms:
    """Draw dated terms: any length, in whole months or not, renewed or not."""
    starts_on = draw(DAYS)
    ends_on = draw(st.one_of(MONTHS.map(lambda n: months_after(starts_on, n).ends_on), st.integers(0, 900).map(lambda n: starts_on + n * DAY)))  # fmt: skip
    is_tacit = draw(st.booleans()) if tacit is None else tacit
    if not is_tacit:
        return Terms(starts_on, ends_on, "express", notice_months=draw(st.none() | st.integers(0, 12)))
    return Terms(
        starts_on, ends_on, "tacit", draw(MONTHS), draw(st.none() | st.integers(0, 8)), draw(st.integers(0, 24))
    )


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2028, 1, 31), 1, date(2028, 2, 29)),
            (date(2026, 3, 31), -1, date(2026, 2, 28)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2024, 2, 29), 48, date(2028, 2, 29)),
            (date(2026, 11, 15), 3, date(2027, 2, 15)),
        ],
    )
    def test_the_same_day_or_the_last_of_the_month(self, day: date, months: int, expected: date) -> None:
        assert add_months(day, months) == expected

    @given(day=DAYS, first=st.integers(0, 60), second=st.integers(0, 60))
    def test_a_longer_delay_never_ends_sooner(self, day: date, first: int, second: int) -> None:
        assert add_months(day, min(first, second)) <= add_months(day, max(first, second))

    @given(day=DAYS, months=st.integers(0, 60), later=st.integers(1, 400))
    def test_a_later_notice_never_runs_out_sooner(self, day: date, months: int, later: int) -> None:
        assert notice_runs_out_on(day, months) <= notice_runs_out_on(day + later * DAY, months)

    @given(ends_on=DAYS, months=st.integers(0, 60))
    def test_the_last_day_to_give_notice_is_the_last_one(self, ends_on: date, months: int) -> None:
        deadline = last_day_to_give_notice(ends_on, months)
        assert notice_runs_out_on(deadline, months) <= ends_on < notice_runs_out_on(deadline + DAY, months)

    @given(starts_on=DAYS, months=MONTHS)
    def test_whole_months_are_recognised(self, starts_on: date, months: int) -> None:
        period = months_after(starts_on, months)
        assert whole_months(period.starts_on, period.ends_on) == months


class TestSuccession:
    @given(terms=agreed_terms(tacit=False))
    def test_a_renewal_follows_with_neither_gap_nor_overlap(self, terms: Terms) -> None:
        assert terms.starts_on
        assert terms.ends_on
        following = following_period(terms.starts_on, terms.ends_on)
        assert following.starts_on == terms.ends_on + DAY
        assert following.ends_on >= following.starts_on
        months = whole_months(terms.starts_on, terms.ends_on)
        if months:
            assert whole_months(following.starts_on, following.ends_on) == months
        else:
            assert following.ends_on - following.starts_on == terms.ends_on - terms.starts_on

    @given(starts_on=DAYS, months=MONTHS, ranks=st.integers(1, 12))
    def test_successive_periods_of_one_start_touch(self, starts_on: date, months: int, ranks: int) -> None:
        for rank in range(ranks):
            assert (
                months_after(starts_on, months, rank).ends_on + DAY
                == months_after(starts_on, months, rank + 1).starts_on
            )


class TestTacitRenewal:
    @given(terms=agreed_terms(tacit=True), years=st.integers(0, 20))
    def test_the_periods_cover_every_day_once(self, terms: Terms, years: int) -> None:
        assert terms.starts_on
        until = terms.starts_on + timedelta(days=366 * years)
        periods = list(terms.periods(until))
        assert periods[0].starts_on == terms.starts_on
        assert [period.rank for period in periods] == list(range(len(periods)))
        for period, following in zip(periods, periods[1:], strict=False):
            assert period.ends_on + DAY == following.starts_on
        assert periods[-1].ends_on >= until or periods[-1].ends_on == terms.last_day

    @given(terms=agreed_terms(), day=DAYS)
    def test_a_day_belongs_to_the_period_that_holds_it(self, terms: Terms, day: date) -> None:
        period = terms.period_on(day)
        assert terms.starts_on
        over = terms.last_day is not None and day > terms.last_day
        assert (period is None) == (day < terms.starts_on or over)
        assert period is None or period.holds(day)

    @given(terms=agreed_terms(tacit=True), day=DAYS)
    def test_a_notice_given_in_time_stops_the_renewal_and_a_late_one_does_not(self, terms: Terms, day: date) -> None:
        deadline, period = terms.notice_deadline(day), terms.period_on(day)
        if deadline is None or period is None:
            assert period is None or period.ends_on == terms.agreed_last_day
            return
        assert notice_runs_out_on(deadline, terms.notice_months or 0) <= period.ends_on
        assert notice_runs_out_on(deadline + DAY, terms.notice_months or 0) > period.ends_on

    @given(terms=agreed_terms(), given_on=DAYS)
    def test_a_denunciation_ends_the_convention_on_its_day_and_not_before(self, terms: Terms, given_on: date) -> None:
        if terms.period_on(given_on) is None:
            return
        earliest = terms.earliest_end(given_on)
        ended = Terms(**{**terms.__dict__, "ended_on": earliest})
        last_day = ended.last_day
        assert last_day is not None
        assert last_day == min(earliest, terms.agreed_last_day or earliest)
        assert ended.period_on(last_day) is not None
        assert ended.period_on(last_day + DAY) is None
        periods = list(ended.periods(last_day))
        assert periods[-1].ends_on == last_day


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=agreed_terms(), amended=st.none() | agreed_terms(), early=st.none() | DAYS, day=DAYS)
@pytest.mark.django_db
def test_python_and_the_database_count_alike(
    db: None, terms: Terms, amended: Terms | None, early: date | None, day: date
) -> None:
    """Last days, ends of periods and months, with and without amendments."""
    row = PartnershipConvention(
        status=workflows.SIGNED, starts_on=terms.starts_on, ends_on=terms.ends_on, ended_on=early
    )
    set_renewal(
        row, (terms.renewal, terms.renewal_months, terms.renewal_limit),
        (amended.renewal, amended.renewal_months, amended.renewal_limit) if amended else None,
    )  # fmt: skip
    agreed = row.terms
    assert judged_by_the_database(row, AGREED_LAST_DAY) == agreed.agreed_last_day
    assert judged_by_the_database(row, LAST_DAY) == agreed.last_day
    assert judged_by_the_database(row, MonthsAfter("starts_on", "renewal_months")) == (
        add_months(row.starts_on, row.renewal_months) if row.renewal_months else None
    )
    period = agreed.period_on(day)
    if period:
        assert judged_by_the_database(row, period_end(day)) == period.ends_on
