"""The rows behind the figures of one school are read along an index, not looked for among those of everybody."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from e2c_portal.accounts.models import User
from e2c_portal.figures.counting import narrowed
from e2c_portal.figures.row_facts import readable
from e2c_portal.figures.sources import SOURCES
from tests.bench.crowd import Kind, copies
from trainees.management.crowd.loading import BASE
from trainees.models import AttendanceHalfDay, Internship, SkillValidation

pytestmark = pytest.mark.django_db
MANY, SCHOOLS = 30_000, 100
YEAR = 2026
OF = {"school_id": f"{BASE} + n %% {SCHOOLS}", "trainee_id": f"{BASE} + n", "pathway_id": f"{BASE} + n"}
NOBODY = {"school_id": 1, "trainee_id": 1, "pathway_id": 1}


def _kind(source: str, officer: User) -> Kind:
    if source == "half_days":
        facts: dict[str, Any] = {"day": date(YEAR, 3, 2), "half": "am", "place": "school", "state": "present", "minutes": 180, "recorded_by": officer}  # fmt: skip
        return Kind(AttendanceHalfDay, 1, NOBODY | facts, OF | {"day": f"date '{YEAR}-01-02' + (n %% 300)::int"})
    facts = {"skill_id": 1, "level_id": 1, "source": "school", "reason": "Vu", "seen_on": date(YEAR, 3, 2), "validated_by": officer}  # fmt: skip
    moment = f"timestamptz '{YEAR}-01-02' + make_interval(days => (n %% 300)::int)"
    return Kind(SkillValidation, 1, NOBODY | facts, OF | {"validated_at": moment})


@pytest.mark.parametrize(("key", "index"), [("half_days", "half_day_in_order"), ("validations", "validation_in_order")])
def test_the_rows_of_one_school_follow_their_index(officer: User, key: str, index: str) -> None:
    source, kind = SOURCES[key], _kind(key, officer)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        copies(kind, 0, MANY)
        cursor.execute(f"ANALYZE {kind.model._meta.db_table}")
    rows = readable(narrowed(source, source.rows(YEAR, date(YEAR, 12, 31)), [BASE + 7])).select_related(None)
    assert rows.count() == MANY // SCHOOLS
    plan = rows[:25].explain()
    assert index in plan
    assert "Sort" not in plan
    assert "Filter: (school_id" not in plan


def test_internships_are_walked_in_their_order_without_being_read() -> None:
    """Those of somebody by name are found among all of them: who they are of stands in the index."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = Internship.objects.order_by("-starts_on", "-pk").values_list("pk", "trainee_id")[:101].explain()
    assert "Index Only Scan using internship_latest_anywhere" in plan
    assert "Sort" not in plan
