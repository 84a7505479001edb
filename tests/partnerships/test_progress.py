"""Promises against deliveries: the arithmetic on any dates, the targets of the day, the counters, the rhythm of old texts."""

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pgtrigger
import pytest
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import partnerships.migrations
from e2c_portal.accounts.models import User
from partnerships import counters
from partnerships.agreement import YEARLY, says_yearly
from partnerships.amendment_words import clauses
from partnerships.calendar import DAY, add_months
from partnerships.counters import Asked, Count, Counter
from partnerships.documents import order_of
from partnerships.models import (
    AmendmentChange,
    CommitmentDelivery,
    Establishment,
    PartnershipConvention,
)
from partnerships.operations.conventions import Promise
from partnerships.operations.deliveries import cancel_delivery, confirm_delivery
from partnerships.progress import KEPT, LATE, MISSED, NOTHING, ON_TIME, UNMEASURED, UPCOMING, progress_of
from partnerships.queries import convention_in_full, convention_with_amendments
from partnerships.sleeping import asleep_among
from partnerships.spans import expected, spans_until
from partnerships.terms import Terms
from tests.factories.deliveries import amend, declared, promised, reported, today
from tests.partnerships.sql import run
from tests.partnerships.test_calendar import DAYS, agreed_terms

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TWELVE = Promise("internships", "Découverte", 12, "stages", "par an", YEARLY)
OVERALL = Promise("visits", "", 6, "visites")


