"""Lists of trainees: by school, by situation, by name. Each starts from the rows of the schools in scope."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from e2c_portal.kernel.search import fold
from e2c_portal.kernel.workflow import State
from schools.models import Site
from schools.scope import Scope
from trainees.life import pathways as life
from trainees.life.internships import TAKING_DAYS
from trainees.models import Internship, Pathway, Trainee
from trainees.reads.visible import own_schools, pathways_visible_to, trainees_visible_to

# What the list may be narrowed to, in the words of the page.
OPENED, LEFT, NONE, IDLE, UNTOLD = "ouverts", "sortis", "sans_parcours", "sans_stage", "sans_sortie"
SITUATIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    OPENED: ("Parcours ouvert", life.OPEN),
    "en_parcours": ("En parcours", (life.RUNNING,)),
    "essai": ("En période d’essai", (life.TRIAL,)),
    "suspendus": ("Suspendus", (life.SUSPENDED,)),
    "prevus": ("Entrée prévue", (life.PLANNED,)),
    LEFT: ("Sortis", life.ENDED),
    NONE: ("Sans parcours", ()),
    IDLE: ("Sans stage en cours ni à venir", (life.TRIAL, life.RUNNING)),
    UNTOLD: ("Sortis depuis un an, sortie à noter", life.ENDED),
}
NO_PATHWAY = State("Sans parcours", "Aucun parcours n’est encore ouvert.", "neutral")
ALIKE = 0.35
# Whoever left longer ago is no longer looked for: their exit is unknown for good.
RECENT = timedelta(days=365)


@dataclass(frozen=True)
class Wanted:
    """What the list of trainees is narrowed to; empty values narrow nothing."""

    words: str = ""
    situation: str = ""
    site_id: int | None = None
    school_id: int | None = None
    referent_id: int | None = None

    @property
    def asks(self) -> bool:
        return bool(self.words or self.situation or self.site_id or self.school_id or self.referent_id)


def trainees_wanted(scope: Scope, wanted: Wanted) -> QuerySet[Trainee]:
    """Return the trainees in scope that match, by name, each with its pathways (`stays`, latest first)."""
    rows = trainees_visible_to(scope)
    if wanted.school_id:
        rows = rows.filter(school=wanted.school_id)
    for word in fold(wanted.words).split():
        rows = rows.filter(search__contains=word)
    rows = _placed(rows, scope, wanted)
    stays = Pathway.objects.select_related("site", "referent").order_by("-entered_on", "-pk")
    rows = rows.prefetch_related(Prefetch("pathways", stays, to_attr="stays"))
    if wanted.words and scope.whole_network:
        # A word of the whole network is that of thousands: those whose name begins as it was typed come first.
        return rows.order_by(Case(When(_begins(wanted), then=Value(0)), default=Value(1)), "search", "pk")
    return rows.order_by("search", "pk")


def _begins(wanted: Wanted) -> Q:
    return Q(search__startswith=" ".join(fold(wanted.words).split()))


def first_trainees(rows: QuerySet[Trainee], scope: Scope, wanted: Wanted, top: int) -> QuerySet[Trainee]:
    """Return rows of `trainees_wanted` among which are the `top` first: names that begin as typed are read by their index."""
    if not (wanted.words and scope.whole_network):
        return rows
    beginning = list(rows.filter(_begins(wanted)).order_by("search", "pk").values_list("pk", flat=True)[:top])
    return rows.filter(pk__in=beginning) if len(beginning) == top else rows


def counted_first(rows: QuerySet[Trainee], scope: Scope, wanted: Wanted) -> QuerySet[Any, Any] | None:
    """Return the rows of `trainees_wanted` as they are counted the soonest, None for as they are.

    Names that begin as typed are counted by their index alone: there are enough of a frequent one not to gather all who bear it.
    """
    if not (wanted.words and scope.whole_network):
        return None
    plain, begins = rows.order_by().prefetch_related(None).select_related(None), _begins(wanted)
    return plain.filter(begins).values("pk").union(plain.exclude(begins).values("pk"), all=True)


def _placed(rows: QuerySet[Trainee], scope: Scope, wanted: Wanted) -> QuerySet[Trainee]:
    """Keep those with such a pathway: read from the index of pathways by school and state."""
    if wanted.situation in (IDLE, UNTOLD):
        stays = idle_pathways(scope) if wanted.situation == IDLE else pathways_without_exit(scope)
        if wanted.school_id:
            stays = stays.filter(school=wanted.school_id)
        return rows.filter(pk__in=_at(stays, wanted).order_by().values("trainee"))
    if wanted.situation == NONE:
        return rows.filter(~Exists(Pathway.objects.filter(trainee=OuterRef("pk"))))
    statuses = SITUATIONS[wanted.situation][1] if wanted.situation in SITUATIONS else ()
    if wanted.situation == LEFT:
        opened = Pathway.objects.filter(trainee=OuterRef("pk"), status__in=life.OPEN)
        ended = _at(Pathway.objects.filter(trainee=OuterRef("pk"), status__in=statuses), wanted)
        return rows.filter(Exists(ended), ~Exists(opened))
    if wanted.referent_id and not statuses:
        statuses = life.OPEN
    if not (statuses or wanted.site_id):
        return rows
    found = _at(pathways_visible_to(scope).select_related(None), wanted)
    if wanted.school_id:
        found = found.filter(school=wanted.school_id)
    return rows.filter(pk__in=(found.filter(status__in=statuses) if statuses else found).order_by().values("trainee"))


def idle_pathways(scope: Scope, day: date | None = None) -> QuerySet[Pathway]:
    """Return the pathways under way in these schools that have no internship today nor later."""
    stays = Internship.objects.filter(pathway=OuterRef("pk"), status__in=TAKING_DAYS)
    busy = stays.filter(last_day__gte=day or timezone.localdate())
    rows = pathways_visible_to(scope).select_related(None).filter(status__in=SITUATIONS[IDLE][1])
    return rows.filter(~Exists(busy))


def pathways_without_exit(scope: Scope, day: date | None = None) -> QuerySet[Pathway]:
    """Return the pathways of these schools that ended within a year and whose exit nobody recorded."""
    since = (day or timezone.localdate()) - RECENT
    rows = pathways_visible_to(scope).select_related(None).filter(status__in=life.ENDED, ended_on__gte=since)
    return rows.filter(exit=None)


def _at(pathways: QuerySet[Pathway], wanted: Wanted) -> QuerySet[Pathway]:
    if wanted.site_id:
        pathways = pathways.filter(site=wanted.site_id)
    return pathways.filter(referent=wanted.referent_id) if wanted.referent_id else pathways


def situation_of(trainee: Trainee) -> State:
    """Return where a trainee read with `stays` stands: their open pathway, else the last one."""
    latest = latest_stay(trainee)
    return latest.state if latest else NO_PATHWAY


def latest_stay(trainee: Trainee) -> Pathway | None:
    """Return the open pathway of a trainee read with `stays`, else the last one, None without any."""
    stays: list[Pathway] = trainee.stays  # type: ignore[attr-defined]
    return next((stay for stay in stays if stay.is_open), stays[0] if stays else None)


def sites_offered(scope: Scope, school_id: int | None = None) -> list[tuple[str, str]]:
    """Return the sites that the list may be narrowed to: of the school asked for, else of one's schools, each named when several.

    In the whole network, a school is chosen first: nobody looks for a site among those of a hundred schools.
    """
    if scope.whole_network and school_id is None:
        return []
    sites = Site.objects.filter(school__in=own_schools(scope).values("pk"))
    if school_id is not None:
        sites = sites.filter(school=school_id)
    named = school_id is None and len(scope.school_ids) > 1
    rows = sites.values_list("pk", "school__name", "name")
    return [(str(pk), f"{school}, {name}" if named else name) for pk, school, name in rows]


def likely_same(
    scope: Scope, last_name: str, first_name: str, birth_date: date, *, besides: int | None = None
) -> list[Trainee]:
    """Return at most eight trainees of these schools born on that day whose names resemble these (pg_trgm).

    It starts from the birth date, which is indexed; another school's people are never looked at.
    """
    named = f"{fold(last_name)} {fold(first_name)} {fold(last_name)}".strip()
    rows = trainees_visible_to(scope).filter(birth_date=birth_date).exclude(pk=besides or 0)
    near = rows.annotate(nearness=TrigramSimilarity("search", named)).filter(nearness__gte=ALIKE)
    return list(near.order_by("-nearness", "pk")[:8])
