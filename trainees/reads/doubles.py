"""The likely doubles, as the last search found them (trainees.operations.doubles)."""

from datetime import datetime

from django.db.models import QuerySet

from schools.scope import Scope
from trainees.models import DoublesSearch, LikelyDouble


def doubles_visible_to(scope: Scope) -> QuerySet[LikelyDouble]:
    """Return the pairs of which both records are in scope, those of two schools first, then the most alike."""
    rows = LikelyDouble.objects.select_related("here__school", "there__school")
    if scope.whole_network:
        return rows
    schools = sorted(scope.school_ids)
    return rows.filter(here__school__in=schools, there__school__in=schools)


def searched_at() -> datetime | None:
    """Return when the whole network was last searched, None before the first time."""
    return DoublesSearch.objects.values_list("done_at", flat=True).first()
