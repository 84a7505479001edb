"""Offers of places: which are open, how many places are left, who may be put on one."""

from datetime import date

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from e2c_portal.kernel.search import fold
from e2c_portal.kernel.workflow import State
from partnerships.diffusion import NAME_HIDDEN
from partnerships.models import Company, CompanyContact, Establishment
from schools.scope import Scope
from trainees.models import Internship, InternshipOffer, OfferUse
from trainees.models.hosting_guards import FREEING

OPEN = State("Ouverte", "Il reste des places.", "success")
FULL = State("Complète", "Toutes les places sont prises.", "neutral")
PAST = State("Passée", "La période de l’offre est terminée.", "neutral")
CLOSED = State("Fermée", "L’offre a été fermée.", "neutral")


def with_places(offers: QuerySet[InternshipOffer]) -> QuerySet[InternshipOffer]:
    """Add `taken` and `left`: a cancelled internship, or one that did not start, gives its place back."""
    uses = OfferUse.objects.filter(offer=OuterRef("pk")).exclude(internship__status__in=FREEING).order_by()
    counted = uses.values("offer").annotate(n=Count("pk")).values("n")
    taken = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    return offers.annotate(taken=taken).annotate(left=F("places") - F("taken"))


def open_offers(day: date | None = None) -> QuerySet[InternshipOffer]:
    """Return the offers that have a place left and whose period is not over."""
    day = day or timezone.localdate()
    return (
        with_places(InternshipOffer.objects.filter(closed_on=None, ends_on__gte=day)).filter(Q(left__gt=0)).order_by()
    )


def offers_to_answer(place: Establishment, internship_id: int | None = None) -> QuerySet[InternshipOffer]:
    """Return the offers of a place that an internship there may answer: those with a place left, and the one it is on already."""
    own = OfferUse.objects.filter(internship=internship_id or 0).values("offer")
    is_open = Q(closed_on=None, ends_on__gte=timezone.localdate(), left__gt=0)
    rows = with_places(InternshipOffer.objects.filter(establishment=place)).filter(is_open | Q(pk__in=own))
    return rows.select_related("trade").order_by("starts_on", "pk")


def offer_of(internship: Internship) -> InternshipOffer | None:
    """Return the offer on which an internship takes a place, None when it answers none."""
    return InternshipOffer.objects.select_related("trade").filter(uses__internship=internship.pk or 0).first()


def offers_visible_to(scope: Scope) -> QuerySet[InternshipOffer]:
    """Return the offers with their places: all schools of the network see them all."""
    if scope.empty:
        return InternshipOffer.objects.none()
    rows = InternshipOffer.objects.filter(establishment__company__merged_into=None)
    return with_places(rows.select_related("establishment__company", "trade", "contact", "school", "proposed_by"))


def offers_searched(
    offers: QuerySet[InternshipOffer], words: str, *, everything: bool, minors: bool, writer: bool
) -> QuerySet[InternshipOffer]:
    """Narrow the list: words of the trade, the company or the town; those open alone unless `everything`."""
    if not everything:
        offers = offers.filter(Q(closed_on=None, ends_on__gte=timezone.localdate(), left__gt=0))
    if minors:
        offers = offers.filter(takes_minors="yes")
    for word in fold(words).split():
        hidden = Q(establishment__company__in=Company.objects.filter(NAME_HIDDEN).values("pk"))
        company = Q(establishment__company__search__contains=word)
        offers = offers.filter(
            Q(trade__search__contains=word)
            | Q(establishment__city__icontains=word)
            | (company if writer else company & ~hidden)
        )
    return offers.order_by("starts_on", "pk")


def offer_known_to(scope: Scope, pk: int) -> InternshipOffer | None:
    """Return one offer with its places, None outside the network."""
    return offers_visible_to(scope).select_related("recorded_by").filter(pk=pk).first()


def state_of(offer: InternshipOffer, day: date | None = None) -> State:
    """Say where an offer stands on a day; it must have been read with its places."""
    if offer.closed_on:
        return CLOSED
    if offer.ends_on < (day or timezone.localdate()):
        return PAST
    return OPEN if offer.left > 0 else FULL  # type: ignore[attr-defined]


def uses_of(offer: InternshipOffer, scope: Scope) -> QuerySet[OfferUse]:
    """Return the internships of my schools on this offer; those of other schools are counted, never named."""
    rows = offer.uses.select_related("internship__trainee", "taken_by").order_by("taken_at", "pk")
    return rows if scope.whole_network else rows.filter(internship__school__in=sorted(scope.school_ids))


def internships_that_may_take(offer: InternshipOffer, scope: Scope) -> QuerySet[Internship]:
    """Return the internships of my schools in that very place, on no offer yet, that have a day in the period of this one."""
    rows = Internship.objects.filter(establishment=offer.establishment_id, offer_use=None).exclude(status__in=FREEING)
    rows = rows.filter(last_day__gte=offer.starts_on, starts_on__lte=offer.ends_on).select_related("trainee")
    return rows.filter(school__in=sorted(scope.school_ids)).order_by("starts_on", "pk")


def offers_of_company(contact: CompanyContact) -> QuerySet[InternshipOffer]:
    """Return the offers of the places of a company, for its own space, latest first."""
    rows = InternshipOffer.objects.filter(establishment__company=contact.company_id)
    return with_places(rows.select_related("establishment__company", "trade")).order_by("-recorded_at", "-pk")


def places_of_company(contact: CompanyContact) -> QuerySet[Establishment]:
    """Return the open establishments of a company, where it may offer places."""
    rows = Establishment.objects.filter(company=contact.company_id, closed_on=None)
    return rows.select_related("company").order_by("-is_head_office", "name", "pk")
