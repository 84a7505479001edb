"""Finding a host: the establishments that may welcome, by trade, distance, past welcome, promises and offers.

Distances go from centre to centre of communes, as the crow flies. A search stays flat as internships pile up: it starts from
establishments and from the communes around, and what is counted of internships is counted for the hosts of one page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import cos, radians, sin
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import ACos, Cast, Coalesce, Cos, Greatest, Least, Radians, Sin
from django.utils import timezone

from e2c_portal.kernel.identifiers import compact
from e2c_portal.kernel.search import fold
from partnerships.diffusion import Diffusion, name_hidden
from partnerships.models import Company, Establishment
from partnerships.queries import conventions_visible_to
from partnerships.situation import ACTIVE, LEAVING
from schools.scope import Scope
from trainees.life import internships as life
from trainees.models import Commune, HostProfile, Internship, YesNo
from trainees.reads.offers import open_offers

EARTH_KM = 6371.0
KM_PER_DEGREE = 111.2
RADII = (10, 20, 30, 50, 100)
DISTANCE, USEFUL, NAME = "distance", "utile", "nom"
# Internships that took place, or will: what counts as a welcome.
WELCOMED = (life.SIGNED, life.BROKEN)
HERE, NETWORK = "ecole", "reseau"
# So many places are looked up one by one; beyond, one place in sixty is found at the size of the country.
FEW = 500


@dataclass(frozen=True)
class HostsWanted:
    """What the search is narrowed to; nothing by itself. `trade_codes` is None for all trades."""

    words: str = ""
    trade_codes: tuple[str, ...] | None = None
    commune: Commune | None = None
    radius_km: int = 30
    minors: bool = False
    offers: bool = False
    engaged: bool = False
    welcomed: str = ""
    order: str = USEFUL


def establishments_visible_to(scope: Scope) -> QuerySet[Establishment]:
    """Return the open establishments of companies that live on: the whole network shares them."""
    if scope.empty:
        return Establishment.objects.none()
    return Establishment.objects.filter(closed_on=None, company__merged_into=None).select_related("company")


def host_known_to(scope: Scope, pk: int) -> Establishment | None:
    """Return one establishment, closed ones included: its history stays. None outside the network."""
    if scope.empty:
        return None
    return Establishment.objects.filter(pk=pk, company__merged_into=None).select_related("company").first()


def hosts_found(
    scope: Scope, wanted: HostsWanted, day: date | None = None, *, writer: bool = False
) -> QuerySet[Establishment]:
    """Return the hosts that match, in the order asked for, with `km`; by usefulness, with the marks that order reads too.

    `km` is None without a commune to measure from, or when that of the establishment is not known.
    """
    day = day or timezone.localdate()
    hosts = _narrowed(establishments_visible_to(scope), scope, wanted, day, writer=writer)
    hosts = hosts.annotate(km=_distance_from(wanted.commune))
    if wanted.order == USEFUL:
        hosts = with_marks(hosts, scope, day)
    nearest = (F("km").asc(nulls_last=True), "company__search", "pk")
    orders: dict[str, tuple[Any, ...]] = {
        DISTANCE: nearest,
        NAME: ("company__search", "pk"),
        USEFUL: ("-has_offer", "-known_here", "-engaged", *nearest),
    }
    return hosts.order_by(*orders[wanted.order])


def first_hosts(scope: Scope, wanted: HostsWanted, hosts: QuerySet[Establishment], top: int) -> QuerySet[Establishment]:
    """Return rows of `hosts_found` among which are the `top` first, in the same order.

    By usefulness and without a commune to measure from: those that my school knows or that a convention binds, the first by name among
    those that offer places, and the first by name. One that bears no other mark than its offer is among the first of these, whatever
    comes before it. Nothing else bounds that order, and all the hosts of the network would be sorted for twenty-five.
    """
    if wanted.order != USEFUL or wanted.commune is not None:
        return hosts
    day = timezone.localdate()
    by_name = hosts.select_related(None).order_by("company__search", "pk")
    offering = by_name.filter(pk__in=open_offers(day).values("establishment"))
    places = Establishment.objects.order_by().values("pk")
    marked = places.filter(company__in=_bound_companies(scope, day)).union(
        places.filter(pk__in=_welcomed(scope.school_ids)), offering.values("pk")[:top], by_name.values("pk")[:top]
    )
    return hosts.filter(pk__in=marked)


def with_marks(hosts: QuerySet[Establishment], scope: Scope, day: date | None = None) -> QuerySet[Establishment]:
    """Add `has_offer`, `engaged` and `known_here`: the last two are sets read once, offers are looked up or read by what costs less."""
    day = day or timezone.localdate()
    return hosts.annotate(
        has_offer=Exists(open_offers(day).filter(establishment=OuterRef("pk"))),
        engaged=_truth(Q(company__in=_bound_companies(scope, day))),
        known_here=_known_by(scope),
    )


def _narrowed(
    hosts: QuerySet[Establishment], scope: Scope, wanted: HostsWanted, day: date, *, writer: bool
) -> QuerySet[Establishment]:
    hosts = _named(hosts, wanted.words, writer=writer)
    if wanted.trade_codes is not None:
        hosts = hosts.filter(_works_in(wanted.trade_codes, day))
    if wanted.commune is not None:
        hosts = hosts.filter(commune_code__in=_communes_around(wanted.commune, wanted.radius_km))
    if wanted.minors:
        said = HostProfile.objects.filter(takes_minors=YesNo.YES).values("establishment")
        hosts = hosts.filter(
            Q(pk__in=said) | Q(pk__in=open_offers(day).filter(takes_minors=YesNo.YES).values("establishment"))
        )
    if wanted.offers:
        hosts = hosts.filter(pk__in=open_offers(day).values("establishment"))
    if wanted.engaged:
        hosts = hosts.filter(company__in=_bound_companies(scope, day))
    if wanted.welcomed == HERE:
        hosts = hosts.filter(pk__in=_welcomed(scope.school_ids))
    elif wanted.welcomed == NETWORK:
        hosts = hosts.filter(Exists(Internship.objects.filter(establishment=OuterRef("pk"), status__in=WELCOMED)))
    return hosts


def _named(hosts: QuerySet[Establishment], words: str, *, writer: bool) -> QuerySet[Establishment]:
    """Keep those whose company, sign or town holds every word; hidden names are found by those who may write them alone."""
    digits = compact(words)
    if digits.isdigit() and len(digits) > 5:
        return hosts.filter(Q(company__siren=digits) | Q(siret__startswith=digits))
    for word in fold(words).split():
        hosts = hosts.filter(_holding(word))
    if words.strip() and not writer:
        hosts = hosts.exclude(name_hidden("company__")).exclude(diffusion_status=Diffusion.PARTIAL)
    return hosts


def _holding(word: str) -> Q:
    """Match the places that hold a word: one by one when they are few, else as the list is read, which is soon full."""
    here = Establishment.objects.filter(search__contains=word).order_by().values_list("pk", flat=True)
    companies = Company.objects.filter(search__contains=word).order_by().values("pk")
    there = Establishment.objects.filter(company__in=companies).order_by().values_list("pk", flat=True)
    found = list(here.union(there, all=True)[: FEW + 1])
    return Q(pk__in=found) if len(found) <= FEW else Q(company__search__contains=word) | Q(search__contains=word)


def _works_in(codes: Sequence[str], day: date) -> Q:
    """Match a trade by its code, whatever the vintage: past internships, open offers, what the schools declared."""
    done = Internship.objects.filter(trade__code__in=codes, status__in=WELCOMED).values("establishment")
    offered = open_offers(day).filter(trade__code__in=codes).values("establishment")
    said = HostProfile.objects.filter(trades__code__in=codes).values("establishment")
    return Q(pk__in=done) | Q(pk__in=offered) | Q(pk__in=said)


def _bound_companies(scope: Scope, day: date) -> QuerySet:  # type: ignore[type-arg]
    bound = conventions_visible_to(scope, day).filter(Q(situation__in=[ACTIVE.name, LEAVING.name]))
    return bound.order_by().values("company")


def _welcomed(school_ids: Iterable[int]) -> list[int]:
    """Read the hosts that these schools know: a list, because PostgreSQL guesses how many there are in a subquery badly."""
    mine = Internship.objects.filter(school__in=sorted(school_ids), status__in=WELCOMED)
    return list(mine.order_by().values_list("establishment", flat=True).distinct())


def _known_by(scope: Scope) -> Any:
    if not scope.school_ids:
        return Value(False, output_field=BooleanField())
    return _truth(Q(pk__in=_welcomed(scope.school_ids) or [0]))


def _truth(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _kilometres(centre: Commune) -> Any:
    """Return the distance from a centre to another commune's, in km (spherical law of cosines, in double precision)."""
    latitude, longitude = radians(float(centre.latitude)), radians(float(centre.longitude))
    there = Radians(Cast("latitude", FloatField()))
    across = Radians(Cast("longitude", FloatField())) - Value(longitude, output_field=FloatField())
    share = Sin(there) * Value(sin(latitude)) + Cos(there) * Value(cos(latitude)) * Cos(across)
    # Rounding may give a hair more than one for a commune and itself.
    return Value(EARTH_KM) * ACos(Least(Greatest(share, Value(-1.0)), Value(1.0)))


