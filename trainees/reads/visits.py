"""Visits to tutors: what is to do, what was written."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.workflow import State
from schools.models import Membership
from schools.scope import Scope
from trainees.life import internships as life
from trainees.models import Internship, TutorVisit
from trainees.reads.visible import internships_visible_to

TO_DO = State("À faire", "La visite est prévue.", "info")
LATE = State("En retard", "La date prévue est passée.", "warning")
DONE = State("Faite", "Le compte rendu est écrit.", "success")
CANCELLED = State("Annulée", "La visite n’aura pas lieu.", "neutral")
PLANNED, WRITTEN, EVERYTHING, WITHOUT = "a-faire", "faites", "toutes", "sans-visite"


def visits_visible_to(scope: Scope) -> QuerySet[TutorVisit]:
    """Return the visits of the schools in scope."""
    rows = TutorVisit.objects.select_related(
        "internship__trainee", "internship__establishment__company", "internship__tutor", "visitor", "school"
    )
    return rows if scope.whole_network else rows.filter(school__in=sorted(scope.school_ids))


def visit_known_to(scope: Scope, pk: int) -> TutorVisit | None:
    """Return one visit, None outside the scope."""
    return visits_visible_to(scope).filter(pk=pk).first()


def visits_in(rows: QuerySet[TutorVisit], state: str, mine: User | None = None) -> QuerySet[TutorVisit]:
    """Narrow the list: to do (the next first), written up, or all, latest first; those of one person with `mine`."""
    if mine is not None:
        rows = rows.filter(visitor=mine)
    if state == WRITTEN:
        return rows.exclude(done_on=None).order_by("-done_on", "-pk")
    if state == EVERYTHING:
        return rows.order_by("-planned_on", "-pk")
    return rows.filter(done_on=None, cancelled_on=None).order_by("planned_on", "pk")


def visit_state(visit: TutorVisit, day: date | None = None) -> State:
    """Say where a visit stands on a day."""
    if visit.cancelled_on:
        return CANCELLED
    if visit.done_on:
        return DONE
    return LATE if visit.planned_on < (day or timezone.localdate()) else TO_DO


def visits_of(internship: Internship) -> list[TutorVisit]:
    """Return the visits of an internship in order, with `where`, as its page shows them."""
    rows = list(internship.tutor_visits.select_related("visitor"))
    for row in rows:
        row.where = visit_state(row)  # type: ignore[attr-defined]
    return rows


def internships_without_visit(scope: Scope, day: date | None = None) -> QuerySet[Internship]:
    """Return the internships that go on today and for which no visit is planned or done."""
    day = day or timezone.localdate()
    running = internships_visible_to(scope).filter(status=life.SIGNED, last_day__gte=day, starts_on__lte=day)
    planned = TutorVisit.objects.filter(internship=OuterRef("pk"), cancelled_on=None)
    return running.filter(~Exists(planned)).order_by("last_day", "pk")


def visitors_of(school_id: int) -> QuerySet[User]:
    """Return who may make the visits of a school: the people who work there today."""
    day = timezone.localdate()
    here = Membership.objects.filter(school=school_id, starts_on__lte=day).exclude(ends_on__lt=day)
    return User.objects.filter(pk__in=here.order_by().values("user"), is_active=True).order_by("full_name", "pk")
