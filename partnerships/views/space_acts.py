"""What a contact does in the space of its company: GET shows, POST acts once, then a page says what was done."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.nir import refuse_nir
from e2c_portal.links.visits import Visit
from e2c_portal.mailing import preferences
from e2c_portal.mailing.addresses import address_sha256
from e2c_portal.mailing.message_types import mail_type_named
from e2c_portal.signing.operations.inviting import resend
from e2c_portal.ui.refusals import note_too_large
from partnerships.models import CompanyContact
from partnerships.operations.deliveries import report_delivery
from partnerships.operations.replacements import name_replacement
from partnerships.operations.requests import receive_request
from partnerships.progress import PromiseProgress, progress_of
from partnerships.space_access import living_link
from partnerships.space_emails import STOPPED_BY_CONTACTS
from partnerships.space_forms import ReplacementForm, ReportForm, RequestForm, WishesForm
from partnerships.space_queries import (
    conventions_in_force,
    reported_by,
    requests_of,
    shown_conventions,
    signatures_awaited,
)
from partnerships.views.saving import saved
from partnerships.views.space import see, space_page, visitor_of

UNPROCESSABLE = 422
# The words of addresses that are not the number of a row.
CORRECT, DONE = "coordonnees", "fait"


def signature(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Send again the message by which this very person signs."""
    contact = visitor_of(visit)
    awaited = signatures_awaited(contact, shown_conventions(contact.company))
    signatory = next((row for row in awaited if str(row.public_id) == visit.item), None)
    if signatory is None:
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            resend(signatory.pk)
            return see(visit.url("signature", visit.item) + "?envoye")
        except PortalError as error:
            refusal = error.message
    context = {
        "signatory": signatory,
        "refusal": refusal,
        "sent": "envoye" in request.GET,
        "here": visit.url("signature", visit.item),
    }
    return space_page(
        request, visit, contact, "partnerships/space/signature.html", context, status=UNPROCESSABLE if refusal else 200
    )


def requests(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for a change, and read what was asked and answered."""
    contact = visitor_of(visit)
    conventions = list(shown_conventions(contact.company))
    initial = {"kind": "contact"} if visit.item == CORRECT else {}
    form = RequestForm(_posted(request), conventions=conventions, initial=initial, action=visit.url("demandes"))
    if form.is_valid():
        found = saved(form, lambda: receive_request(contact.pk, form.asked(), form.cleaned_data["form_key"]))
        if found:
            return see(visit.url("demandes", str(found.pk)))
    asked = list(requests_of(contact)[:50])
    received = next((row for row in asked if str(row.pk) == visit.item), None)
    if visit.item not in ("", CORRECT) and received is None:
        raise Http404
    context = {"form": form, "asked": asked, "received": received}
    return space_page(request, visit, contact, "partnerships/space/requests.html", context, status=_status(form))


def delivery(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Choose a promise, say what was done of it, and read what became of what was said."""
    contact = visitor_of(visit)
    if visit.item in ("", DONE):
        return _promises_page(request, visit, contact)
    promise = _promise_named(contact, visit.item)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ReportForm(
        data, files, unit=promise.unit, cancel_url=visit.url("realisation"), action=visit.url("realisation", visit.item)
    )
    note_too_large(form, request, "proof")
    if form.is_valid() and saved(form, lambda: _reported(promise, form, contact)):
        return see(visit.url("realisation", DONE))
    context = {"form": form, "promise": promise}
    return space_page(request, visit, contact, "partnerships/space/delivery.html", context, status=_status(form))


def _promises_page(request: HttpRequest, visit: Visit, contact: CompanyContact) -> HttpResponse:
    conventions = list(conventions_in_force(contact.company))
    progress = progress_of(conventions)
    lines = [
        (convention, [(row, visit.url("realisation", f"{convention.pk}-{row.key}")) for row in progress[convention.pk]])
        for convention in conventions
    ]
    context = {"lines": lines, "told": list(reported_by(contact.company)[:20]), "done": visit.item == DONE}
    return space_page(request, visit, contact, "partnerships/space/promises.html", context)


def _promise_named(contact: CompanyContact, item: str) -> PromiseProgress:
    """Return the promise that the address names as "12-3"; 404 unless it is one of this very company, in force."""
    for convention_id, promises in progress_of(conventions_in_force(contact.company)).items():
        for promise in promises:
            if item == f"{convention_id}-{promise.key}":
                return promise
    raise Http404


def _reported(promise: PromiseProgress, form: ReportForm, contact: CompanyContact) -> object:
    """Report a delivery. Raises Refused for a social security number."""
    refuse_nir(form.cleaned_data["description"])
    return report_delivery(promise.convention.pk, promise.key, form.text(), contact.pk)


def replacement(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Name who takes one's place. Named from today on, this very link is over: the answer itself says so."""
    contact = visitor_of(visit)
    form = ReplacementForm(_posted(request), cancel_url=visit.url())
    if form.is_valid():
        named = saved(
            form, lambda: name_replacement(contact.pk, form.successor(), form.cleaned_data["form_key"])
        )  # fmt: skip
        if named and living_link(contact):
            return see(visit.url("remplacant", DONE))
        if named:
            return space_page(request, visit, contact, "partnerships/space/replaced.html", {"named": named, "ways": []})
    named = contact.replacements.select_related("successor").first() if visit.item == DONE else None
    return space_page(
        request,
        visit,
        contact,
        "partnerships/space/replacement.html",
        {"form": form, "named": named},
        status=_status(form),
    )


def messages(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Say which messages come, and stop or take again those that may be stopped."""
    contact = visitor_of(visit)
    kinds = [mail_type_named(name) for name in STOPPED_BY_CONTACTS]
    address = address_sha256(contact.email)
    stopped = preferences.stopped_kinds(address)
    initial = {"wanted": [kind.name for kind in kinds if kind.name not in stopped]}
    form = WishesForm(_posted(request), kinds=kinds, initial=initial, action=visit.url("messages"))
    if form.is_valid():
        wanted = set(form.cleaned_data["wanted"])
        preferences.choose(address, [kind.name for kind in kinds if kind.name not in wanted], kinds)
        return see(visit.url("messages", DONE))
    context = {"form": form, "saved": visit.item == DONE}
    return space_page(request, visit, contact, "partnerships/space/messages.html", context, status=_status(form))


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _status(form: forms.BaseForm) -> int:
    return UNPROCESSABLE if form.errors else 200
