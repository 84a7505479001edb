"""The list of internships: what a person may see, narrowed by what they ask. Starts from the schools, so that indexes serve it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from e2c_portal.kernel.search import fold
from partnerships.counters import Asked
from partnerships.models import PartnershipConvention
from schools.models import School
from schools.scope import Scope
from trainees.life import internships as life
from trainees.models import Internship
from trainees.reads.commitments import DONE, counted_for
from trainees.reads.internship_words import holding_words
from trainees.reads.situation import SITUATIONS, in_situation, really_done, signed_late, situation_expression
from trainees.reads.visible import internships_visible_to, own_schools

CURRENT, ALL, LATE = "current", "all", "late"
# What the list can be narrowed to, as people read it; the first one is what the page opens on.
CHOICES = [
    (CURRENT, "En préparation, à venir et en cours"),
    *[(one.name, one.label) for one in SITUATIONS.values()],
    (LATE, "Signé en retard"),
    (DONE, "Réalisés (commencés et signés)"),
    (ALL, "Tous"),
]


@dataclass(frozen=True)
class Asking:
    """What the list is asked for; what is empty narrows nothing."""

    situation: str = CURRENT
    words: str = ""
    school_id: int | None = None
    company_id: int | None = None
    convention_id: int | None = None
    starts_from: date | None = None
    starts_to: date | None = None
    # A figure of a commitment: the convention whose promise is counted.
    promise_of: int | None = None


def internships_listed(scope: Scope, asking: Asking) -> QuerySet[Internship]:
    """Return the internships asked for, the latest first, with `situation` and `is_late`."""
    rows = internships_visible_to(scope).select_related("school")
    if asking.school_id:
        rows = rows.filter(school=asking.school_id)
    rows = _narrowed(rows, asking)
    rows = holding_words(rows, fold(asking.words).split(), everywhere=scope.whole_network and not asking.school_id)
    today = timezone.localdate()
    rows = rows.annotate(situation=situation_expression(today), is_late=signed_late())
    return rows.order_by("-starts_on", "-pk")


def _narrowed(rows: QuerySet[Internship], asking: Asking) -> QuerySet[Internship]:
    if asking.promise_of and asking.company_id and asking.starts_from and asking.starts_to:
        return counted_for(Asked(asking.company_id, asking.promise_of, asking.starts_from, asking.starts_to), rows)
    if asking.company_id:
        rows = rows.filter(establishment__company=asking.company_id)
    if asking.convention_id:
        rows = rows.filter(partnership_convention=asking.convention_id)
    if asking.starts_from:
        rows = rows.filter(last_day__gte=asking.starts_from)
    if asking.starts_to:
        rows = rows.filter(starts_on__lte=asking.starts_to)
    return _situated(rows, asking.situation)


def _situated(rows: QuerySet[Internship], name: str) -> QuerySet[Internship]:
    today = timezone.localdate()
    if name == CURRENT:
        return rows.filter(Q(status__in=life.OPEN) | Q(status=life.SIGNED, last_day__gte=today))
    if name == LATE:
        return rows.filter(signed_late(), status__in=[life.SIGNED, life.BROKEN])
    if name == DONE:
        return really_done(rows, today)
    return in_situation(rows, name, today) if name in SITUATIONS else rows


def schools_to_choose(scope: Scope) -> list[tuple[int, str]]:
    """Return the schools the list may be narrowed to: nothing to choose for whoever works in one."""
    rows = list(own_schools(scope).order_by("name").values_list("pk", "name"))
    return rows if len(rows) > 1 else []


def schools_led(scope: Scope, may: Callable[[School], bool]) -> list[School]:
    """Return the schools of the scope that somebody leads, as `may` says: the network leads none."""
    return [] if scope.whole_network else [school for school in own_schools(scope) if may(school)]


def promise_convention(scope: Scope, convention_id: int) -> PartnershipConvention | None:
    """Return the partnership convention whose commitment is being read."""
    if scope.empty:
        return None
    return PartnershipConvention.objects.select_related("company").filter(pk=convention_id).first()
