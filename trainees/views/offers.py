"""Offers of places: the list for the whole network, one offer, who takes a place, how it ends."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.submissions import record_of
from e2c_portal.ui.pages import ShortPaginator
from partnerships.diffusion import shown_name
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.hosting import OFFER_CHOICES, ListForm, OfferForm, ReasonForm, school_of
from trainees.models import InternshipOffer
from trainees.operations.hosting import close_offer, give_place_back, save_offer, take_place
from trainees.permissions import TraineePermission
from trainees.reads.approaches import contacts_of_host
from trainees.reads.offers import (
    internships_that_may_take,
    offer_known_to,
    offers_searched,
    offers_visible_to,
    state_of,
    uses_of,
)
from trainees.reads.visible import internship_known_to, own_schools
from trainees.views.hosts import (
    find_host,
    host_act,
    require,
    searching_scope,
    show_or_save,
    writes_companies,
)

PER_PAGE = 25
ALL, MINORS = "toutes", "mineurs"


@require_safe
def offer_list(request: HttpRequest) -> HttpResponse:
    """Show the offers of all companies to all schools, those open first."""
    searching_scope(request)
    form = ListForm(request.GET, OFFER_CHOICES, "Métier, entreprise ou ville")
    page = ShortPaginator(_narrowed(request, form), PER_PAGE, in_order=True).get_page(request.GET.get("page"))
    for offer in page:
        offer.where = state_of(offer)
        offer.told_name = shown_name(offer.establishment.company, writer=writes_companies(request))
    return render(request, "trainees/offers.html", {"form": form, "page_obj": page})


def offers_on_screen(request: HttpRequest) -> QuerySet[InternshipOffer] | None:
    """Return the offers that match, all pages together; None outside the network."""
    if scope_of(request.user).empty:
        return None
    return _narrowed(request, ListForm(request.GET, OFFER_CHOICES))


def _narrowed(request: HttpRequest, form: ListForm) -> QuerySet[InternshipOffer]:
    return offers_searched(
        offers_visible_to(scope_of(request.user)), form.words(), everything=form.state() == ALL,
        minors=form.state() == MINORS, writer=writes_companies(request),
    )  # fmt: skip


@show_or_save
def offer_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record places that a company told."""
    host = find_host(request, pk)
    require(request, TraineePermission.WRITE_OFFER)
    scope = scope_of(request.user)
    # Told to the Région, an offer is of no school in particular.
    schools = own_schools(scope) if scope.school_ids else own_schools(scope).none()
    choices = {"school": schools, "contact": contacts_of_host(host)}
    form = OfferForm(
        InternshipOffer(establishment=host, school=school_of(schools)), request.POST or None,
        cancel_url=reverse("trainees:host", args=[host.pk]), choices=choices,
    )  # fmt: skip
    if sent_before := record_of(form.sending(), request.user, InternshipOffer):
        return redirect(sent_before)
    if form.is_valid():
        made = saved(form, lambda: save_offer(form.instance, request.user, sending=form.sending()))
        if made:
            messages.success(request, "L’offre est visible par toutes les écoles.")
            return redirect(made)
    return host_act(request, host, form, "Enregistrer une offre")


@require_safe
def offer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an offer, the internships of my school on it, and those that may take a place."""
    offer = _found(request, pk)
    scope = scope_of(request.user)
    where = state_of(offer)
    may_place = request.user.has_perm(TraineePermission.WRITE_INTERNSHIP) and bool(scope.school_ids)
    uses = list(uses_of(offer, scope))
    context = {
        "offer": offer, "where": where, "name": shown_name(offer.establishment.company, writer=writes_companies(request)),
        "uses": uses, "others": offer.taken - len(uses) if scope.school_ids else 0,
        "candidates": list(internships_that_may_take(offer, scope)[:50]) if may_place and where.tone == "success" else [],
        "may_place": may_place, "may_close": offer.closed_on is None and _may_close(request, offer),
        "named": bool(scope.school_ids),
    }  # fmt: skip
    return render(request, "trainees/offer.html", context)


@show_or_save
def offer_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an offer, with a reason."""
    offer = _found(request, pk)
    require(request, TraineePermission.WRITE_OFFER, offer if offer.school_id else None)
    form = ReasonForm(request.POST or None, submit="Fermer l’offre", cancel_url=offer.get_absolute_url())
    if form.is_valid() and saved(form, lambda: close_offer(offer.pk, form.cleaned_data["reason"], request.user)):
        messages.success(request, "L’offre est fermée.")
        return redirect(offer)
    return host_act(request, offer.establishment, form, "Fermer l’offre")


@require_POST
def offer_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an internship of my school on a place."""
    offer = _found(request, pk)
    require(request, TraineePermission.WRITE_INTERNSHIP)
    internship = internship_known_to(scope_of(request.user), _number(request.POST.get("stage", "")))
    if internship is None:
        messages.warning(request, "Choisissez un stage.")
        return redirect(offer)
    require(request, TraineePermission.WRITE_INTERNSHIP, internship)
    return _told(request, offer, lambda: take_place(offer.pk, internship.pk, request.user), "La place est prise.")


@require_POST
def offer_give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an internship of my school off a place it was put on by mistake."""
    offer = _found(request, pk)
    internship = internship_known_to(scope_of(request.user), _number(request.POST.get("stage", "")))
    if internship is None:
        raise Http404
    require(request, TraineePermission.WRITE_INTERNSHIP, internship)
    return _told(request, offer, lambda: give_place_back(internship.pk, request.user), "La place est rendue.")


def _told(request: HttpRequest, offer: InternshipOffer, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except PortalError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect(offer)


def _may_close(request: HttpRequest, offer: InternshipOffer) -> bool:
    may = request.user.has_perm
    return may(TraineePermission.WRITE_OFFER, offer) if offer.school_id else may(TraineePermission.WRITE_OFFER)


def _found(request: HttpRequest, pk: int) -> InternshipOffer:
    offer = offer_known_to(searching_scope(request), pk)
    if offer is None:
        raise Http404
    return offer


def _number(typed: str) -> int:
    return int(typed[:15]) if typed.isdecimal() else 0