def _communes_around(centre: Commune, radius_km: int) -> list[str]:
    """Read the codes of the communes within a radius: a box first, that the index answers, then the exact distance."""
    north = radius_km / KM_PER_DEGREE
    latitude, longitude = float(centre.latitude), float(centre.longitude)
    east = north / max(0.05, cos(radians(min(89.0, abs(latitude) + north))))
    boxed = _same_vintage(centre).filter(
        latitude__range=(latitude - north, latitude + north), longitude__range=(longitude - east, longitude + east)
    )
    near = boxed.annotate(km=_kilometres(centre)).filter(km__lte=radius_km)
    return list(near.order_by().values_list("code", flat=True))


def _same_vintage(centre: Commune) -> QuerySet[Commune]:
    return Commune.objects.filter(dataset=centre.dataset_id)


def _distance_from(centre: Commune | None) -> Any:
    if centre is None:
        return Value(None, output_field=FloatField())
    there = _same_vintage(centre).filter(code=OuterRef("commune_code")).annotate(km=_kilometres(centre))
    return Subquery(there.order_by().values("km")[:1], output_field=FloatField())


@dataclass(frozen=True)
class Welcome:
    """How a host welcomed: internships of the network, of my school, the last one, and its usual trades."""

    total: int = 0
    here: int = 0
    last_on: date | None = None
    trades: tuple[str, ...] = field(default_factory=tuple)


