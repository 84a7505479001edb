"""Sign in front of an officer: the page behind the QR code, on the signatory's phone or on the officer's screen."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from e2c_portal.kernel.errors import PortalError
from e2c_portal.links.views import link_page
from e2c_portal.signing.forms import ConsentForm
from e2c_portal.signing.models import OnSiteSession
from e2c_portal.signing.operations.on_site import SessionOver, find_session, sign_on_site
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.signing.shared_screen import way_back
from e2c_portal.signing.views.shown import context_of, pdf_response
from e2c_portal.signing.visitors import Visitor
from e2c_portal.ui.refusals import add_refusal

GONE, UNPROCESSABLE, UNAVAILABLE = 410, 422, 503


@link_page
def on_site(request: HttpRequest, token: str) -> HttpResponse:
    """Show the document and the consent; POST signs."""
    try:
        session = find_session(token)
    except SessionOver as refusal:
        return _over(request, refusal)
    form = _form(session, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sign_on_site(
                session, consented=form.cleaned_data["consent"], shown_sha256=form.cleaned_data["shown"],
                visitor=Visitor.of(request),
            )  # fmt: skip
            return _see(reverse("signing:on_site", args=[token]))
        except SessionOver as refusal:
            return _over(request, refusal)
        except PortalError as refusal:
            add_refusal(form, refusal)
    context: dict[str, Any] = {
        **context_of(session.signatory), "session": session, "form": form,
        "document_url": reverse("signing:on_site_document", args=[token]),
        "way_back": way_back(request, session.signatory),
    }  # fmt: skip
    return render(request, "signing/on_site.html", context, status=UNPROCESSABLE if form.errors else 200)


@link_page
def on_site_document(request: HttpRequest, token: str) -> HttpResponse:
    """Give the exact bytes that are signed."""
    try:
        return pdf_response(request, find_session(token).signatory)
    except SessionOver as refusal:
        return _over(request, refusal)
    except PortalError as fault:
        return render(request, "signing/over.html", _closed(request, fault), status=UNAVAILABLE)


def _form(session: OnSiteSession, data: Any) -> ConsentForm:
    signatory = session.signatory
    text = purpose_of(signatory.envelope).consent_text(signatory.envelope, signatory)
    return ConsentForm(data, consent_text=text, initial={"shown": context_of(signatory)["shown_sha256"]})


def _over(request: HttpRequest, refusal: SessionOver) -> HttpResponse:
    return render(request, "signing/over.html", _closed(request, refusal), status=GONE)


def _closed(request: HttpRequest, refusal: PortalError) -> dict[str, Any]:
    return {"refusal": refusal, "way_back": way_back(request)}


def _see(url: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
