"""The places that a company offers, on its own space: propose some, see what became of them, withdraw one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from e2c_portal.kernel.errors import PortalError
from e2c_portal.links.visits import Visit
from partnerships.models import CompanyContact
from partnerships.space_pages import SpacePage
from partnerships.views.saving import saved
from partnerships.views.space import see, space_page, visitor_of
from trainees.forms.company_offers import CompanyOfferForm
from trainees.operations.hosting import propose_offer, withdraw_offer
from trainees.reads.offers import offers_of_company, places_of_company, state_of

UNPROCESSABLE, SHOWN = 422, 50
DONE, WITHDRAW = "fait", "retirer"


def offers(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Propose places, read the offers of the company; POST with `retirer` withdraws one."""
    contact = visitor_of(visit)
    if visit.item not in ("", DONE):
        raise Http404
    refusal = ""
    if request.method == "POST" and WITHDRAW in request.POST:
        refusal = _withdrawn(request.POST[WITHDRAW], contact)
        if not refusal:
            return see(visit.url("places"))
    places = list(places_of_company(contact))
    typed: Any = request.POST if request.method == "POST" and WITHDRAW not in request.POST else None
    form = CompanyOfferForm(typed, places=places, action=visit.url("places"))
    if form.is_valid():
        key = form.cleaned_data["form_key"]
        if saved(form, lambda: propose_offer(form.offer(contact), contact.pk, key)):
            return see(visit.url("places", DONE))
    told = list(offers_of_company(contact)[:SHOWN])
    for offer in told:
        offer.where = state_of(offer)  # type: ignore[attr-defined]
    context = {
        "form": form, "places": places, "told": told, "done": visit.item == DONE, "refusal": refusal,
        "here": visit.url("places"), "withdraw": WITHDRAW,
    }  # fmt: skip
    refused = bool(form.errors or refusal)
    return space_page(
        request, visit, contact, "trainees/space/offers.html", context, status=UNPROCESSABLE if refused else 200
    )


def _withdrawn(typed: str, contact: CompanyContact) -> str:
    """Withdraw the offer named in the form; return what prevents it, empty when nothing does. 404 for another company’s."""
    number = int(typed[:15]) if typed.isdecimal() else 0
    if not offers_of_company(contact).filter(pk=number).exists():
        raise Http404
    try:
        withdraw_offer(number, contact.pk)
    except PortalError as error:
        return error.message
    return ""


OFFERS = SpacePage("places", "Places de stage", "Proposer des places de stage", "calendar-plus", offers)
