"""Presence by half-day: what is expected, what the operation and the database refuse, two people at once."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.received_files import Upload
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from schools.models import School
from tests.factories.attendance import MONDAY, TUESDAY, fill, note, stay, under_way
from tests.factories.network import member_of
from trainees.law.timetable import USUAL_WEEK, Slot
from trainees.models import (
    AbsenceProof,
    AttendanceHalfDay,
    ScheduleDay,
    SchoolClosure,
    SchoolWeek,
    SchoolWeekDay,
    Suspension,
)
from trainees.operations.presence import Entry, Justification, justify, save_entries
from trainees.operations.school_days import set_week
from trainees.reads.attendance import attendance_events, mark_of
from trainees.reads.expected import Expected, NotExpected, calendar_of, parts_of

pytestmark = pytest.mark.django_db
PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.mark.parametrize(
    ("hours", "halves"),
    [
        ((time(9), time(17), time(12), time(13)), {"am": 180, "pm": 240}),
        ((time(8), time(12), None, None), {"am": 240}),
        ((time(14), time(20), time(17), time(17, 20)), {"pm": 340}),
        ((time(7), time(15), time(9), time(9, 20)), {"am": 340, "pm": 120}),
        ((time(6), time(14), time(10), time(10, 30)), {"am": 390, "pm": 60}),
        ((time(13), time(18), None, None), {"pm": 300}),
    ],
)
def test_a_day_of_schedule_has_its_halves(hours: tuple[time, ...], halves: dict[str, int]) -> None:
    starts, ends, pause, pause_ends = hours
    day = ScheduleDay(day=MONDAY, starts_at=starts, ends_at=ends, break_starts_at=pause, break_ends_at=pause_ends)
    assert parts_of(day) == halves
    assert sum(halves.values()) == day.minutes


def test_what_is_expected_of_each_day(school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator)
    stay(pathway, coordinator, date(2026, 9, 14), date(2026, 9, 25), (date(2026, 9, 14), date(2026, 9, 19)))
    Suspension.objects.create(
        pathway=pathway, starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 9), reason="Déménagement"
    )
    SchoolClosure.objects.create(
        school=school, starts_on=date(2026, 10, 19), ends_on=date(2026, 10, 23), label="Congés", recorded_by=coordinator
    )
    set_week(
        school, date(2026, 11, 1), USUAL_WEEK | {4: Slot(time(9), time(12)), 5: Slot(time(9), time(11))}, coordinator
    )
    calendar = calendar_of(school.pk, "34", [pathway.pk], date(2026, 8, 1), date(2026, 11, 30))

    def told(day: date, half: str = "am") -> str:
        answer = calendar.on(pathway, day, half)
        return f"{answer.place} {answer.minutes}" if isinstance(answer, Expected) else answer.why

    assert told(date(2026, 8, 31)) == "hors parcours"
    assert told(MONDAY) == "school 180"
    assert told(MONDAY, "pm") == "school 240"
    assert told(date(2026, 9, 12)) == "week-end"
    assert told(date(2026, 9, 14), "pm") == "company 240"
    assert told(date(2026, 9, 15)) == "pas d’horaire de stage"
    assert told(date(2026, 9, 19)) == "company 180", "a Saturday of the schedule"
    assert told(date(2026, 10, 6)) == "parcours suspendu"
    assert told(date(2026, 10, 20)) == "école fermée : Congés"
    assert told(date(2026, 11, 11)) == "férié : Armistice"
    assert told(date(2026, 11, 6), "pm") == "pas de cours"
    assert told(date(2026, 11, 6)) == "school 180"
    assert told(date(2026, 11, 7)) == "school 120", "a school open on Saturdays"
    assert told(date(2026, 11, 7), "pm") == "pas de cours"
    assert told(date(2026, 11, 8)) == "week-end"


class TestWeek:
    """The week of a school: who says it, what is refused, and that it is written once, with all its days."""

    WEEK = USUAL_WEEK | {4: Slot(time(9), time(12))}

    def test_it_is_said_by_those_who_lead_the_school(self, school: School, officer: User, other_school: School) -> None:
        for role, where in (("referent", school), ("company_relations", school), ("coordinator", other_school)):
            with pytest.raises(NotAllowed, match="tenus par sa direction"):
                set_week(school, MONDAY, self.WEEK, member_of(where, officer, role=role))
        assert not SchoolWeek.objects.exists()

    @pytest.mark.parametrize(
        ("hours", "told"),
        [
            ({}, "au moins un jour"),
            ({0: Slot(time(8), time(19, 30), time(12), time(13))}, "par jour"),
            ({0: Slot(time(8), time(15))}, "pause"),
            (dict.fromkeys(range(5), Slot(time(9), time(17, 30), time(12), time(13))), "par semaine"),
            ({6: Slot(time(9), time(12))}, "dimanche"),
        ],
    )
    def test_what_is_refused(self, school: School, coordinator: User, hours: dict[int, Slot], told: str) -> None:
        with pytest.raises(Refused) as refusal:
            set_week(school, MONDAY, hours, coordinator)
        assert told in " ".join([refusal.value.message, *refusal.value.details])
        assert not SchoolWeek.objects.exists()

    @pytest.mark.parametrize("day", [date(1026, 9, 7), date(9999, 12, 31)])
    def test_a_day_of_another_century(self, school: School, coordinator: User, day: date) -> None:
        with pytest.raises(Refused) as refusal:
            set_week(school, day, self.WEEK, coordinator)
        assert "entre 2000 et 2099" in refusal.value.details[0]

    def test_said_twice_it_is_written_once_and_never_changed(self, school: School, coordinator: User) -> None:
        week = set_week(school, MONDAY, self.WEEK, coordinator)
        assert week.minutes == 31 * 60
        assert set_week(school, MONDAY, self.WEEK, coordinator) == week
        with pytest.raises(Refused) as refusal:
            set_week(school, MONDAY, USUAL_WEEK, coordinator)
        assert "déjà notée à partir de ce jour" in refusal.value.details[0]
        for rows, change in ((SchoolWeek.objects, {"minutes": 60}), (SchoolWeekDay.objects, {"ends_at": time(18)})):
            with pytest.raises(IntegrityError, match="inaltérable"), transaction.atomic():
                rows.update(**change)

    def test_no_day_is_added_to_it_and_none_is_missing(self, school: School, coordinator: User) -> None:
        week = set_week(school, MONDAY, self.WEEK, coordinator)
        _ask_at_once()
        alone = SchoolWeek(school=school, starts_on=TUESDAY, minutes=0, recorded_by=coordinator)
        for row in (SchoolWeekDay(week=week, weekday=5, starts_at=time(9), ends_at=time(12)), alone):
            with pytest.raises(IntegrityError, match="avec tous ses jours"), transaction.atomic():
                _write(row)


def _write(row: Model) -> None:
    """Write a row past the operation, and ask now what the database asks at commit."""
    row.save()
    _ask_at_once()


def _ask_at_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_presence_in_company_is_of_its_internship(school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator)
    internship = stay(pathway, coordinator, MONDAY, TUESDAY, (MONDAY, TUESDAY))
    assert not internship.was_attended()
    note(pathway, coordinator, MONDAY, state="late", late_minutes=20)
    row = AttendanceHalfDay.objects.get()
    assert (row.place, row.internship, row.minutes, row.done_minutes) == ("company", internship, 180, 160)
    assert internship.was_attended()


def test_only_the_team_of_the_school_notes(
    school: School, other_school: School, coordinator: User, officer: User, auditor: User
) -> None:
    pathway = under_way(school, coordinator)
    for person in (auditor, officer, member_of(other_school, officer)):
        with pytest.raises(NotAllowed):
            note(pathway, person, MONDAY)
    assert not AttendanceHalfDay.objects.exists()


def test_entries_of_another_school_are_left_out(
    school: School, other_school: School, coordinator: User, officer: User
) -> None:
    theirs = under_way(other_school, member_of(other_school, officer))
    saved = save_entries(school, [Entry(theirs.pk, MONDAY, "am", "present")], coordinator)
    assert saved.written == 0
    assert not AttendanceHalfDay.objects.exists()


def test_nothing_is_noted_ahead_nor_where_nobody_is_expected(school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator)
    with pytest.raises(Refused, match="à l’avance"):
        note(pathway, coordinator, timezone.localdate() + timedelta(days=1))
    saved = note(pathway, coordinator, date(2026, 9, 13))
    assert list(saved.refused.values()) == ["Personne n’est attendu : week-end."]


def test_two_people_at_once_lose_nothing(school: School, coordinator: User, officer: User) -> None:
    first, second, colleague = (
        under_way(school, coordinator),
        under_way(school, coordinator),
        member_of(school, officer),
    )
    # Both have the empty page; the first one saves a row, the second one another and the same otherwise.
    note(first, coordinator, MONDAY, state="present")
    saved = save_entries(
        school,
        [
            Entry(first.pk, MONDAY, "am", "absent"),  # changed by both: refused by itself
            Entry(first.pk, MONDAY, "pm", ""),  # untouched
            Entry(second.pk, MONDAY, "am", "late"),
        ],
        colleague,
    )
    assert saved.written == 1
    assert "c’est maintenant « présent »" in saved.refused[first.pk, MONDAY, "am"]
    assert {row.trainee_id: row.state for row in AttendanceHalfDay.objects.all()} == {
        first.trainee_id: "present", second.trainee_id: "late",
    }  # fmt: skip


def test_the_same_choice_by_both_is_no_conflict(school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator)
    note(pathway, coordinator, MONDAY)
    saved = save_entries(school, [Entry(pathway.pk, MONDAY, "am", "present")], coordinator)
    assert (saved.written, saved.refused) == (0, {})


def test_a_page_without_minutes_keeps_them(school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator)
    note(pathway, coordinator, MONDAY, state="late", late_minutes=15)
    row = AttendanceHalfDay.objects.get()
    assert save_entries(school, [Entry(pathway.pk, MONDAY, "am", "late", mark_of(row))], coordinator).written == 0
    note(pathway, coordinator, MONDAY, state="late", late_minutes=0)
    row.refresh_from_db()
    assert row.late_minutes is None


def test_what_is_noted_may_be_erased(school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator)
    note(pathway, coordinator, MONDAY)
    assert note(pathway, coordinator, MONDAY, state="").written == 1
    assert not AttendanceHalfDay.objects.exists()


def test_saving_asks_as_much_for_two_as_for_six(school: School, coordinator: User) -> None:
    few = [under_way(school, coordinator) for _ in range(2)]
    many = [under_way(school, coordinator) for _ in range(6)]
    counts = []
    for pathways in (few, many):
        with CaptureQueriesContext(connection) as asked:
            save_entries(
                school,
                [Entry(row.pk, MONDAY, half, "present") for row in pathways for half in ("am", "pm")],
                coordinator,
            )
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_absence_is_justified_with_its_paper(school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator)
    fill(pathway, coordinator, MONDAY, TUESDAY, "absent")
    rows = list(AttendanceHalfDay.objects.order_by("day", "half"))
    with pytest.raises(Refused, match="motif"):
        justify(rows[0].pk, Justification(True), 1, coordinator)
    with pytest.raises(Refused, match="ni un PDF"):
        justify(rows[0].pk, Justification(True, "Rendez-vous", Upload(b"<html>")), 1, coordinator)
    covered = justify(rows[0].pk, Justification(True, "Arrêt maladie", Upload(PHOTO), (rows[1].pk,)), 1, coordinator)
    assert [row.pk for row in covered] == [rows[0].pk, rows[1].pk]
    assert AbsenceProof.objects.get().half_days.count() == 2
    with pytest.raises(Overtaken):
        justify(rows[0].pk, Justification(False), 1, coordinator)
    note(pathway, coordinator, MONDAY, state="present")
    changed = AttendanceHalfDay.objects.get(pk=rows[0].pk)
    assert (changed.justified, changed.reason, changed.proof) == (None, "", None)
    assert [event.title for event in attendance_events(pathway.trainee)][:1] == ["Absence à justifier, après-midi"]


def test_a_social_security_number_is_refused(school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator)
    note(pathway, coordinator, MONDAY, state="absent")
    with pytest.raises(Refused) as refusal:
        justify(AttendanceHalfDay.objects.get().pk, Justification(True, "n° 2 06 01 34 172 123 45"), 1, coordinator)
    assert "sécurité sociale" in " ".join(refusal.value.details)


RAW = [
    ("day = '2026-08-31'", "en dehors du parcours"),
    ("day = (now() + interval '2 days')::date", "à l’avance"),
    ("place = 'company'", "half_day_in_company"),
    ("justified = false", "half_day_only_an_absence"),
    ("late_minutes = 5", "half_day_minutes_of_a_lateness"),
    ("minutes = 0", "half_day_minutes_possible"),
    ("school_id = school_id + 1", "Ce parcours n’est pas celui"),
    ("half = 'xx'", "half_day_words_known"),
]  # fmt: skip


def test_the_database_refuses_by_itself(school: School, coordinator: User) -> None:
    note(under_way(school, coordinator), coordinator, MONDAY)
    for change, why in RAW:
        with pytest.raises(IntegrityError, match=why), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE trainees_attendancehalfday SET {change}")


def test_pathways_and_suspensions_hold_their_half_days(school: School, coordinator: User) -> None:
    pathway = under_way(school, coordinator)
    note(pathway, coordinator, MONDAY)
    with pytest.raises(IntegrityError, match="en dehors de ces dates"), transaction.atomic():
        type(pathway).objects.filter(pk=pathway.pk).update(entered_on=TUESDAY)
    with pytest.raises(IntegrityError, match="pendant cette suspension"), transaction.atomic():
        Suspension.objects.create(pathway=pathway, starts_on=MONDAY, reason="Essai")
    Suspension.objects.create(pathway=pathway, starts_on=TUESDAY, ends_on=TUESDAY, reason="Essai")
    with pytest.raises(IntegrityError, match="suspendu"), transaction.atomic():
        AttendanceHalfDay.objects.update(day=TUESDAY)
    assert isinstance(
        calendar_of(school.pk, "", [pathway.pk], TUESDAY, TUESDAY).on(pathway, TUESDAY, "am"), NotExpected
    )
