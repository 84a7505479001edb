"""The promises of the whole network: one row for each promise of a convention in force, with what was delivered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from partnerships.models import Company, PartnershipConvention
from partnerships.progress import (
    KEPT,
    LATE,
    MISSED,
    NOTHING,
    ON_TIME,
    UNMEASURED,
    PromiseProgress,
    SpanProgress,
    progress_of,
)
from partnerships.queries import companies_visible_to, conventions_visible_to, searched
from partnerships.situation import ACTIVE, LEAVING
from partnerships.sleeping import asleep_among, sleeping_companies
from schools.scope import Scope

IN_FORCE = (ACTIVE.name, LEAVING.name)
# What the list may be narrowed to: its label, and which promises belong.
STATES: dict[str, tuple[str, Callable[[PromiseProgress], bool]]] = {
    "retard": ("En retard", lambda row: row.standing in (LATE, NOTHING, MISSED)),
    "rien": ("Rien de réalisé", lambda row: not row.delivered),
    "temps": ("Tenus ou dans les temps", lambda row: row.standing in (KEPT, ON_TIME)),
    "sans-chiffre": ("Sans objectif chiffré", lambda row: row.standing == UNMEASURED),
    "a-confirmer": ("Avec une réalisation à confirmer", lambda row: bool(row.waiting)),
}


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; nothing by itself."""

    words: str = ""
    company_id: int | None = None
    kind: str = ""
    state: str = ""
    asleep: bool = False


@dataclass(frozen=True)
class FollowedPromise:
    """A row of the list: a promise, and whether its partner is asleep."""

    progress: PromiseProgress
    asleep: bool

    @property
    def span(self) -> SpanProgress | None:
        return self.progress.current


def companies_bound(scope: Scope) -> list[Company]:
    """Return the companies that have a convention in force today, by name."""
    bound = conventions_visible_to(scope).filter(Q(situation__in=IN_FORCE)).values("company")
    return list(companies_visible_to(scope).filter(pk__in=bound))


def promises_followed(
    scope: Scope, wanted: Wanted, day: date | None = None, *, writer: bool = False
) -> list[FollowedPromise]:
    """Return the promises of the conventions in force that match, by company, in the order of each text.

    Seven queries at most, and one for each kind that the portal's rows count, whatever the number of conventions.
    """
    day = day or timezone.localdate()
    conventions = _narrowed(
        conventions_visible_to(scope, day).filter(Q(situation__in=IN_FORCE)), wanted, day, writer=writer
    )
    rows = list(conventions.order_by("company__search", "company", "number"))
    asleep = asleep_among((row.company_id for row in rows), day)
    belongs = STATES[wanted.state][1] if wanted.state else lambda row: True
    return [
        FollowedPromise(promise, promise.convention.company_id in asleep)
        for promises in progress_of(rows, day).values()
        for promise in promises
        if (not wanted.kind or promise.promise.kind == wanted.kind) and belongs(promise)
    ]


def _narrowed(
    conventions: QuerySet[PartnershipConvention], wanted: Wanted, day: date, *, writer: bool
) -> QuerySet[PartnershipConvention]:
    if wanted.words:
        conventions = searched(conventions, wanted.words, writer=writer)
    if wanted.company_id:
        conventions = conventions.filter(company=wanted.company_id)
    if wanted.asleep:
        conventions = conventions.filter(company__in=sleeping_companies(day).values("pk"))
    return conventions
