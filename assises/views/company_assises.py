"""The Assises on the space of a company: when one registers, oneself and colleagues, and who is registered."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from assises.forms.company_registering import CompanyGroupForm
from assises.models import Edition
from assises.operations.group_registering import GroupOutcome, cancel_for_company, register_company_group
from assises.reads.group_registering import (
    COMPANY_AT_MOST,
    closed_because,
    edition_ahead,
    is_over,
    registrations_of_company,
)
from assises.views.group_registering import told_of
from e2c_portal.kernel.errors import PortalError
from e2c_portal.links.visits import Visit
from partnerships.models import CompanyContact
from partnerships.space_pages import SpacePage
from partnerships.views.saving import saved
from partnerships.views.space import see, space_page, visitor_of

PAGE, DONE, CANCELLED, CANCEL = "assises", "fait", "annulee", "annuler"
UNPROCESSABLE = 422


def assises(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Register people of the company, see who is, cancel one (POST with `annuler`)."""
    contact = visitor_of(visit)
    if visit.item not in ("", DONE, CANCELLED):
        raise Http404
    edition = edition_ahead()
    if edition is None:
        return _page(request, visit, contact, {"edition": None, "form": None})
    refusal, outcome, form = "", None, None
    if request.method == "POST" and CANCEL in request.POST:
        refusal = _cancelled(request.POST[CANCEL], contact, edition)
        if not refusal:
            return see(visit.url(PAGE, CANCELLED))
    elif request.method == "POST":
        form, outcome = _sent(request, visit, contact, edition)
        if outcome and not outcome.refused:
            return see(visit.url(PAGE, DONE))
    context = {
        "edition": edition, "closed": closed_because(edition), "refusal": refusal, "outcome": outcome,
        "told": told_of(outcome) if outcome and outcome.registered else "", "done": visit.item == DONE, "cancelled": visit.item == CANCELLED,
        "form": form or _blank(visit, contact, edition), "people": list(registrations_of_company(contact.company, edition)),
        "may_cancel": not is_over(edition), "here": visit.url(PAGE), "cancel": CANCEL, "most": COMPANY_AT_MOST,
    }  # fmt: skip
    # What was sent and done has led elsewhere by now.
    return _page(request, visit, contact, context, status=UNPROCESSABLE if refusal or form else 200)


def _sent(
    request: HttpRequest, visit: Visit, contact: CompanyContact, edition: Edition
) -> tuple[CompanyGroupForm, GroupOutcome | None]:
    form = CompanyGroupForm(request.POST, action=visit.url(PAGE))
    outcome = None
    if form.is_valid():
        outcome = saved(form, lambda: register_company_group(edition.pk, contact.pk, form.attendees()))
    if outcome:
        form.keep_only({one.key: one.sentence for one in outcome.refused})
    return form, outcome


def _blank(visit: Visit, contact: CompanyContact, edition: Edition) -> CompanyGroupForm:
    """Return an empty form, with the contact on the first line unless they are registered."""
    known = registrations_of_company(contact.company, edition).filter(email__iexact=contact.email)
    first = (
        {} if known.exists() else {"name": contact.full_name, "job_title": contact.job_title, "email": contact.email}
    )
    return CompanyGroupForm(first=first, action=visit.url(PAGE))


def _cancelled(typed: str, contact: CompanyContact, edition: Edition) -> str:
    """Cancel the registration named in the form; return what prevents it. 404 for another company’s."""
    number = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    if not registrations_of_company(contact.company, edition).filter(pk=number).exists():
        raise Http404
    try:
        cancel_for_company(number, contact.pk)
    except PortalError as error:
        return error.message
    return ""


def _page(
    request: HttpRequest, visit: Visit, contact: CompanyContact, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return space_page(request, visit, contact, "assises/space/assises.html", more, status=status)


COMPANY_PAGE = SpacePage(PAGE, "Assises", "S’inscrire aux Assises", "calendar-days", assises)
