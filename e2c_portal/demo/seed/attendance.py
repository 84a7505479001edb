"""Presences of the school of Nîmes: last month noted, frozen and to be sealed, this month until yesterday, an accident to declare.

Takes the trainees under way in that school; makes a handful of fictitious ones when the demonstration has none.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.demo.personas import persona_named
from e2c_portal.demo.seed.people import acting_officer
from partnerships.models import Company, CompanyContact, Establishment
from partnerships.operations.companies import save_record
from schools.models import School
from trainees.law.first_values import values
from trainees.life.internships import INTERNSHIP_LIFE
from trainees.models import (
    AccidentReport,
    AttendanceHalfDay,
    Internship,
    LegalParameter,
    MonthlyAttendanceStatement,
    Pathway,
    ScheduleDay,
    Trainee,
)
from trainees.models.attendance import Half, Presence
from trainees.operations.accidents import open_accident
from trainees.operations.moving import save_or_refuse, write_move
from trainees.operations.pathways import move_pathway, open_pathway
from trainees.operations.people import register_trainee
from trainees.operations.presence import Entry, Justification, justify, save_entries
from trainees.operations.statements import freeze_month
from trainees.reads.attendance import noted_between, pathways_on
from trainees.reads.expected import Expected, calendar_of, days_between
from trainees.reads.statements import last_day_of

CITY, COORDINATOR = "Nîmes", "sofia-roux"
PEOPLE = (
    ("Léa", "Exemple", date(2006, 3, 14)), ("Yanis", "Modèle", date(2005, 11, 2)), ("Inès", "Fictive", date(2007, 6, 21)),
    ("Théo", "Specimen", date(2006, 8, 9)), ("Maëlle", "Essai", date(2005, 1, 30)), ("Samir", "Prototype", date(2007, 2, 17)),
)  # fmt: skip
COMPANY = "Boulangerie des Arènes (exemple)"
DAYS_BEFORE, DAYS_AFTER = 110, 120
# Every so many half-days, in the order of days and people, something else than a presence.
ABSENT_EVERY, LATE_EVERY, LEAVE_EVERY = 29, 23, 41


def load_attendance() -> int:
    """Note the presences of last month and freeze it, unless it was. Returns how many months were frozen."""
    school = School.objects.filter(sites__city=CITY).distinct().get()
    persona = persona_named(COORDINATOR)
    actor = User.objects.get(email__iexact=persona.email if persona else "")
    month = _month_before(timezone.localdate())
    before = MonthlyAttendanceStatement.objects.count()
    _limits()
    if not list(pathways_on(school.pk, month, last_day_of(month))):
        _make_people(school, actor)
    if not MonthlyAttendanceStatement.objects.filter(school=school, month=month).exists():
        _note(school, month, last_day_of(month), actor, decided=True)
        freeze_month(school, month, actor)
    _note(school, timezone.localdate().replace(day=1), timezone.localdate() - timedelta(days=1), actor, decided=False)
    _accident(school, actor)
    return MonthlyAttendanceStatement.objects.count() - before


def _limits() -> None:
    """Write the legal limits again when a database was emptied of them (by tests): migrations write them once."""
    if not LegalParameter.objects.exists():
        LegalParameter.objects.bulk_create(
            LegalParameter(key=key, value=value, starts_on=first, ends_on=last, source=source)
            for key, value, first, last, source in values()
        )


def frozen_statement() -> MonthlyAttendanceStatement | None:
    """Return the statement that the demonstration froze, None before it did."""
    rows = MonthlyAttendanceStatement.objects.filter(school__sites__city=CITY, status__in=["frozen", "sent"])
    return rows.order_by("-month", "-version").first()


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


@transaction.atomic
def _make_people(school: School, actor: User) -> None:
    """Open the pathways of a handful of fictitious people, one of whom goes to a company for two weeks of last month."""
    today, site = timezone.localdate(), school.sites.filter(city=CITY).order_by("pk")[0]
    entered = today - timedelta(days=DAYS_BEFORE)
    made = []
    for first_name, last_name, born in PEOPLE:
        trainee = register_trainee(
            Trainee(school=school, first_name=first_name, last_name=last_name, birth_date=born, city=CITY), actor
        )
        pathway = Pathway(
            trainee=trainee, site=site, entered_on=entered, trial_ends_on=entered + timedelta(days=30),
            planned_ends_on=today + timedelta(days=DAYS_AFTER), referent=actor, funding="Région",
        )  # fmt: skip
        made.append(move_pathway(open_pathway(pathway, actor).pk, "arrive", actor))
    _stay(made[0], _month_before(today) + timedelta(days=7), actor)


def _stay(pathway: Pathway, first: date, actor: User) -> None:
    """Send somebody to a company for two weeks from the Monday after a day."""
    monday = first + timedelta(days=-first.weekday() % 7)
    host = _host(acting_officer())
    internship = Internship(
        trainee=pathway.trainee, school=pathway.school, pathway=pathway, establishment=host, referent=actor, created_by=actor,
        tutor=CompanyContact.objects.filter(establishment=host).first(), kind=Internship.Kind.DISCOVERY, starts_on=monday,
        ends_on=monday + timedelta(days=11),
    )  # fmt: skip
    save_or_refuse(internship)
    for week in (0, 7):
        for day in range(5):
            ScheduleDay.objects.create(
                internship=internship, day=monday + timedelta(days=week + day), starts_at=time(6), ends_at=time(13),
                break_starts_at=time(9, 30), break_ends_at=time(10),
            )  # fmt: skip
    write_move(internship, INTERNSHIP_LIFE, INTERNSHIP_LIFE.move("accept"), actor)


def _host(actor: User) -> Establishment:
    company = Company.objects.filter(legal_name=COMPANY).first() or save_record(Company(legal_name=COMPANY), actor)
    place = Establishment.objects.filter(company=company).first()
    if place is None:
        place = save_record(Establishment(company=company, name=COMPANY, is_head_office=True, city=CITY), actor)
        contact = CompanyContact(
            company=company, establishment=place, full_name="Paul Tuteur (exemple)", job_title="Boulanger",
            email="paul.tuteur@exemple.invalid",
        )  # fmt: skip
        save_record(contact, actor)
    return place


@transaction.atomic
def _note(school: School, first: date, last: date, actor: User, *, decided: bool) -> None:
    """Note every half-day expected and not noted yet; `decided` says of each absence whether it is justified."""
    if last < first:
        return
    save_entries(school, list(_entries(school, first, last)), actor)
    absences = AttendanceHalfDay.objects.filter(
        school=school, day__range=(first, last), state=Presence.ABSENT, justified=None
    )
    for number, row in enumerate(absences.order_by("day", "pk")):
        if decided:
            justify(
                row.pk,
                Justification(number % 2 == 0, "Rendez-vous à la mission locale" if number % 2 == 0 else ""),
                row.revision,
                actor,
            )


def _entries(school: School, first: date, last: date) -> Iterator[Entry]:
    pathways = {row.pk: row for row in pathways_on(school.pk, first, last)}
    calendar, noted = (
        calendar_of(school.pk, school.department, pathways, first, last),
        noted_between(pathways, first, last),
    )
    number = 0
    for day in days_between(first, last):
        for pathway in pathways.values():
            for half in Half.values:
                if (pathway.pk, day, half) not in noted and isinstance(calendar.on(pathway, day, half), Expected):
                    number += 1
                    state = _state(number)
                    yield Entry(pathway.pk, day, half, state, late_minutes=15 if state == Presence.LATE else None)


def _state(number: int) -> Presence:
    for every, state in ((LEAVE_EVERY, Presence.LEAVE), (ABSENT_EVERY, Presence.ABSENT), (LATE_EVERY, Presence.LATE)):
        if number % every == 0:
            return state
    return Presence.PRESENT


def _accident(school: School, actor: User) -> None:
    """Open the file of an accident known this morning, unless there is one."""
    if AccidentReport.objects.filter(school=school).exists():
        return
    pathway = pathways_on(school.pk, timezone.localdate(), timezone.localdate()).last()
    if pathway is None:
        return
    known = timezone.now() - timedelta(hours=3)
    open_accident(
        AccidentReport(
            pathway=pathway, school=school, trainee=pathway.trainee, place=AccidentReport.Place.SCHOOL, place_words="Escalier du premier étage",
            occurred_at=known - timedelta(minutes=20), victim_told_at=known - timedelta(minutes=15), known_at=known,
            circumstances="A manqué une marche en descendant à la pause.", injuries="Cheville gonflée.",
        ),
        actor,
    )  # fmt: skip
