"""Presences of the tests, by the real operations. Days lie in September and October 2026, past for good."""

from datetime import date, time

from django.db import transaction

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.trainees import host, pathway_of, signatory_at, trainee_in, tutor_at
from trainees.life.internships import INTERNSHIP_LIFE
from trainees.models import AttendanceHalfDay, Internship, Pathway, ScheduleDay
from trainees.models.attendance import Half
from trainees.operations.moving import write_move
from trainees.operations.presence import Entry, Saved, save_entries
from trainees.reads.attendance import mark_of
from trainees.reads.expected import Expected, calendar_of, days_between

MONDAY, TUESDAY = date(2026, 9, 7), date(2026, 9, 8)
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
FULL_DAY = (time(9), time(17), time(12), time(13))


def under_way(school: School, actor: User, *, ends_on: date = date(2027, 3, 31), **facts: object) -> Pathway:
    """Return the pathway of a trainee who arrived on 1 September 2026."""
    return pathway_of(trainee_in(school, actor, **facts), actor, ends_on=ends_on)


def stay(
    pathway: Pathway, actor: User, first: date, last: date, days: tuple[date, ...] = (), **facts: object
) -> Internship:
    """Return an internship that its company accepted, with a schedule from nine to five on these days."""
    place = host()
    internship = Internship.objects.create(
        trainee=pathway.trainee, school=pathway.school, pathway=pathway, establishment=place, tutor=tutor_at(place),
        host_signatory=signatory_at(place), referent=actor, kind="discovery", starts_on=first, ends_on=last, created_by=actor,
        **facts,
    )  # fmt: skip
    for day in days:
        starts, ends, pause, pause_ends = FULL_DAY
        ScheduleDay.objects.create(
            internship=internship,
            day=day,
            starts_at=starts,
            ends_at=ends,
            break_starts_at=pause,
            break_ends_at=pause_ends,
        )
    with transaction.atomic():
        write_move(internship, INTERNSHIP_LIFE, INTERNSHIP_LIFE.move("accept"), actor)
    return Internship.objects.get(pk=internship.pk)


def note(pathway: Pathway, actor: User, day: date, half: str = "am", state: str = "present", **more: object) -> Saved:
    """Note a half-day as a page that has just been read."""
    row = AttendanceHalfDay.objects.filter(pathway=pathway, day=day, half=half).first()
    return save_entries(pathway.school, [Entry(pathway.pk, day, half, state, mark_of(row), **more)], actor)  # type: ignore[arg-type]


def fill(pathway: Pathway, actor: User, first: date, last: date, state: str = "present") -> int:
    """Note every half-day expected from one day to another. Returns how many were written."""
    calendar = calendar_of(pathway.school_id, pathway.school.department, [pathway.pk], first, last)
    entries = [
        Entry(pathway.pk, day, half, state)
        for day in days_between(first, last)
        for half in Half.values
        if isinstance(calendar.on(pathway, day, half), Expected)
    ]  # fmt: skip
    return save_entries(pathway.school, entries, actor).written
