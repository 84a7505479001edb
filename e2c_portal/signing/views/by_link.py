"""The pages of a signatory, reached by a personal link: GET shows, POST acts, then the page says what was done."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from e2c_portal.documents.storage import StorageFault
from e2c_portal.kernel.errors import PortalError
from e2c_portal.links.visits import Visit
from e2c_portal.mailing.models import Message
from e2c_portal.signing.forms import ChannelForm, CodeForm, DelegationForm, RefusalForm, channel_choices
from e2c_portal.signing.models import Signatory
from e2c_portal.signing.operations import codes, signing, standing_in
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.signing.queries import code_message, living_code
from e2c_portal.signing.signatory_links import signatory_of
from e2c_portal.signing.views.shown import context_of, pdf_response
from e2c_portal.signing.visitors import Visitor
from e2c_portal.ui.refusals import add_refusal

UNPROCESSABLE, UNAVAILABLE = 422, 503


def read(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show what is to be signed, by whom, and the ways on; or where things stand."""
    return _read_page(request, visit, _signatory(visit))


def document(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give the exact bytes that are signed."""
    signatory = _signatory(visit)
    try:
        return pdf_response(request, signatory)
    except (PortalError, StorageFault) as fault:
        return _page(request, visit, signatory, "signing/unavailable.html", {"fault": fault}, status=UNAVAILABLE)


def explain(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Tell the document in plain words, on a page light enough for a small phone: no script, one small style sheet."""
    signatory = _signatory(visit)
    told = purpose_of(signatory.envelope).explained(signatory.envelope, signatory)
    if told is None:
        return _see(visit.url())
    return _page(request, visit, signatory, "signing/explained.html", {"told": told})


def code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Have a code sent, then show where to type it."""
    signatory = _signatory(visit)
    if request.method != "POST":
        return _see(visit.url())
    form = _channel_form(visit, signatory, request.POST)
    if form.is_valid():
        try:
            codes.request_code(
                signatory.pk, form.cleaned_data["channel"], Visitor.of(request), link=visit.link
            )  # fmt: skip
            return _see(visit.url("signer"))
        except PortalError as refusal:
            add_refusal(form, refusal)
    return _read_page(request, visit, signatory, channel_form=form, status=UNPROCESSABLE)


def sign(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Type the code, accept, sign."""
    signatory = _signatory(visit)
    if request.method != "POST":
        context = context_of(signatory)
        if not context["standing"].open:
            return _see(visit.url())
        form = _code_form(visit, signatory, initial={"shown": context["shown_sha256"]})
        return _sign_page(request, visit, signatory, form)
    form = _code_form(visit, signatory, data=request.POST)
    if form.is_valid():
        try:
            signing.sign(
                signatory.pk, typed_code=form.cleaned_data["code"], consented=form.cleaned_data["consent"],
                shown_sha256=form.cleaned_data["shown"], visitor=Visitor.of(request), link=visit.link,
            )  # fmt: skip
            return _see(visit.url())
        except PortalError as refusal:
            add_refusal(form, refusal)
    return _sign_page(request, visit, signatory, form, status=UNPROCESSABLE)


def refuse(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Refuse to sign, with a reason."""
    signatory = _signatory(visit)
    form = RefusalForm(request.POST if request.method == "POST" else None, cancel_url=visit.url())
    if request.method == "POST" and form.is_valid():
        try:
            signing.refuse(signatory.pk, form.cleaned_data["reason"], Visitor.of(request), link=visit.link)
            return _see(visit.url())
        except PortalError as refusal:
            add_refusal(form, refusal)
    return _form_page(request, visit, signatory, "signing/refuse.html", form)


def delegate(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Name the right person, in one step."""
    signatory = _signatory(visit)
    form = DelegationForm(request.POST if request.method == "POST" else None, cancel_url=visit.url())
    if request.method == "POST" and form.is_valid():
        try:
            standing_in.delegate(signatory.pk, form.stand_in(), Visitor.of(request), link=visit.link)
            return _see(visit.url())
        except PortalError as refusal:
            add_refusal(form, refusal)
    return _form_page(request, visit, signatory, "signing/delegate.html", form)


def _signatory(visit: Visit) -> Signatory:
    signatory = signatory_of(visit.link.subject)
    if signatory is None:
        raise PortalError("Ce lien ne mène plus à une signature.", code="no_signatory")
    return signatory


def _channel_form(visit: Visit, signatory: Signatory, data: Any = None) -> ChannelForm:
    choices = channel_choices(codes.channels_of(signatory), signatory.email, signatory.phone)
    return ChannelForm(data, choices=choices, action=visit.url("code"))


def _code_form(visit: Visit, signatory: Signatory, **options: Any) -> CodeForm:
    text = purpose_of(signatory.envelope).consent_text(signatory.envelope, signatory)
    return CodeForm(consent_text=text, cancel_url=visit.url(), **options)


def _read_page(
    request: HttpRequest,
    visit: Visit,
    signatory: Signatory,
    *,
    channel_form: ChannelForm | None = None,
    status: int = 200,
) -> HttpResponse:
    form = channel_form or _channel_form(visit, signatory)
    return _page(request, visit, signatory, "signing/read.html", {"channel_form": form}, status=status)


def _sign_page(
    request: HttpRequest, visit: Visit, signatory: Signatory, form: CodeForm, *, status: int = 200
) -> HttpResponse:
    alive = living_code(signatory)
    message = code_message(signatory, alive) if alive else None
    more = {
        "form": form, "code": alive, "code_left": bool(alive and alive.sent_at), "code_trouble": _trouble(message),
        "channel_form": _channel_form(visit, signatory),
        "too_late": bool(alive and alive.expires_at and timezone.now() >= alive.expires_at),
    }  # fmt: skip
    return _page(request, visit, signatory, "signing/sign.html", more, status=status)


def _trouble(message: Message | None) -> str:
    """Say in one sentence that the code has trouble leaving, empty when all is well."""
    if message is None or message.status == "sent":
        return ""
    # A service that does not answer costs a message no attempt.
    if message.is_waiting and message.attempts == 0 and message.unreachable_at is None:
        return ""
    if message.is_waiting:
        return "Le service d’envoi ne répond pas pour le moment ; il est essayé de nouveau."
    return "Le code n’a pas pu vous parvenir. Demandez-le par l’autre moyen, ou un peu plus tard."


def _form_page(
    request: HttpRequest, visit: Visit, signatory: Signatory, template: str, form: forms.Form
) -> HttpResponse:
    if request.method != "POST" and not context_of(signatory)["standing"].open:
        return _see(visit.url())
    return _page(request, visit, signatory, template, {"form": form}, status=UNPROCESSABLE if form.errors else 200)


def _page(
    request: HttpRequest, visit: Visit, signatory: Signatory, template: str, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    addresses = {name: visit.url(name) for name in ("document", "en-clair", "signer", "refuser", "deleguer")}
    context = {
        **context_of(signatory), "first_url": visit.url(), "urls": addresses, "explain_url": addresses["en-clair"], **more
    }  # fmt: skip
    return render(request, template, context, status=status)


def _see(url: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
