"""The steps of a deadline on any calendar: each told once on its day, late runs make up for the nearest alone, none doubled."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.calendar import DAY, add_months
from partnerships.deadlines import END, NOTICE, STEPS, Deadline, Step, action_is_news, deadlines_ahead, steps_owed
from partnerships.emails import day_of_reading
from partnerships.terms import Terms
from tests.partnerships.test_calendar import DAYS, agreed_terms

LONG_AGO = date(1980, 1, 1)
EXPRESS = Terms(date(2024, 1, 1), date(2026, 12, 31), "express")
TACIT = Terms(date(2024, 1, 1), date(2026, 12, 31), "tacit", 12, None, 3)
offsets = st.lists(st.integers(0, 400), max_size=40)


def walked(terms: Terms, known_since: date, runs: list[date]) -> list[tuple[date, Step]]:
    """Live through runs on some days, in any order, and return what each told."""
    told: list[tuple[date, Step]] = []
    for on in runs:
        told += [(on, step) for step in steps_owed(terms, known_since, [step for _, step in told], on)]
    return told


def every_deadline(terms: Terms, first: date, last: date) -> set[Deadline]:
    return {deadline for day in _days(first, last) for deadline in deadlines_ahead(terms, day)}


def _days(first: date, last: date) -> list[date]:
    return [first + number * DAY for number in range((last - first).days + 1)]


class TestDeadlines:
    @pytest.mark.parametrize(
        ("terms", "on", "expected"),
        [
            (EXPRESS, date(2026, 10, 1), []),
            (EXPRESS, date(2026, 10, 2), [Deadline(END, date(2026, 12, 31))]),
            (EXPRESS, date(2026, 12, 31), [Deadline(END, date(2026, 12, 31))]),
            (EXPRESS, date(2027, 1, 1), []),
            (EXPRESS, date(2023, 12, 31), []),
            (TACIT, date(2026, 7, 1), []),
            (TACIT, date(2026, 9, 30), [Deadline(NOTICE, date(2026, 9, 30))]),
            (TACIT, date(2026, 10, 1), []),
            (TACIT, date(2027, 7, 15), [Deadline(NOTICE, date(2027, 9, 30))]),
            (Terms(date(2024, 1, 1), date(2026, 12, 31), "tacit", 12, 0, 3), date(2026, 12, 1), [Deadline(END, date(2026, 12, 31))]),
            (Terms(date(2024, 1, 1), date(2026, 12, 31), "tacit", 12, None, 3, date(2026, 8, 1)), date(2026, 7, 1), [Deadline(END, date(2026, 8, 1))]),
            # A notice as long as a period: that of the next period comes before this one ends.
            (Terms(date(2024, 1, 1), date(2026, 12, 31), "tacit", 12, None, 12), date(2026, 11, 1), [Deadline(NOTICE, date(2026, 12, 31))]),
            (Terms(), date(2026, 1, 1), []),
            (Terms(date(2024, 1, 1), None, "express"), date(2026, 1, 1), []),
        ],
    )  # fmt: skip
    def test_what_comes_within_ninety_days(self, terms: Terms, on: date, expected: list[Deadline]) -> None:
        assert deadlines_ahead(terms, on) == expected

    @settings(deadline=None)
    @given(terms=agreed_terms(), later=st.integers(0, 4000))
    def test_they_are_those_of_the_terms(self, terms: Terms, later: int) -> None:
        assert terms.starts_on
        on = terms.starts_on + later * DAY
        for deadline in deadlines_ahead(terms, on):
            assert on <= deadline.day <= on + timedelta(days=90)
            if deadline.kind == END:
                assert deadline.day == terms.last_day
            else:
                assert terms.notice_months is not None
                end = next(p.ends_on for p in terms.periods(add_months(on, 80)) if terms.notice_deadline(p.starts_on) == deadline.day)  # fmt: skip
                assert end != terms.agreed_last_day


class TestSteps:
    @settings(deadline=None, max_examples=50)
    @given(terms=agreed_terms(), later=st.integers(0, 1500))
    def test_a_run_each_day_tells_each_step_once_on_its_own_day(self, terms: Terms, later: int) -> None:
        assert terms.starts_on
        first = terms.starts_on + later * DAY
        last = first + timedelta(days=120)
        told = walked(terms, LONG_AGO, _days(first, last))
        assert len({step for _, step in told}) == len(told), "none doubled"
        expected = {
            step
            for deadline in every_deadline(terms, first, last)
            for step in (Step(deadline, days) for days in STEPS)
            if first < step.own_day <= last
        }
        assert {(on, step) for on, step in told if on > first} == {(step.own_day, step) for step in expected}

    @settings(deadline=None)
    @given(ends_on=DAYS, runs=offsets)
    def test_late_runs_tell_the_nearest_step_and_lose_none_that_still_serves(
        self, ends_on: date, runs: list[int]
    ) -> None:
        terms = Terms(ends_on - timedelta(days=700), ends_on, "express")
        days = sorted(ends_on - timedelta(days=300) + number * DAY for number in runs)
        told = walked(terms, LONG_AGO, days)
        assert len({step for _, step in told}) == len(told), "none doubled"
        assert len({on for on, _ in told}) == len(told), "never two at once"
        for on in days:
            passed = [days_before for days_before in STEPS if ends_on - timedelta(days=days_before) <= on <= ends_on]
            if passed:
                assert any(step.days == min(passed) and at <= on for at, step in told), "the nearest is told"

    @settings(deadline=None)
    @given(ends_on=DAYS, runs=offsets)
    def test_days_in_any_order_double_nothing_and_never_go_back(self, ends_on: date, runs: list[int]) -> None:
        """A clock that is set back, over midnight for example."""
        terms = Terms(ends_on - timedelta(days=700), ends_on, "express")
        told = [step.days for _, step in walked(terms, LONG_AGO, [ends_on - timedelta(days=300 - n) for n in runs])]
        assert told == sorted(set(told), reverse=True)

    @settings(deadline=None)
    @given(ends_on=DAYS, known=st.integers(0, 120))
    def test_a_deadline_that_has_just_become_what_it_is_waits_for_its_next_step(
        self, ends_on: date, known: int
    ) -> None:
        terms = Terms(ends_on - timedelta(days=700), ends_on, "express")
        known_since = ends_on - timedelta(days=known)
        told = walked(terms, known_since, _days(known_since, ends_on))
        assert [step.days for _, step in told] == [days for days in STEPS if days <= known]
        assert all(on == step.own_day for on, step in told)


class TestHours:
    """The job runs every hour, and reckons for the morning on which people read."""

    @pytest.mark.parametrize("end", [date(2027, 4, 27), date(2027, 11, 30)])
    def test_hourly_runs_over_a_change_of_clocks(self, end: date) -> None:
        terms = Terms(date(2025, 1, 1), end, "express")
        first = datetime.combine(end - timedelta(days=95), time(), UTC)
        told = walked(terms, LONG_AGO, [day_of_reading(first + timedelta(hours=number)) for number in range(96 * 24)])
        assert [(on, step.days) for on, step in told] == [(end - timedelta(days=days), days) for days in STEPS]

    @pytest.mark.parametrize(
        ("now", "day"),
        [
            ("2027-03-28T00:30+01:00", date(2027, 3, 28)),
            ("2027-03-28T07:30+02:00", date(2027, 3, 29)),
            ("2027-10-31T00:30+02:00", date(2027, 10, 31)),
            ("2027-10-31T02:30+01:00", date(2027, 10, 31)),
            ("2027-10-31T23:30+01:00", date(2027, 11, 1)),
        ],
    )
    def test_the_day_of_reading(self, now: str, day: date) -> None:
        assert day_of_reading(datetime.fromisoformat(now)) == day


class TestActions:
    DUE = date(2026, 12, 15)

    @pytest.mark.parametrize(
        ("told_on", "on", "news"),
        [
            (None, date(2026, 11, 14), False),
            (None, date(2026, 11, 15), True),
            (date(2026, 11, 15), date(2026, 12, 14), False),
            (date(2026, 11, 15), date(2026, 12, 15), True),
            (date(2026, 12, 15), date(2026, 12, 21), False),
            (date(2026, 12, 15), date(2026, 12, 22), True),
            (date(2026, 11, 15), date(2027, 3, 1), True),
            (date(2027, 3, 1), date(2027, 3, 2), True),
            (date(2027, 3, 2), date(2027, 3, 3), False),
            # A clock set back over midnight.
            (date(2026, 12, 15), date(2026, 12, 14), False),
        ],
    )
    def test_a_month_before_the_day_itself_then_each_week(self, told_on: date | None, on: date, news: bool) -> None:
        assert action_is_news(self.DUE, told_on, on) is news

    @settings(deadline=None)
    @given(due_on=DAYS, runs=offsets)
    def test_never_twice_for_one_step(self, due_on: date, runs: list[int]) -> None:
        told_on, told = None, []
        for number in sorted(runs):
            on = due_on - timedelta(days=60) + number * DAY
            if action_is_news(due_on, told_on, on):
                told_on = on
                told.append(max(-1, (on - due_on).days // 7))
        assert len(told) == len(set(told))
