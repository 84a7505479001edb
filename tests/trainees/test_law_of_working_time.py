"""Sixty timetables and more, lawful and not, adult and minor: the rule that decides, for the engine and for the database alike."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.timetables import MONDAY, full_weeks, timetable
from tests.factories.trainees import host, limits, site_of
from trainees.law.first_values import values
from trainees.law.pmsmp import Period, check_pmsmp
from trainees.law.public_holidays import holidays_of
from trainees.law.timetable import Stint
from trainees.law.working_time import Setting, check_timetable
from trainees.models import Internship, Pathway, ScheduleDay, Trainee
from trainees.models.people import age_on

ADULT, MINOR = date(2006, 5, 20), date(2009, 7, 14)
# Eighteen on the Wednesday, on the Thursday, on the Monday and on the Tuesday of the week.
ON_WEDNESDAY, ON_THURSDAY, ON_MONDAY = date(2008, 11, 18), date(2008, 11, 19), date(2008, 11, 16)
ON_TUESDAY = date(2008, 11, 17)
SIXTEEN_ON_WEDNESDAY = date(2010, 11, 18)
LAWFUL = ""


@dataclass(frozen=True)
class Case:
    born: date
    text: str
    rule: str
    monday: date = MONDAY

    def __str__(self) -> str:
        return f"{self.text} ({self.born})"

    @property
    def stints(self) -> list[Stint]:
        return timetable(self.text, self.monday)


CASES = [
    # Adults: length of the day, 10 h, in one place or two.
    Case(ADULT, "L-V 9-12,13-17", LAWFUL),
    Case(ADULT, "L 8-12,13-19", LAWFUL),
    Case(ADULT, "L 8-12,13-19h01", "day_hours"),
    Case(ADULT, "L 8-12,12h30-19", "day_hours"),
    Case(ADULT, "L 8-12 @école ; L 13-19", LAWFUL),
    Case(ADULT, "L 8-12 @école ; L 13-19h30", "day_hours"),
    Case(ADULT, "M,J 7-12,13-18", LAWFUL),
    # School and company at the same hour.
    Case(ADULT, "L 8-12 @école ; L 12-16", "break"),
    Case(ADULT, "L 8-12 @école ; L 12h20-16", LAWFUL),
    Case(ADULT, "L 8-12 @école ; L 11-16", "overlapping_times"),
    Case(ADULT, "L 8-12,13-17 @école ; L 12-13", "break"),
    # Breaks: due when the day reaches six hours, twenty minutes, by the end of the sixth hour.
    Case(ADULT, "L 8-13h59", LAWFUL),
    Case(ADULT, "L 8-14", "break"),
    Case(ADULT, "L 8-13,13h15-16", "break"),
    Case(ADULT, "L 8-13,13h20-16", LAWFUL),
    Case(ADULT, "L 8-14,14h20-15", LAWFUL),
    Case(ADULT, "L 8-14h30,15-16", "break"),
    Case(ADULT, "L 8-9,9h20-15h30", "break"),
    # The week: 35 h, school included, and the six days.
    Case(ADULT, "L-V 9-12,13-17 ; 2L-V 9-12,13-17", LAWFUL),
    Case(ADULT, "L-V 9-12,13-17h01", "week_hours"),
    Case(ADULT, "L-V 9-12,13-17 ; S 9-10", "week_hours"),
    Case(ADULT, "L-J 9-12,13-17 ; V 9-12,13-17 @école", LAWFUL),
    Case(ADULT, "L-J 8-12,13-17 ; V 9-12,13-17 @école", "week_hours"),
    Case(ADULT, "L-J 8-12,13h15-18", LAWFUL),
    Case(ADULT, "L-S 9-12,13-15h50", LAWFUL),
    Case(ADULT, "M-S 9-12,13-17", LAWFUL),
    Case(ADULT, "J-S 9-12,13-19 ; 2L-J 9-12,13-17", LAWFUL),
    # Sundays and public holidays.
    Case(ADULT, "D 9-12", "sunday"),
    Case(ADULT, "L-J 9-12,13-17 ; D 9-12,13-17", "sunday"),
    Case(ADULT, "S 9-12,13-17", "labour_day", date(2027, 4, 26)),
    Case(ADULT, "X 9-12,13-17", "holiday", date(2026, 11, 9)),
    Case(ADULT, "L,M,J,V 9-12,13-17", LAWFUL, date(2026, 11, 9)),
    Case(ADULT, "L 9-12", "holiday", date(2027, 3, 29)),  # Easter Monday
    Case(ADULT, "J 9-12", "holiday", date(2027, 5, 3)),  # Ascension Day
    Case(ADULT, "L 9-12", "holiday", date(2027, 5, 17)),  # Whit Monday
    Case(ADULT, "V 9-12", "holiday", date(2026, 12, 21)),
    Case(ADULT, "J 9-12 ; S 9-12", LAWFUL, date(2026, 12, 21)),
    # Rest between two days: eleven hours.
    Case(ADULT, "L 14-18,18h30-22 ; M 9-12", LAWFUL),
    Case(ADULT, "L 14-18,18h30-22h01 ; M 9-12", "daily_rest"),
    Case(ADULT, "L 14-18,18h30-23 ; X 6-9", LAWFUL),
    Case(ADULT, "L 16-20,20h30-23 ; M 9-12 @école", "daily_rest"),
    Case(ADULT, "S 14-18,18h30-23 ; 2L 6-9", LAWFUL),
    Case(ADULT, "L 3-8", LAWFUL),
    # Minors: eight hours a day, thirty-five a week.
    Case(MINOR, "L-V 9-12,13-17", LAWFUL),
    Case(MINOR, "L 8-12,13-17", LAWFUL),
    Case(MINOR, "L 8-12,13-17h01", "minor_day_hours"),
    Case(MINOR, "L 8-12 @école ; L 13-18", "minor_day_hours"),
    Case(MINOR, "L-J 8-12,13-17 ; V 9-13", "minor_week_hours"),
    Case(MINOR, "L-J 8-12,13-17 ; V 9-12", LAWFUL),
    Case(MINOR, "L-J 9-12,13-17 ; V 9-12,13-17h30 @école", "minor_week_hours"),
    # Minors: no more than 4 h 30 without thirty minutes.
    Case(MINOR, "L 8-12h30", LAWFUL),
    Case(MINOR, "L 8-12h31", "minor_break"),
    Case(MINOR, "L 8-12,12h20-14", "minor_break"),
    Case(MINOR, "L 8-12,12h30-15", LAWFUL),
    Case(MINOR, "L 8-9,9h30-14h15", "minor_break"),
    Case(MINOR, "L 8-12 @école ; L 12h30-16", LAWFUL),
    # Minors: the night, from 22 h to 6 h; the rest of twelve hours.
    Case(MINOR, "L 6-10", LAWFUL),
    Case(MINOR, "L 5h59-10", "minor_night"),
    Case(MINOR, "L 18-22", LAWFUL),
    Case(MINOR, "L 18-22h15", "minor_night"),
    Case(MINOR, "L 18-21 ; M 9-12", LAWFUL),
    Case(MINOR, "L 18-21h30 ; M 9-12", "minor_daily_rest"),
    Case(MINOR, "L 18-21h30 @école ; M 9-12", "minor_daily_rest"),
    # Minors: two days of rest in a row, Sunday with Saturday or with Monday, or two others.
    Case(MINOR, "M-S 9-12,13-16h30", LAWFUL),
    Case(MINOR, "L-S 9-12,13-15", "minor_rest_days"),
    Case(MINOR, "L,J,V,S 9-12,13-16", LAWFUL),
    Case(MINOR, "L,M,J,S 9-12,13-16", "minor_rest_days"),
    Case(MINOR, "L-V 9-12 ; S 9-12 @école", "minor_rest_days"),
    Case(MINOR, "D 9-12", "sunday"),
    Case(MINOR, "X 9-12,13-17", "minor_holiday", date(2026, 11, 9)),
    Case(MINOR, "S 9-12", "labour_day", date(2027, 4, 26)),
    # Sixteen, then eighteen, in the middle of the week.
    Case(SIXTEEN_ON_WEDNESDAY, "X-V 9-12,13-17", LAWFUL),
    Case(SIXTEEN_ON_WEDNESDAY, "M 9-12", "too_young"),
    Case(SIXTEEN_ON_WEDNESDAY, "M 9-12 @école ; X 9-12", LAWFUL),
    Case(ON_WEDNESDAY, "M 9-12,13-17 ; X 9-12,13-19", LAWFUL),
    Case(ON_WEDNESDAY, "M 8-12,13-18 ; X 9-12,13-17", "minor_day_hours"),
    Case(ON_THURSDAY, "X 18-22h30", "minor_night"),
    Case(ON_THURSDAY, "J 18-22h30", LAWFUL),
    Case(ON_TUESDAY, "L 18-21h30 ; M 9-12", "minor_daily_rest"),
    Case(ON_MONDAY, "L 18-21h30 ; M 9-12", LAWFUL),
    Case(ON_WEDNESDAY, "L-S 9-12,13-15", "minor_rest_days"),
    Case(ON_MONDAY, "L-S 9-12,13-15", LAWFUL),
    Case(ON_TUESDAY, "2L-S 9-12,13-15", LAWFUL),
    Case(date(2008, 2, 29), "J 8-12,13-18", LAWFUL, date(2026, 3, 2)),
]
LIMITS = {key: value for key, value, *_ in values()}


def setting(born: date) -> Setting:
    years = (2026, 2027)
    holidays = {day: name for year in years for day, name in holidays_of(year).items()}
    return Setting(lambda day: age_on(born, day), lambda day: LIMITS, holidays)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60
    assert len({str(case) for case in CASES}) >= 60


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_that_decides(case: Case) -> None:
    findings = check_timetable(case.stints, setting(case.born))
    assert [finding.rule for finding in findings[:1]] == [case.rule] * bool(case.rule), findings
    for finding in findings:
        assert "code du travail" in finding.source
        assert finding.days


@pytest.fixture
def pathway(school: School, coordinator: User) -> Pathway:
    limits()
    trainee = Trainee.objects.create(
        school=school, last_name="Pons", first_name="Léa", birth_date=ADULT, created_by=coordinator
    )
    return Pathway.objects.create(
        trainee=trainee, school=school, site=site_of(school), entered_on=date(2026, 2, 1), trial_ends_on=date(2026, 3, 1),
        planned_ends_on=date(2027, 12, 31), created_by=coordinator,
    )  # fmt: skip


def written(pathway: Pathway, stints: list[Stint], **facts: object) -> Internship:
    """Write an internship and its days as they are: no operation stands before the database."""
    days = sorted(stint.day for stint in stints)
    known = {
        "trainee": pathway.trainee, "school": pathway.school, "pathway": pathway, "kind": "discovery",
        "starts_on": days[0], "ends_on": days[-1], "created_by": pathway.created_by,
    } | facts  # fmt: skip
    known.setdefault("establishment", None)
    internship = Internship.objects.create(**(known | {"establishment": known["establishment"] or host()}))
    ScheduleDay.objects.bulk_create(
        ScheduleDay(
            internship=internship, day=one.day, place=one.place, starts_at=one.starts_at, ends_at=one.ends_at,
            break_starts_at=one.break_starts_at, break_ends_at=one.break_ends_at,
        )
        for one in stints
    )  # fmt: skip
    return internship


def refused_by_the_database(pathway: Pathway, stints: list[Stint], **facts: object) -> str:
    """Return the rule that the database refuses these days by, empty when it takes them; nothing stays written."""
    try:
        with transaction.atomic():
            written(pathway, stints, **facts)
            transaction.set_rollback(True)
    except IntegrityError as error:
        told = error.__cause__.diag
        return "sunday" if told.constraint_name == "schedule_never_on_sunday" else told.message_detail
    return LAWFUL


@pytest.mark.django_db
def test_the_database_decides_by_the_same_rules(pathway: Pathway) -> None:
    place, found = host(), {}
    for case in CASES:
        Trainee.objects.filter(pk=pathway.trainee_id).update(birth_date=case.born)
        found[str(case)] = refused_by_the_database(pathway, case.stints, establishment=place)
    assert {name: rule for name, rule in found.items() if rule} == {str(case): case.rule for case in CASES if case.rule}


@pytest.mark.django_db
def test_the_week_counts_two_internships(pathway: Pathway) -> None:
    first = timetable("L-X 8-12,13-18")
    written(pathway, first)
    assert refused_by_the_database(pathway, timetable("J 9-13,14-18")) == LAWFUL
    assert refused_by_the_database(pathway, timetable("J 9-13,14-18 ; V 9-10")) == "week_hours"


@pytest.mark.django_db
def test_a_change_of_one_line_is_checked_too(pathway: Pathway) -> None:
    internship = written(pathway, timetable("L-V 9-12,13-17"))
    with pytest.raises(IntegrityError, match="trop d’heures la semaine"), transaction.atomic():
        ScheduleDay.objects.filter(internship=internship, day=MONDAY).update(ends_at=time(18))


def test_the_engine_counts_what_is_around_and_blames_only_its_own() -> None:
    around = [Stint(one.day, one.starts_at, one.ends_at, own=False) for one in timetable("L-X 3-15")]
    findings = check_timetable([*around, *timetable("V 9-12")], setting(ADULT))
    assert [finding.rule for finding in findings] == ["week_hours"]


@pytest.mark.django_db
def test_the_database_knows_the_public_holidays() -> None:
    # From 2005 to 2007 the library leaves out Whit Monday, the « day of solidarity » of those years.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d::date FROM generate_series('2008-01-01'::date, '2100-12-31', '1 day') d WHERE trainees_is_holiday(d::date)"
        )
        known = [row[0] for row in cursor.fetchall()]
    assert known == [day for year in range(2008, 2101) for day in holidays_of(year)]


PMSMP = {"regime": "pmsmp", "delegation_reference": "D-1", "prescribing_structure": "Mission locale"}
PERIODS = [
    # this one, the others (host, first day, last day), and the rule
    ((1, date(2026, 11, 2), date(2026, 12, 1)), [], LAWFUL),
    ((1, date(2026, 11, 2), date(2026, 12, 2)), [], "pmsmp_length"),
    ((1, date(2027, 1, 29), date(2027, 2, 28)), [], "pmsmp_length"),
    ((1, date(2027, 1, 29), date(2027, 2, 27)), [], LAWFUL),
    ((1, date(2026, 11, 2), date(2026, 11, 6)), [(1, date(2026, 3, 2), date(2026, 3, 6))], LAWFUL),
    (
        (1, date(2026, 11, 2), date(2026, 11, 6)),
        [(1, date(2026, 3, 2), date(2026, 3, 6)), (1, date(2026, 5, 4), date(2026, 5, 7))],
        "pmsmp_host",
    ),
    (
        (2, date(2026, 11, 2), date(2026, 11, 6)),
        [(1, date(2026, 3, 2), date(2026, 3, 6)), (1, date(2026, 5, 4), date(2026, 5, 7))],
        LAWFUL,
    ),
    (
        (1, date(2027, 3, 2), date(2027, 3, 5)),
        [(1, date(2026, 3, 2), date(2026, 3, 6)), (1, date(2026, 5, 4), date(2026, 5, 7))],
        LAWFUL,
    ),
    (
        (3, date(2026, 11, 2), date(2026, 11, 29)),
        [(1, date(2026, 3, 2), date(2026, 3, 31)), (2, date(2026, 5, 4), date(2026, 5, 5))],
        LAWFUL,
    ),
    (
        (3, date(2026, 11, 2), date(2026, 11, 29)),
        [(1, date(2026, 3, 2), date(2026, 3, 31)), (2, date(2026, 5, 4), date(2026, 5, 6))],
        "pmsmp_days",
    ),
]


@pytest.mark.parametrize(("this", "others", "rule"), PERIODS)
def test_the_limits_of_a_pmsmp(this: tuple, others: list[tuple], rule: str) -> None:
    limits_by_key: dict[str, Decimal] = dict(LIMITS)
    findings = check_pmsmp(Period(*this), [Period(*one) for one in others], limits_by_key)
    assert [finding.rule for finding in findings] == [rule] * bool(rule)


@pytest.mark.django_db
@pytest.mark.parametrize(("this", "others", "rule"), PERIODS)
def test_the_database_holds_the_limits_of_a_pmsmp(
    pathway: Pathway, this: tuple, others: list[tuple], rule: str
) -> None:
    places = {number: host() for number in (1, 2, 3)}
    for number, first, last in others:
        Internship.objects.create(**_pmsmp(pathway, places[number], first, last))
    try:
        with transaction.atomic():
            Internship.objects.create(**_pmsmp(pathway, places[this[0]], this[1], this[2]))
        found = LAWFUL
    except IntegrityError as error:
        found = error.__cause__.diag.message_detail
    assert found == rule


def _pmsmp(pathway: Pathway, place: object, first: date, last: date) -> dict:
    return PMSMP | {
        "trainee": pathway.trainee, "school": pathway.school, "pathway": pathway, "kind": "discovery", "establishment": place,
        "starts_on": first, "ends_on": last, "created_by": pathway.created_by,
    }  # fmt: skip


def test_weeks_are_spread_without_holidays() -> None:
    stints = full_weeks(MONDAY, MONDAY + timedelta(days=13))
    assert [len(stints), sum(one.minutes for one in stints)] == [10, 10 * 7 * 60]
