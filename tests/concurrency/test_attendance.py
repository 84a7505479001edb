"""Somebody freezes a month while somebody else writes in it; two people note the same day."""

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Refused
from schools.models import School
from tests.concurrency.together import at_once
from tests.factories.attendance import MONDAY, SEPTEMBER, TUESDAY, fill, under_way
from trainees.models import AttendanceHalfDay, MonthlyAttendanceStatement
from trainees.operations.presence import Entry, Saved, save_entries
from trainees.operations.statements import freeze_month, sha256_of
from trainees.reads.attendance import mark_of
from trainees.reads.statements import month_facts

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_half_day_is_in_the_frozen_month_or_refused(
    transactional_db: None, school: School, coordinator: User
) -> None:
    pathway = under_way(school, coordinator, ends_on=TUESDAY)
    fill(pathway, coordinator, SEPTEMBER, TUESDAY)
    row = AttendanceHalfDay.objects.get(day=MONDAY, half="am")
    entry = Entry(pathway.pk, MONDAY, "am", "leave", mark_of(row))
    frozen, written = at_once([
        lambda: freeze_month(school, SEPTEMBER, coordinator), lambda: save_entries(school, [entry], coordinator),
    ])  # fmt: skip
    assert isinstance(frozen, MonthlyAttendanceStatement)
    assert isinstance(written, Saved | Refused) or "figé" in str(written)
    assert sha256_of(month_facts(school, SEPTEMBER).lines) == frozen.sha256


def test_two_people_note_a_day_once(transactional_db: None, school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator)
    first, second = at_once([
        lambda: save_entries(school, [Entry(pathway.pk, MONDAY, "am", "present")], coordinator),
        lambda: save_entries(school, [Entry(pathway.pk, MONDAY, "am", "absent")], coordinator),
    ])  # fmt: skip
    assert sorted([first.written, second.written]) == [0, 1]
    assert len(first.refused | second.refused) == 1
    assert AttendanceHalfDay.objects.count() == 1
