"""Transfers between schools: what a school asked, and what it has to answer."""

from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from schools.models import School
from schools.queries import schools_visible_to
from schools.scope import Scope
from trainees.life import transfers as life
from trainees.models import Internship, Trainee, TraineeTransfer


def transfers_visible_to(scope: Scope) -> QuerySet[TraineeTransfer]:
    """Return the transfers that a school in scope asked or received, those that wait first."""
    rows = TraineeTransfer.objects.select_related("trainee", "from_school", "to_school", "asked_by", "decided_by")
    if not scope.whole_network:
        mine = sorted(scope.school_ids)
        rows = rows.filter(Q(from_school__in=mine) | Q(to_school__in=mine))
    waiting = Case(When(status=life.ASKED, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(rank=waiting).order_by("rank", "-asked_at", "-pk")


def transfers_to_answer(scope: Scope) -> QuerySet[TraineeTransfer]:
    """Return the transfers that a school in scope received and has not answered, the longest waiting first."""
    waiting = transfers_visible_to(scope).filter(status=life.ASKED, to_school__in=sorted(scope.school_ids))
    return waiting.order_by("asked_at", "pk")


def transfer_known_to(scope: Scope, pk: int) -> TraineeTransfer | None:
    """Return one transfer, None outside the scope of both schools."""
    return transfers_visible_to(scope).filter(pk=pk).first()


def transfer_waiting_for(trainee: Trainee) -> TraineeTransfer | None:
    """Return the transfer of a trainee that nobody has answered yet."""
    return trainee.transfers.filter(status=life.ASKED).select_related("to_school", "asked_by").first()


def other_schools(scope: Scope, trainee: Trainee) -> QuerySet[School]:
    """Return the schools that could receive a trainee: all but theirs. The names of schools are public."""
    return schools_visible_to(scope).exclude(pk=trainee.school_id)


def internship_held_after(trainee_id: int, day: date) -> Internship | None:
    """Return an internship of a trainee that holds days after this one."""
    return Internship.objects.taking_days().filter(trainee=trainee_id, last_day__gt=day).order_by("last_day").first()