def welcomes_of(hosts: Iterable[int], scope: Scope) -> dict[int, Welcome]:
    """Return how each of these hosts welcomed, in two queries. Counts alone: nobody is named."""
    keys = list(hosts)
    done = Internship.objects.filter(establishment__in=keys, status__in=WELCOMED).order_by()
    mine = Q(school__in=sorted(scope.school_ids)) if scope.school_ids else Q(pk=None)
    figures = done.values("establishment").annotate(
        total=Count("pk"), here=Count("pk", filter=mine), last_on=Max("starts_on")
    )
    trades: dict[int, list[str]] = {}
    by_trade = done.exclude(trade=None).values("establishment", "trade__label").annotate(n=Count("pk"))
    for row in by_trade.order_by("establishment", "-n", "trade__label"):
        trades.setdefault(row["establishment"], []).append(row["trade__label"])
    return {
        row["establishment"]: Welcome(
            row["total"], row["here"], row["last_on"], tuple(trades.get(row["establishment"], [])[:3])
        )
        for row in figures
    }


def with_welcomes(hosts: QuerySet[Establishment], scope: Scope) -> QuerySet[Establishment]:
    """Add `welcomes`, `welcomes_here`, `last_welcome` and `minors` for a file: a few looks in an index for each host."""
    done = Internship.objects.filter(establishment=OuterRef("pk"), status__in=WELCOMED).order_by()
    counted = done.values("establishment").annotate(n=Count("pk")).values("n")
    here = done.filter(school__in=sorted(scope.school_ids)).values("establishment").annotate(n=Count("pk")).values("n")
    return with_marks(hosts, scope).annotate(
        welcomes=Coalesce(Subquery(counted), 0),
        welcomes_here=Coalesce(Subquery(here), 0),
        last_welcome=Subquery(done.order_by("-starts_on").values("starts_on")[:1]),
        minors=F("host_profile__takes_minors"),
    )


def profiles_of(hosts: Iterable[int]) -> dict[int, HostProfile]:
    """Return what the schools declared of these hosts, with their trades."""
    rows = HostProfile.objects.filter(establishment__in=list(hosts)).prefetch_related("trades")
    return {row.establishment_id: row for row in rows}


def profile_of(host: Establishment) -> HostProfile:
    """Return the profile of a host, an unsaved one when nobody wrote any."""
    rows = HostProfile.objects.select_related("updated_by").prefetch_related("trades")
    return rows.filter(establishment=host).first() or HostProfile(establishment=host)
