"""Pathways and internships around today, for the tests of boards and links."""

from datetime import date, time, timedelta

from django.utils import timezone

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.trainees import host, pathway_of, trainee_in, tutor_at
from trainees.models import Internship, Pathway, ScheduleDay

TODAY = timezone.localdate()


def under_way(school: School, actor: User, **facts: object) -> Pathway:
    """Open a pathway that began a month ago and lasts three more."""
    trainee = trainee_in(school, actor, **facts)
    return pathway_of(trainee, actor, entered_on=TODAY - timedelta(days=30), ends_on=TODAY + timedelta(days=90))


def internship_of(pathway: Pathway, actor: User, first: date, last: date) -> Internship:
    """Write an internship with a schedule day on each weekday, all in the company."""
    place = host()
    row = Internship.objects.create(
        trainee=pathway.trainee, school=pathway.school, pathway=pathway, establishment=place, tutor=tutor_at(place),
        kind=Internship.Kind.DISCOVERY, starts_on=first, ends_on=last, created_by=actor,
    )  # fmt: skip
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    ScheduleDay.objects.bulk_create(
        ScheduleDay(internship=row, day=day, starts_at=time(9), ends_at=time(12)) for day in days if day.weekday() < 5
    )
    return row
