"""What the pages of hosts tell, in words: one row of the search, the page of a host."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils import timezone

from e2c_portal.kernel.french import NO_BREAK, counted, day_in_letters, number
from e2c_portal.kernel.identifiers import printed_number
from partnerships.diffusion import shown_address, shown_name, shown_place
from partnerships.models import Commitment as CommitmentRow
from partnerships.models import CompanyContact, Establishment
from partnerships.progress import PromiseProgress, progress_of
from partnerships.queries import conventions_visible_to
from partnerships.situation import ACTIVE, LEAVING
from schools.scope import Scope
from trainees.models import Approach, HostProfile, Internship, InternshipOffer, TutorVisit, YesNo
from trainees.reads.approaches import approaches_visible_to, contacts_of_host, internships_of_host
from trainees.reads.hosts import Welcome, profile_of, profiles_of, welcomes_of
from trainees.reads.offers import offers_visible_to, open_offers, state_of
from trainees.reads.visits import visit_state, visits_visible_to

HISTORY = 20
INTERNSHIPS = CommitmentRow.Kind.INTERNSHIPS
MINORS = {YesNo.YES: "Accueille des mineurs", YesNo.NO: "N’accueille pas de mineurs", YesNo.UNKNOWN: ""}


@dataclass(frozen=True)
class HostRow:
    """A host in the list, with what helps to choose it."""

    host: Establishment
    name: str
    place: str
    where: str
    distance: str
    welcome: Welcome
    offers: list[InternshipOffer]
    profile: HostProfile | None
    promises: list[str]

    @property
    def welcomed(self) -> str:
        """Return "12 stages dans le réseau, dont 3 de mon école ; dernier en mars 2026"."""
        if not self.welcome.total:
            return ""
        mine = f", dont {number(self.welcome.here)} de mon école" if self.welcome.here else ""
        return f"{counted(self.welcome.total, 'stage', 'stages')} dans le réseau{mine}"

    @property
    def trades(self) -> str:
        """Return the trades known there: declared first, then those of past internships."""
        said = [trade.label for trade in self.profile.trades.all()] if self.profile else []
        return ", ".join(list(dict.fromkeys([*said, *self.welcome.trades]))[:5])

    @property
    def minors(self) -> str:
        return MINORS[YesNo(self.profile.takes_minors)] if self.profile else ""


def host_rows(hosts: Sequence[Establishment], scope: Scope, *, writer: bool = False) -> list[HostRow]:
    """Return what is told of the hosts of one page, in a constant number of queries."""
    keys = [host.pk for host in hosts]
    welcomes, profiles, offers = welcomes_of(keys, scope), profiles_of(keys), _offers_of(keys)
    promises = promises_of({host.company_id for host in hosts}, scope)
    return [
        HostRow(
            host, shown_name(host.company, writer=writer), _sign(host, writer=writer), host.city, distance_in_words(host),
            welcomes.get(host.pk, Welcome()), offers.get(host.pk, []), profiles.get(host.pk),
            [left_to_do(promise) for promise in promises.get(host.company_id, [])],
        )
        for host in hosts
    ]  # fmt: skip


def _sign(host: Establishment, *, writer: bool) -> str:
    """Return the sign of a place when it says more than the name of its company."""
    sign = shown_place(host, writer=writer)
    return "" if sign == shown_name(host.company, writer=writer) else sign


def distance_in_words(host: Establishment) -> str:
    """Return "8 km", "moins d’un km", or nothing when no distance is known."""
    km: float | None = getattr(host, "km", None)
    if km is None:
        return ""
    return "même commune" if km < 0.05 else f"{max(1, round(km))}{NO_BREAK}km"


def _offers_of(hosts: Sequence[int]) -> dict[int, list[InternshipOffer]]:
    found: dict[int, list[InternshipOffer]] = {}
    rows = open_offers().filter(establishment__in=list(hosts)).select_related("trade")
    for offer in rows.order_by("starts_on", "pk"):
        found.setdefault(offer.establishment_id, []).append(offer)
    return found


def promises_of(companies: set[int], scope: Scope, day: date | None = None) -> dict[int, list[PromiseProgress]]:
    """Return the promises of internships in force of these companies, with what was done of each."""
    day = day or timezone.localdate()
    rows = conventions_visible_to(scope, day).filter(
        Q(company__in=companies, situation__in=[ACTIVE.name, LEAVING.name])
    )
    found: dict[int, list[PromiseProgress]] = {}
    for promises in progress_of(rows, day).values():
        for promise in promises:
            if promise.promise.kind == INTERNSHIPS:
                found.setdefault(promise.convention.company_id, []).append(promise)
    return found


def left_to_do(promise: PromiseProgress) -> str:
    """Return "reste 3 stages sur 12 promis" for the present span, « promesse tenue », or the promise without a figure."""
    span = promise.current
    if span is None or span.target is None:
        return f"{promise.label} ({promise.promised})"
    left = span.target - span.delivered
    if left <= 0:
        return f"promesse tenue : {span.figures}"
    return f"reste {number(left)} {promise.unit or 'à accueillir'} sur {number(span.target)}, jusqu’au {day_in_letters(span.ends_on)}"


@dataclass(frozen=True)
class HostSheet:
    """The page of a host. `internships`, `approaches` and `visits` are those of my schools; the others are counts."""

    host: Establishment
    name: str
    facts: list[tuple[str, object]]
    profile: HostProfile
    welcome: Welcome
    contacts: list[CompanyContact]
    offers: list[InternshipOffer]
    internships: list[Internship]
    approaches: list[Approach]
    visits: list[TutorVisit]
    promises: list[PromiseProgress] = field(default_factory=list)

    @property
    def elsewhere(self) -> int:
        """How many internships of other schools took place here."""
        return self.welcome.total - self.welcome.here

    @property
    def trades(self) -> str:
        declared = [trade.label for trade in self.profile.trades.all()] if self.profile.pk else []
        return ", ".join(dict.fromkeys([*declared, *self.welcome.trades]))


def host_sheet(host: Establishment, scope: Scope, *, writer: bool = False) -> HostSheet:
    """Read all that my school knows of a host, in a constant number of queries."""
    visits = list(
        visits_visible_to(scope).filter(internship__establishment=host).order_by("-planned_on", "-pk")[:HISTORY]
    )
    for visit in visits:
        visit.where = visit_state(visit)  # type: ignore[attr-defined]
    offers = list(offers_visible_to(scope).filter(establishment=host, closed_on=None).order_by("starts_on", "pk"))
    for offer in offers:
        offer.where = state_of(offer)  # type: ignore[attr-defined]
    return HostSheet(
        host, shown_name(host.company, writer=writer), _facts(host, writer=writer), profile_of(host),
        welcomes_of([host.pk], scope).get(host.pk, Welcome()), list(contacts_of_host(host)),
        [offer for offer in offers if offer.ends_on >= timezone.localdate()],
        list(internships_of_host(host, scope)[:HISTORY]),
        list(approaches_visible_to(scope).filter(establishment=host).order_by("-made_on", "-pk")[:HISTORY]),
        visits if not scope.whole_network else [], promises_of({host.company_id}, scope).get(host.company_id, []),
    )  # fmt: skip


def _facts(host: Establishment, *, writer: bool) -> list[tuple[str, object]]:
    return [
        ("Établissement", shown_place(host, writer=writer)),
        ("Adresse", shown_address(host, writer=writer)),
        ("SIRET", printed_number(host.siret)),
        ("Effectif", host.get_headcount_range_display() if host.headcount_range else ""),  # type: ignore[attr-defined]
    ]