@contextmanager
def undone() -> Iterator[None]:
    """Leave nothing of what the block writes: hypothesis runs many examples in one test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class TestSpans:
    @given(terms=agreed_terms(), rhythm=st.sampled_from(["whole", YEARLY]), day=DAYS, early=st.none() | DAYS)
    def test_they_cover_every_day_of_the_convention_once(
        self, terms: Terms, rhythm: str, day: date, early: date | None
    ) -> None:
        if early and terms.starts_on and early >= terms.starts_on:
            terms = Terms(**{**terms.__dict__, "ended_on": early})
        assert terms.starts_on
        spans = spans_until(terms, rhythm, day)
        assert bool(spans) == (day >= terms.starts_on)
        if not spans:
            return
        assert spans[0].starts_on == terms.starts_on
        assert [span.rank for span in spans] == list(range(len(spans)))
        assert all(one.ends_on + DAY == two.starts_on for one, two in zip(spans, spans[1:], strict=False))
        assert spans[-1].ends_on >= day or spans[-1].ends_on == terms.last_day
        if rhythm == YEARLY:
            assert all(span.starts_on == add_months(terms.starts_on, 12 * span.rank) for span in spans)
        assert all(0 < (span.ends_on - span.starts_on + DAY).days <= span.full_days for span in spans)

    @given(terms=agreed_terms(), target=st.integers(0, 500), day=DAYS, later=st.integers(0, 500))
    def test_what_is_expected_grows_to_the_target_and_never_beyond(
        self, terms: Terms, target: int, day: date, later: int
    ) -> None:
        for span in spans_until(terms, YEARLY, day):
            assert 0 <= expected(target, span, day) <= expected(target, span, day + later * DAY) <= target
            if (span.ends_on - span.starts_on + DAY).days == span.full_days:
                assert expected(target, span, span.ends_on) == target


@pytest.mark.django_db
class TestSums:
    @SLOW
    @given(
        done=st.lists(st.tuples(st.integers(0, 1094), st.integers(1, 40), st.sampled_from([1, 2])), max_size=8),
        day=st.integers(0, 1400),
    )
    def test_the_years_add_up_to_the_total(
        self, db: None, three_years: PartnershipConvention, officer: User, done: list, day: int
    ) -> None:
        first = three_years.starts_on
        assert first
        with undone(), pgtrigger.ignore():
            CommitmentDelivery.objects.bulk_create(
                CommitmentDelivery(
                    convention=three_years, key=key, delivered_on=first + offset * DAY, quantity=quantity,
                    description="Fait", status="counted", declared_by=officer,
                )
                for offset, quantity, key in done
            )  # fmt: skip
            read_on = first + day * DAY
            for promise in progress_of([three_years], read_on)[three_years.pk]:
                until = sum(quantity for offset, quantity, key in done if key == promise.key and offset <= day)
                assert promise.total == sum(span.delivered for span in promise.spans) == until
                assert promise.current is None or promise.current.span.holds(read_on) or promise.current.over

    @SLOW
    @given(steps=st.lists(st.tuples(st.integers(0, 1094), st.integers(1, 60)), max_size=4), day=st.integers(0, 1400))
    def test_the_targets_are_those_of_the_day(
        self, db: None, three_years: PartnershipConvention, officer: User, steps: list, day: int
    ) -> None:
        first = three_years.starts_on
        assert first
        with undone(), pgtrigger.ignore():
            amend(three_years, officer, steps := sorted(steps))
            promise = progress_of([convention_with_amendments(three_years.pk)], first + day * DAY)[three_years.pk][0]
            for span in promise.spans:
                end = min(span.ends_on, first + day * DAY)
                told = [12, *(target for offset, target in steps if first + offset * DAY <= end)]
                assert span.target == told[-1]
            assert promise.target == [12, *(target for offset, target in steps if offset <= day)][-1]

    @pytest.fixture
    def three_years(self, officer: User) -> PartnershipConvention:
        return promised(TWELVE, OVERALL, months_ago=40, actor=officer)


@pytest.mark.django_db
class TestStanding:
    def standing(self, convention: PartnershipConvention, day: date | None = None, rank: int = 0) -> str:
        return progress_of([convention], day)[convention.pk][rank].standing.name

    def test_it_follows_time_and_deliveries(self, officer: User) -> None:
        convention = promised(TWELVE, OVERALL, Promise("tutors", "Un par stage"), months_ago=18, actor=officer)
        began = convention.starts_on
        assert began
        assert self.standing(convention, began - DAY) == UPCOMING.name
        assert self.standing(convention, began) == ON_TIME.name
        assert self.standing(convention, add_months(began, 6)) == NOTHING.name
        assert self.standing(convention, rank=2) == UNMEASURED.name
        declared(convention, officer, on=add_months(began, 11), quantity=11)
        assert self.standing(convention, add_months(began, 12) - DAY) == LATE.name
        [year, *_] = progress_of([convention])[convention.pk][0].past
        assert (year.standing, year.figures.replace("\N{NO-BREAK SPACE}", " ")) == (MISSED, "11 sur 12 stages")
        declared(convention, officer, on=today(), quantity=12)
        assert self.standing(convention) == KEPT.name

    def test_only_what_counts_is_counted(self, officer: User) -> None:
        convention = promised(TWELVE, actor=officer)
        declared(convention, officer, quantity=3)
        cancel_delivery(declared(convention, officer, quantity=5).pk, "Erreur", officer)
        waiting = reported(convention, officer, quantity=7)
        [promise] = progress_of([convention])[convention.pk]
        assert (promise.delivered, promise.waiting) == (3, 7)
        confirm_delivery(waiting.pk, officer)
        [promise] = progress_of([convention])[convention.pk]
        assert (promise.delivered, promise.waiting) == (10, 0)

    def test_a_promise_added_on_the_way_is_asked_its_share_only(self, officer: User) -> None:
        convention = promised(TWELVE, OVERALL, months_ago=18, actor=officer)
        with pgtrigger.ignore():
            amend(convention, officer, [(548 - 60, 12)], action="add")
        added = progress_of([convention_with_amendments(convention.pk)])[convention.pk][2]
        assert len(added.spans) == 1, "it did not exist in the first year"
        assert added.expected in (1, 2), "two months of twelve stages a year"

    def test_a_draft_promises_nothing_yet_and_many_cost_the_same(self, officer: User) -> None:
        rows = [promised(TWELVE, OVERALL, actor=officer) for _ in range(3)]
        for row in rows:
            declared(row, officer)
        counts = []
        for some in (rows[:1], rows):
            fresh = list(PartnershipConvention.objects.filter(pk__in=[row.pk for row in some]))
            with CaptureQueriesContext(connection) as queries:
                assert all(len(found) == 2 for found in progress_of(fresh).values())
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 4


@pytest.mark.django_db
class TestCounters:
    @pytest.fixture
    def places(self) -> Iterator[list[Sequence[Asked]]]:
        """Register a counter that counts the establishments of a company: rows that exist, in place of internships."""
        calls: list[Sequence[Asked]] = []

        def count(asked: Sequence[Asked]) -> dict[Asked, Count]:
            calls.append(asked)
            rows = Establishment.objects.filter(company__in={one.company_id for one in asked})
            owners = list(rows.values_list("company_id", flat=True))
            return {one: Count(owners.count(one.company_id), f"/entreprises/{one.company_id}/") for one in asked}

        def delivered_since(company: str, day: date) -> Exists:
            return Exists(Establishment.objects.filter(company=OuterRef(company)))

        own = counters.counter_of("internships")
        counters.register(Counter("internships", count, delivered_since, frozenset({"stages"})))
        yield calls
        counters.register(own)

    def test_rows_count_with_the_declared_and_are_asked_for_once(self, officer: User, places: list) -> None:
        rows = [promised(TWELVE, OVERALL, actor=officer) for _ in range(2)]
        declared(rows[0], officer, quantity=2)
        found = progress_of(rows)
        current = found[rows[0].pk][0].current
        assert current
        assert (current.counted, current.declared, current.delivered) == (1, 2, 3)
        assert current.counted_url == f"/entreprises/{rows[0].company_id}/"
        assert found[rows[0].pk][1].delivered == 0, "another kind is not counted"
        assert len(places) == 1
        assert all(one.ends_on <= today() for one in places[0])

    def test_two_promises_of_a_kind_never_count_a_row_twice_nor_in_another_unit(
        self, officer: User, places: list
    ) -> None:
        hours = Promise("internships", "Immersion", 200, "heures", "", "whole")
        convention = promised(hours, TWELVE, Promise("internships", "Confirmation", 4, "stages"), actor=officer)
        assert [promise.delivered for promise in progress_of([convention])[convention.pk]] == [0, 1, 0]

    def test_what_they_count_wakes_a_partner(self, officer: User) -> None:
        company_id = promised(TWELVE, actor=officer).company_id
        assert asleep_among([company_id]) == {company_id}

    def test_and_with_rows_it_is_awake(self, officer: User, places: list) -> None:
        assert asleep_among([promised(TWELVE, actor=officer).company_id]) == set()


class TestRhythm:
    @pytest.mark.parametrize(
        ("period", "yearly"),
        [
            ("par an", True), ("Par\N{NO-BREAK SPACE}an", True), ("chaque année", True), ("12/an", True), ("annuel", True),
            ("annuellement", True), ("tous les ans", True), ("par année scolaire", True), ("durée de la convention", False),
            ("pluriannuel", False), ("par mois", False), ("", False), ("avant l’annonce", False),
        ],
    )  # fmt: skip
    def test_the_words_of_the_period_say_it(self, period: str, yearly: bool) -> None:
        assert says_yearly(period) is yearly

    def test_only_an_amendment_changes_it_and_says_so(self) -> None:
        values = {
            "position": 1,
            "kind": "visits",
            "description": "",
            "target": 2,
            "unit": "visites",
            "period": "",
            "rhythm": "whole",
        }
        change = AmendmentChange(
            part="commitment", action="replace", key="1", before=values, after=values | {"rhythm": YEARLY}
        )
        [clause] = clauses(Terms(), Terms(), [change])  # type: ignore[list-item]
        assert clause.sentence == "L’engagement « Visites d’entreprise » se compte désormais par année de convention."

    @pytest.mark.django_db
    def test_old_texts_are_read_and_their_documents_stay_up_to_date(
        self, officer: User, convention_in: Callable[..., PartnershipConvention]
    ) -> None:
        said = [
            Promise("visits", "", 2, "visites", period)
            for period in ("par an", "chaque année", "12/an", "Annuelle", "durée de la convention", "pluriannuelle", "")
        ]
        convention = promised(*said, actor=officer)
        before = order_of(convention_in_full(convention.pk))
        with pgtrigger.ignore():
            amend(convention, officer, [(10, 5)])
        run("SET CONSTRAINTS ALL IMMEDIATE")
        [file] = Path(partnerships.migrations.__path__[0]).glob("*_rhythm_of_commitments.py")
        run(importlib.import_module(f"partnerships.migrations.{file.stem}").READ_THE_RHYTHM)
        rows = convention.commitments.order_by("position").values_list("rhythm", flat=True)
        assert list(rows) == ["yearly"] * 4 + ["whole"] * 3
        assert [row == "yearly" for row in rows] == [says_yearly(promise.period) for promise in said]
        change = AmendmentChange.objects.get()
        assert (change.before["rhythm"], change.after["rhythm"]) == ("yearly", "yearly")
        assert order_of(convention_in_full(convention.pk)) == before
