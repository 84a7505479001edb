"""Every read of presences: a day of a group, a week of a trainee, absences, reports, the events of a file."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.search import fold
from schools.models import Membership, School, Site
from schools.scope import Scope
from trainees.life.pathways import NO_SHOW, PLANNED
from trainees.models import (
    AbsenceProof,
    AccidentReport,
    AttendanceHalfDay,
    Pathway,
    SchoolClosure,
    Trainee,
    TutorReport,
)
from trainees.models.attendance import Half, Presence
from trainees.models.tutor_reports import REPORTED
from trainees.reads.timeline import TimelineEvent
from trainees.reads.unnoted import not_noted
from trainees.reads.visible import own_schools

# What a page remembers of a half-day that nobody has noted.
NOTHING = ""


@dataclass(frozen=True)
class Group:
    """Whose day is shown: a school, and of it a site or a referent, or both."""

    school: School
    site_id: int | None = None
    referent_id: int | None = None
    # Only those of whose day nothing is noted.
    unnoted: bool = False


def mark_of(row: AttendanceHalfDay | None) -> str:
    """Return what a page remembers of a half-day as it shows it: its state, its minutes, its revision."""
    return f"{row.state}.{row.late_minutes or 0}.{row.revision}" if row else NOTHING


def half_days_visible_to(scope: Scope) -> QuerySet[AttendanceHalfDay]:
    """Return the half-days noted by the schools in scope."""
    rows = AttendanceHalfDay.objects.select_related("trainee", "internship__establishment__company", "proof")
    return rows if scope.whole_network else rows.filter(school__in=sorted(scope.school_ids))


def school_in_scope(scope: Scope, wanted: int | None) -> School | None:
    """Return the school asked for, the first one in scope when none is, None outside the scope."""
    schools = own_schools(scope)
    return schools.filter(pk=wanted).first() if wanted else schools.first()


def pathways_on(school_id: int, first: date, last: date) -> QuerySet[Pathway]:
    """Return the pathways of a school that hold a day between two, those whose person has arrived, by name."""
    ended = Q(ended_on=None, planned_ends_on__gte=first) | Q(ended_on__gte=first)
    rows = Pathway.objects.filter(ended, school=school_id, entered_on__lte=last).exclude(status__in=[PLANNED, NO_SHOW])
    return rows.select_related("trainee", "site", "referent").order_by(
        "trainee__last_name", "trainee__first_name", "pk"
    )


def group_on(group: Group, day: date) -> QuerySet[Pathway]:
    """Return the pathways of a group under way on a day, by name."""
    rows = pathways_on(group.school.pk, day, day)
    if group.site_id:
        rows = rows.filter(site=group.site_id)
    if group.referent_id:
        rows = rows.filter(referent=group.referent_id)
    return not_noted(rows, day) if group.unnoted else rows


def trainee_followed_by(scope: Scope, public_id: UUID) -> Trainee | None:
    """Return a trainee of the schools in scope, or one who was in a pathway of theirs: a month is frozen after a transfer too."""
    rows = Trainee.objects.select_related("school").filter(public_id=public_id)
    if not scope.whole_network:
        schools = sorted(scope.school_ids)
        rows = rows.filter(
            Q(school__in=schools) | Q(pk__in=Pathway.objects.filter(school__in=schools).values("trainee"))
        )
    return rows.first()


def pathways_of_week(trainee: Trainee, scope: Scope, first: date, last: date) -> list[Pathway]:
    """Return the pathways of a trainee that hold a day of a week and may be read, the earliest first."""
    ended = Q(ended_on=None, planned_ends_on__gte=first) | Q(ended_on__gte=first)
    rows = Pathway.objects.filter(ended, trainee=trainee, entered_on__lte=last).exclude(status__in=[PLANNED, NO_SHOW])
    if not scope.whole_network and trainee.school_id not in scope.school_ids:
        rows = rows.filter(school__in=sorted(scope.school_ids))
    return list(rows.select_related("trainee", "school", "site").order_by("entered_on"))


def noted_between(pathways: Iterable[int], first: date, last: date) -> dict[tuple[int, date, str], AttendanceHalfDay]:
    """Return what is noted of some pathways between two days, by pathway, day and half. One query."""
    rows = AttendanceHalfDay.objects.filter(pathway__in=list(pathways), day__range=(first, last)).select_related(
        "recorded_by"
    )
    return {(row.pathway_id, row.day, row.half): row for row in rows}


def sites_of(school: School) -> list[Site]:
    """Return the open sites of a school, to choose a group."""
    return list(school.sites.filter(closed_on=None).order_by("name"))


def referents_of(school: School) -> list[User]:
    """Return who may be the referent of a group: those who work in the school today."""
    today = timezone.localdate()
    current = Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=today)
    people = User.objects.filter(current, memberships__school=school, memberships__starts_on__lte=today)
    return list(people.distinct().order_by("full_name"))


def people_to_tell(school_id: int, *preferred: User | None) -> list[User]:
    """Return whom the school wants told: the referents given, else those who lead it. Somebody who left is not told."""
    today = timezone.localdate()
    current = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), school=school_id, starts_on__lte=today, user__is_active=True
    ).select_related("user")
    members = {row.user_id: row for row in current}
    named = [user for user in preferred if user is not None and user.pk in members]
    if named:
        return list(dict.fromkeys(named))
    leads = (Membership.Role.DIRECTOR, Membership.Role.COORDINATOR)
    return sorted({row.user for row in current if row.role in leads}, key=lambda user: user.pk)


@dataclass(frozen=True)
class AbsencesWanted:
    """What the list of absences is narrowed to."""

    words: str = ""
    state: str = "to_justify"
    first: date | None = None
    last: date | None = None
    school_id: int | None = None


def absences(scope: Scope, wanted: AbsencesWanted) -> QuerySet[AttendanceHalfDay]:
    """Return the absences in scope that match, the latest first."""
    rows = half_days_visible_to(scope).filter(state=Presence.ABSENT).order_by("-day", "-id")
    justified = {"to_justify": None, "justified": True, "unjustified": False}
    if wanted.state in justified:
        rows = rows.filter(justified=justified[wanted.state])
    if wanted.school_id:
        rows = rows.filter(school=wanted.school_id)
    if wanted.first:
        rows = rows.filter(day__gte=wanted.first)
    if wanted.last:
        rows = rows.filter(day__lte=wanted.last)
    for word in fold(wanted.words).split():
        rows = rows.filter(trainee__search__contains=word)
    return rows


def absence_known_to(scope: Scope, pk: int) -> AttendanceHalfDay | None:
    """Return one absence or leave of the scope, None outside it."""
    rows = half_days_visible_to(scope).select_related("school", "pathway", "recorded_by")
    return rows.filter(pk=pk, state__in=[Presence.ABSENT, Presence.LEAVE]).first()


def same_spell(absence: AttendanceHalfDay) -> list[AttendanceHalfDay]:
    """Return the other absences of this person that nobody has settled, within the same month: one paper often covers several."""
    first = absence.day.replace(day=1)
    rows = AttendanceHalfDay.objects.filter(
        pathway=absence.pathway_id, state=Presence.ABSENT, justified=None, day__gte=first, day__lte=_month_end(first)
    )
    return list(rows.exclude(pk=absence.pk).order_by("day", "half"))


def _month_end(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def proof_known_to(scope: Scope, public_id: UUID) -> AbsenceProof | None:
    """Return one proof of the scope, None outside it."""
    rows = AbsenceProof.objects.filter(public_id=public_id)
    return (rows if scope.whole_network else rows.filter(school__in=sorted(scope.school_ids))).first()


def reports_visible_to(scope: Scope) -> QuerySet[TutorReport]:
    """Return what tutors reported to the schools in scope, the latest first."""
    rows = TutorReport.objects.select_related(
        "internship__trainee", "internship__establishment__company", "contact", "decided_by", "school"
    )
    return rows if scope.whole_network else rows.filter(school__in=sorted(scope.school_ids))


def reports_waiting(school_id: int, first: date, last: date) -> list[TutorReport]:
    """Return the reports of a school that nobody has decided, on days between two."""
    rows = TutorReport.objects.filter(school=school_id, status=REPORTED, day__range=(first, last))
    return list(rows.select_related("internship__trainee", "contact").order_by("day", "pk"))


def closures_of(school: School) -> list[SchoolClosure]:
    """Return the closures of a school, the latest first: those of the last years are enough for a page."""
    return list(SchoolClosure.objects.filter(school=school).order_by("-starts_on")[:40])


def attendance_events(trainee: Trainee, limit: int = 100) -> list[TimelineEvent]:
    """Return the absences, leaves and accidents of a trainee for their timeline, the latest first. Two queries.

    Reasons and injuries stay out of it: the timeline is read by more people than they are.
    """
    away = AttendanceHalfDay.objects.filter(trainee=trainee, state__in=[Presence.ABSENT, Presence.LEAVE])
    events = [_absence_event(row) for row in away.select_related("recorded_by").order_by("-day", "-half")[:limit]]
    for accident in AccidentReport.objects.filter(trainee=trainee).order_by("-occurred_at")[:limit]:
        day = timezone.localdate(accident.occurred_at)
        state, url = accident.state, accident.get_absolute_url()
        events.append(TimelineEvent(day, "Accident", state.label, tone=state.tone, icon="siren", url=url))
    return sorted(events, key=lambda event: event.day, reverse=True)[:limit]


def _absence_event(row: AttendanceHalfDay) -> TimelineEvent:
    half, who, icon = Half(row.half).label.lower(), row.recorded_by.full_name, "user-x"
    if row.state == Presence.LEAVE:
        return TimelineEvent(row.day, f"Absence autorisée, {half}", who=who, tone="info", icon=icon)
    words = {None: ("à justifier", "warning"), True: ("justifiée", "neutral"), False: ("non justifiée", "danger")}
    told, tone = words[row.justified]
    return TimelineEvent(row.day, f"Absence {told}, {half}", row.get_place_display(), who, tone, icon)


def absent_on(school_id: int, day: date) -> dict[int, str]:
    """Return, by pathway, how the absence of a day is told on the board: which half, and whether it is settled."""
    rows = AttendanceHalfDay.objects.filter(school=school_id, day=day, state__in=[Presence.ABSENT, Presence.LEAVE])
    told: dict[int, list[str]] = {}
    for pathway_id, half, state, justified in rows.order_by("half").values_list(
        "pathway_id", "half", "state", "justified"
    ):
        settled = {None: "à justifier", True: "justifiée", False: "non justifiée"}[justified]
        words = "autorisée" if state == Presence.LEAVE else settled
        told.setdefault(pathway_id, []).append(f"{Half(half).label.lower()} ({words})")
    return {pathway: f"Absence : {', '.join(halves)}" for pathway, halves in told.items()}


def owned_files(keys: list[str]) -> set[str]:
    """Return those of the keys that are papers of absences or of accidents: the storage is shared with documents."""
    papers = set(AbsenceProof.objects.filter(file__in=keys).values_list("file", flat=True))
    return papers | set(AccidentReport.objects.filter(proof__in=keys).values_list("proof", flat=True))
