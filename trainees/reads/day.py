"""What a school needs to know of one day: who is under way, who is in a company, what waits for a signature, what ends.

Every read starts from the schools in scope and from what is open: the board of a day costs the same after ten years.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import subject_of
from e2c_portal.signing.lookups import Waiting, waiting_of
from schools.models import School, Site
from trainees.life import agreements as agreement_life
from trainees.life import internships as internship_life
from trainees.life import pathways as pathway_life
from trainees.models import Internship, InternshipAgreement, Pathway, ScheduleDay
from trainees.models.agreements import AGREEMENT_KIND

SOON = timedelta(days=7)
PATHWAY_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Chosen:
    """What the board is narrowed to: a school, then perhaps one of its sites, or the trainees of one referent."""

    school: School
    site: Site | None = None
    referent: User | None = None

    def pathways(self) -> QuerySet[Pathway]:
        """Return the pathways of the choice."""
        rows = Pathway.objects.filter(school=self.school)
        rows = rows.filter(site=self.site) if self.site else rows
        return rows.filter(referent=self.referent) if self.referent else rows


def open_sites(school: School) -> QuerySet[Site]:
    """Return the sites of a school that receive trainees."""
    return Site.objects.filter(school=school, closed_on=None).order_by("name")


def under_way(chosen: Chosen, day: date) -> list[Pathway]:
    """Return the pathways in the school's charge on a day, by name."""
    rows = chosen.pathways().filter(status__in=pathway_life.UNDER_WAY, entered_on__lte=day)
    return list(_told(rows).order_by("trainee__search", "pk"))


def arriving(chosen: Chosen, day: date) -> list[Pathway]:
    """Return the entries planned until a week after a day, those that are late first."""
    rows = chosen.pathways().filter(status=pathway_life.PLANNED, entered_on__lte=day + SOON)
    return list(_told(rows).order_by("entered_on", "trainee__search"))


def _told(pathways: QuerySet[Pathway]) -> QuerySet[Pathway]:
    """Read what the board tells of a pathway, and nothing else: a school has a hundred of them on its first page."""
    return pathways.select_related("trainee", "referent").only(
        "status", "entered_on", "trial_ends_on", "planned_ends_on",
        "trainee__public_id", "trainee__last_name", "trainee__first_name", "referent__full_name",
    )  # fmt: skip


def open_internships(pathways: Iterable[Pathway], day: date) -> list[Internship]:
    """Return the internships of these pathways that run on a day or are to come, the first to begin first."""
    rows = Internship.objects.filter(pathway__in=[row.pk for row in pathways], last_day__gte=day)
    rows = rows.filter(status__in=internship_life.TAKING_DAYS).select_related(
        "trainee", "establishment__company", "tutor"
    )
    told = rows.only(
        "pathway_id", "status", "starts_on", "last_day", "created_at", "trainee__public_id", "trainee__last_name",
        "trainee__first_name", "tutor__full_name", "establishment__name", "establishment__is_head_office",
        "establishment__diffusion_status", "establishment__company__diffusion_status",
    )  # fmt: skip
    return list(told.order_by("starts_on", "pk"))


def places_of(internships: Iterable[Internship], day: date) -> dict[int, str]:
    """Return where the schedule of each internship puts its trainee on a day; an internship left out is off that day.

    Somebody who is in both places that day is told to be in the company.
    """
    days = ScheduleDay.objects.filter(internship__in=[row.pk for row in internships], day=day)
    places: dict[int, str] = {}
    for internship_id, place in days.values_list("internship_id", "place"):
        if places.get(internship_id) != ScheduleDay.Place.COMPANY:
            places[internship_id] = place
    return places


@dataclass(frozen=True)
class Signing:
    """An agreement under signature, and who has not signed yet."""

    agreement: InternshipAgreement
    envelope: Waiting | None
    awaited: tuple[str, ...]


def under_signature(internships: Sequence[Internship]) -> list[Signing]:
    """Return the agreements of these internships that wait for signatures. Two queries, whatever their number."""
    by_key = {row.pk: row for row in internships}
    agreements = InternshipAgreement.objects.filter(internship__in=list(by_key), status=agreement_life.TO_SIGN)
    rows = list(agreements.only("internship_id", "starts_on").order_by("starts_on", "pk"))
    for row in rows:
        row.internship = by_key[row.internship_id]
    envelopes = waiting_of(AGREEMENT_KIND, [subject_of(row) for row in rows]) if rows else {}
    return [_signing(row, envelopes.get(subject_of(row))) for row in rows]


def _signing(agreement: InternshipAgreement, envelope: Waiting | None) -> Signing:
    return Signing(agreement, envelope, envelope.awaited if envelope else ())


@dataclass(frozen=True)
class Happening:
    """One thing that happens on a day of the calendar: « début de stage », of whom, where to read it."""

    day: date
    kind: str
    internship: Internship | None = None
    pathway: Pathway | None = None


def happenings(chosen: Chosen, first: date, last: date) -> list[Happening]:
    """Return what begins and ends in a school between two days, both included, in order."""
    found = [
        *_of_internships(chosen, first, last),
        *_of_pathways(chosen, first, last),
    ]
    return sorted(found, key=lambda row: (row.day, row.kind))


def _of_internships(chosen: Chosen, first: date, last: date) -> list[Happening]:
    between = (first, last)
    rows = Internship.objects.filter(school=chosen.school, status__in=internship_life.TAKING_DAYS)
    rows = rows.filter(last_day__gte=first, starts_on__lte=last)
    if chosen.site or chosen.referent:
        rows = rows.filter(pathway__in=chosen.pathways())
    rows = rows.select_related("trainee", "establishment__company").order_by("trainee__search", "pk")
    found = []
    for row in rows.filter(Q(starts_on__range=between) | Q(last_day__range=between)):
        if first <= row.starts_on <= last:
            found.append(Happening(row.starts_on, "internship_starts", internship=row))
        if first <= row.last_day <= last:
            found.append(Happening(row.last_day, "internship_ends", internship=row))
    return found


def _of_pathways(chosen: Chosen, first: date, last: date) -> list[Happening]:
    between = (first, last)
    rows = chosen.pathways().filter(status__in=pathway_life.OPEN).select_related("trainee", "site")
    rows = rows.annotate(planned=F("planned_ends_on")).order_by("trainee__search", "pk")
    wanted = rows.filter(
        Q(entered_on__range=between)
        | Q(trial_ends_on__range=between, status=pathway_life.TRIAL)
        | Q(planned_ends_on__range=between)
    )
    found = []
    for row in wanted:
        if first <= row.entered_on <= last:
            found.append(Happening(row.entered_on, "entry", pathway=row))
        if first <= row.trial_ends_on <= last and row.status == pathway_life.TRIAL:
            found.append(Happening(row.trial_ends_on, "trial_ends", pathway=row))
        if first <= row.planned_ends_on <= last:
            found.append(Happening(row.planned_ends_on, "pathway_ends", pathway=row))
    return found


def company_days(chosen: Chosen, first: date, last: date) -> dict[date, int]:
    """Return how many trainees are in a company on each day between two days, both included."""
    rows = ScheduleDay.objects.filter(
        internship__school=chosen.school, internship__status=internship_life.SIGNED, internship__last_day__gte=first,
        internship__starts_on__lte=last, day__range=(first, last), place=ScheduleDay.Place.COMPANY,
    )  # fmt: skip
    if chosen.site or chosen.referent:
        rows = rows.filter(internship__pathway__in=chosen.pathways())
    return dict(rows.values_list("day").annotate(n=Count("internship__trainee", distinct=True)).order_by())
