"""Whatever is done, in whatever order: one open pathway, none that overlap, none ended without its day."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import PortalError
from schools.models import School
from tests.factories.trainees import site_of, trainee_in
from trainees.life import pathways as life
from trainees.models import FollowUp, Pathway, Suspension, Trainee
from trainees.operations.pathway_parts import record_contract
from trainees.operations.pathways import move_pathway, open_pathway

TODAY = timezone.localdate()
MOVES = [move.name for move in life.PATHWAY_LIFE.moves if move.name != "exclude"]
ACTS = st.one_of(
    st.tuples(st.just("open"), st.integers(-60, 5)),
    st.tuples(st.just("contract"), st.integers(-60, 0)),
    st.tuples(st.sampled_from(MOVES), st.integers(-60, 1)),
)


def act(trainee: Trainee, actor: User, name: str, days: int) -> None:
    """Try one act on the latest pathway of a trainee; a refusal is an answer like any other."""
    day = TODAY + timedelta(days=days)
    with suppress(PortalError), transaction.atomic():
        if name == "open":
            dates = {
                "entered_on": day,
                "trial_ends_on": day + timedelta(days=20),
                "planned_ends_on": day + timedelta(days=90),
            }
            open_pathway(Pathway(trainee=trainee, site=site_of(trainee.school), referent=actor, **dates), actor)
        elif pathway := trainee.pathways.first():
            if name == "contract":
                record_contract(pathway.pk, {"signed_on": day, "objectives": "Un métier"}, None, actor)
            else:
                move_pathway(pathway.pk, name, actor, reason="Essai", facts={"ended_on": day, "day": day})


def check(trainee: Trainee) -> None:
    rows = list(trainee.pathways.order_by("entered_on", "pk"))
    assert sum(row.is_open for row in rows) <= 1
    lived = [row for row in rows if row.status != life.NO_SHOW]
    for before, after in zip(lived, lived[1:], strict=False):
        assert before.ended_on is not None
        assert before.ended_on < after.entered_on
    for row in rows:
        assert (row.ended_on is not None) is (row.status in life.ENDED)
        assert FollowUp.objects.filter(pathway=row).count() == (4 if row.status in life.ENDED else 0)
        under_way = Suspension.objects.filter(pathway=row, ends_on=None).count()
        assert under_way == (1 if row.status == life.SUSPENDED else 0)
        assert row.moves.count() == row.moves_made


@pytest.mark.django_db
def test_no_story_leaves_a_pathway_untrue(school: School, coordinator: User) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(ACTS, min_size=4, max_size=12))
    def stories(acts: list[tuple[str, int]]) -> None:
        trainee = trainee_in(school, coordinator)
        open_pathway(
            Pathway(
                trainee=trainee, site=site_of(school), referent=coordinator, entered_on=TODAY - timedelta(days=50),
                trial_ends_on=TODAY, planned_ends_on=TODAY + timedelta(days=60),
            ),
            coordinator,
        )  # fmt: skip
        move_pathway(trainee.pathways.get().pk, "arrive", coordinator)
        for name, days in acts:
            act(trainee, coordinator, name, days)
        check(trainee)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    stories()
