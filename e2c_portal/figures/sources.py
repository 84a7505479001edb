"""The rows that the figures count: one source a kind of row, read for one civil year, as known on a day.

A figure and the list behind it start from the same query, so that they cannot disagree (measures.py adds what each one counts).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from assises.life.registrations import CONFIRMED
from assises.models import Checkpoint, Edition, Registration, Scan
from e2c_portal.figures.models import ErasedHost
from partnerships.models import Company, PartnershipConvention
from partnerships.promise_list import IN_FORCE
from partnerships.situation import situation_expression
from schools.models import School, Site
from trainees.life import certificates as certificate_life
from trainees.life import pathways as pathway_life
from trainees.life import transfers as transfer_life
from trainees.models import (
    AttendanceHalfDay,
    Internship,
    Pathway,
    Referral,
    SkillsCertificate,
    SkillValidation,
    TraineeTransfer,
)
from trainees.models.attendance import THERE, Place
from trainees.reads.situation import really_done

NEVER_BEGUN = (pathway_life.PLANNED, pathway_life.NO_SHOW)


class Years(Func):
    """The completed years between two days (from the second to the first), as the law counts an age."""

    template = "EXTRACT(YEAR FROM age(%(expressions)s))::int"
    output_field = IntegerField()


class Days(Func):
    """The days from one date to another, both included."""

    template = "((%(expressions)s) + 1)"
    arg_joiner = " - "
    output_field = IntegerField()


@dataclass(frozen=True)
class Source:
    """One kind of row. `rows(year, day)` gives those of a civil year, as known on a day (nothing to come is counted).

    `school` names the school of a row, "" for what belongs to the network as a whole; `trainee` the person it is about, "" for
    none. `family` is what the database marks when a row changes (migration 0001), "" for what is always read as it is.
    """

    key: str
    family: str
    rows: Callable[[int, date], QuerySet[Any]]
    school: str = "school_id"
    trainee: str = ""


def bounds(year: int, day: date) -> tuple[date, date]:
    """Return the first day of a year, and its last one as known on a day."""
    return date(year, 1, 1), min(date(year, 12, 31), day)


def moments(year: int) -> tuple[datetime, datetime]:
    """Return when a year begins and when the next one does, by the clock of Paris."""
    first, after = (timezone.make_aware(datetime.combine(date(one, 1, 1), time())) for one in (year, year + 1))
    return first, after


def received(year: int, day: date) -> QuerySet[Pathway]:
    """Return one pathway for each person received in a year: their last one of that year, whatever the school."""
    first, last = bounds(year, day)
    begun = Pathway.objects.exclude(status__in=NEVER_BEGUN).filter(entered_on__lte=last)
    later = begun.filter(trainee=OuterRef("trainee"), entered_on__gt=OuterRef("entered_on"))
    came = Referral.objects.filter(trainee=OuterRef("trainee"), referred_on__lte=OuterRef("entered_on"))
    rows = begun.filter(Q(ended_on=None) | Q(ended_on__gte=first)).filter(~Exists(later.order_by()))
    if first > last:
        return rows.none()
    sent_by = Subquery(came.order_by("-referred_on", "-pk").values("prescriber__kind")[:1])
    age = Years(F("entered_on"), F("trainee__birth_date"))
    return rows.annotate(age=age, sent_by=sent_by)


def entered(year: int, day: date) -> QuerySet[Pathway]:
    """Return the pathways begun in a year."""
    return Pathway.objects.exclude(status__in=NEVER_BEGUN).filter(entered_on__range=bounds(year, day))


def ended(year: int, day: date) -> QuerySet[Pathway]:
    """Return the pathways that ended in a year, those that go on in another school aside."""
    handed = TraineeTransfer.objects.filter(
        trainee=OuterRef("trainee"), from_school=OuterRef("school"), leaves_on=OuterRef("ended_on"), status=transfer_life.ACCEPTED,
    )  # fmt: skip
    rows = Pathway.objects.filter(status__in=pathway_life.ENDED, ended_on__range=bounds(year, day))
    return rows.filter(~Exists(handed)).annotate(length=Days(F("ended_on"), F("entered_on")))


def done(year: int, day: date) -> QuerySet[Internship]:
    """Return the internships begun in a year and really done: the same rule as for the promises of companies."""
    first, last = bounds(year, day)
    rows = really_done(Internship.objects.filter(starts_on__gte=first), last)
    return rows.annotate(length=Days(F("last_day"), F("starts_on")))


def half_days(year: int, day: date) -> QuerySet[AttendanceHalfDay]:
    """Return the half-days of a year on which somebody was there, with the minutes of presence."""
    rows = AttendanceHalfDay.objects.filter(state__in=THERE, day__range=bounds(year, day))
    return rows.annotate(present=F("minutes") - Coalesce(F("late_minutes"), 0))


def validations(year: int, day: date) -> QuerySet[SkillValidation]:
    """Return the skills validated in a year, those withdrawn since aside."""
    first, after = moments(year)
    return SkillValidation.objects.filter(withdrawn_at=None, validated_at__gte=first, validated_at__lt=after)


def certificates(year: int, day: date) -> QuerySet[SkillsCertificate]:
    """Return the attestations first issued in a year: one a pathway, corrections aside, those revoked left out."""
    first, after = moments(year)
    rows = SkillsCertificate.objects.exclude(status=certificate_life.REVOKED)
    return rows.filter(version=1, issued_at__gte=first, issued_at__lt=after)


def registrations(year: int, day: date) -> QuerySet[Registration]:
    """Return who had a place at the Assises of a year, and whether they were counted at a half-day (`came`)."""
    seen = Scan.objects.filter(
        registration=OuterRef("pk"), outcome=Scan.Outcome.OK, voided_at=None, checkpoint__kind=Checkpoint.Kind.HALF_DAY
    )
    counted = Checkpoint.objects.filter(edition=OuterRef("edition"), kind=Checkpoint.Kind.HALF_DAY)
    rows = Registration.objects.filter(edition__year=year, edition__held_on__lte=day).filter(Exists(counted))
    return rows.annotate(came=Exists(seen), placed=Q(status=CONFIRMED))


def counted_editions(year: int, day: date) -> QuerySet[Edition]:
    """Return the Assises of a year at whose door people were counted."""
    counted = Checkpoint.objects.filter(edition=OuterRef("pk"), kind=Checkpoint.Kind.HALF_DAY)
    return Edition.objects.filter(Exists(counted), year=year, held_on__lte=day)


def schools_open(year: int, day: date) -> QuerySet[School]:
    """Return the schools of the network, those known to have opened later aside."""
    return School.objects.filter(Q(opened_year=None) | Q(opened_year__lte=year)).annotate(school_id=F("pk"))


def sites_open(year: int, day: date) -> QuerySet[Site]:
    """Return the sites open at least one day of a year, as far as their years are known."""
    rows = Site.objects.filter(Q(opened_year=None) | Q(opened_year__lte=year))
    return rows.filter(Q(closed_on=None) | Q(closed_on__gte=date(year, 1, 1)))


def conventions(year: int, day: date) -> QuerySet[PartnershipConvention]:
    """Return the partnership conventions in force on the last day of a year, or on the day of the figures."""
    first, last = bounds(year, day)
    rows = PartnershipConvention.objects.alias(on_that_day=situation_expression(last))
    return rows.filter(on_that_day__in=IN_FORCE) if first <= last else rows.none()


def hosts(year: int, day: date) -> QuerySet[Company]:
    """Return the companies that received somebody in a year, in any school; `hosts_of` narrows them to some."""
    return hosts_of(year, day, None)


def hosts_of(year: int, day: date, schools: "frozenset[int] | None") -> QuerySet[Company]:
    """Return the companies that received somebody of these schools in a year (None: of all), even when the file was erased since."""
    stays, gone = done(year, day), ErasedHost.objects.filter(year=year)
    if schools is not None:
        stays, gone = stays.filter(school__in=schools), gone.filter(school__in=schools)
    places = stays.order_by().values("establishment").union(gone.order_by().values("establishment"))
    return Company.objects.filter(establishments__in=places).distinct()


PEOPLE, STAYS, PRESENCE, SKILLS, ATTESTATIONS, ASSISES = (
    "people",
    "stays",
    "presence",
    "skills",
    "attestations",
    "assises",
)
FAMILIES = (PEOPLE, STAYS, PRESENCE, SKILLS, ATTESTATIONS, ASSISES)
SOURCES = {
    source.key: source
    for source in (
        Source("received", PEOPLE, received, trainee="trainee"),
        Source("entered", PEOPLE, entered, trainee="trainee"),
        Source("ended", PEOPLE, ended, trainee="trainee"),
        Source("done", STAYS, done, trainee="trainee"),
        Source("half_days", PRESENCE, half_days, trainee="trainee"),
        Source("validations", SKILLS, validations, trainee="trainee"),
        Source("certificates", ATTESTATIONS, certificates, trainee="trainee"),
        Source("registrations", ASSISES, registrations, trainee="trainee"),
        Source("schools", "", schools_open),
        Source("sites", "", sites_open),
        Source("editions", "", counted_editions, school=""),
        Source("conventions", "", conventions, school=""),
    )
}
IN_COMPANY = Q(place=Place.COMPANY)
