"""The calls after an exit: those that are due, for the school where the person is today."""

from datetime import date, timedelta

from django.db.models import QuerySet

from schools.scope import Scope
from trainees.models import FollowUp

# A call is prepared two weeks before its day.
AHEAD = timedelta(days=14)


def follow_ups_visible_to(scope: Scope) -> QuerySet[FollowUp]:
    """Return the follow-ups of the trainees in scope: a transfer hands them over with the person."""
    rows = FollowUp.objects.select_related("pathway__trainee__school", "pathway__site", "done_by")
    return rows if scope.whole_network else rows.filter(followed_by__in=sorted(scope.school_ids))


def follow_ups_due(
    scope: Scope, today: date, *, school_id: int | None = None, late_only: bool = False
) -> QuerySet[FollowUp]:
    """Return the calls still to make by two weeks from today, the longest due first."""
    rows = follow_ups_visible_to(scope).filter(done_on=None)
    rows = rows.filter(due_on__lt=today) if late_only else rows.filter(due_on__lte=today + AHEAD)
    if school_id:
        rows = rows.filter(followed_by=school_id)
    return rows.order_by("due_on", "pk")


def follow_up_known_to(scope: Scope, pk: int) -> FollowUp | None:
    """Return one follow-up, None outside the scope."""
    return follow_ups_visible_to(scope).filter(pk=pk).first()
