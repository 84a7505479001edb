"""The pages of those who follow signatures: where each signatory stands, and every way to help them sign."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from e2c_portal.audit.trail import record
from e2c_portal.documents import storage
from e2c_portal.documents.received_files import ENDINGS
from e2c_portal.documents.signing_steps import latest_bytes
from e2c_portal.documents.templatetags.document_words import qr_svg
from e2c_portal.documents.views.downloads import file_name
from e2c_portal.documents.views.handing_over import file_response
from e2c_portal.kernel.errors import PortalError
from e2c_portal.signing import queries
from e2c_portal.signing.forms import (
    CheckForm,
    ExtendForm,
    MandateForm,
    OnSiteForm,
    PaperForm,
    ReachForm,
    VoidForm,
)
from e2c_portal.signing.models import Envelope, Method, Signatory
from e2c_portal.signing.operations import ending, inviting, on_site, paper, standing_in
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.signing.states import envelope_state, signatory_state
from e2c_portal.ui.refusals import add_refusal, note_too_large

UNPROCESSABLE = 422
Act = Callable[[HttpRequest, Signatory, forms.Form], str]


@require_GET
@never_cache
def envelope(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show where an envelope stands."""
    return _envelope_page(request, _envelope(request, public_id))


@require_GET
@never_cache
def signatory(request: HttpRequest, public_id: UUID, person: UUID) -> HttpResponse:
    """Show one signatory and every way to help them sign."""
    return _signatory_page(request, _signatory(request, public_id, person))


@require_POST
def void(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Void the envelope, with a reason."""
    found = _envelope(request, public_id)
    form = VoidForm(request.POST, action=reverse("signing:void", args=[public_id]))
    if form.is_valid():
        try:
            ending.void(found, form.cleaned_data["reason"], request.user)
            notices.success(request, "La signature est annulée ; les personnes concernées en sont informées.")
            return redirect("signing:envelope", public_id)
        except PortalError as refusal:
            add_refusal(form, refusal)
    return _envelope_page(request, found, void_form=form)


@require_POST
def extend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give more time."""
    found = _envelope(request, public_id)
    form = ExtendForm(request.POST, action=reverse("signing:extend", args=[public_id]))
    if form.is_valid():
        try:
            ending.extend(found, form.moment(), request.user)
            notices.success(request, "La date limite est repoussée.")
            return redirect("signing:envelope", public_id)
        except PortalError as refusal:
            add_refusal(form, refusal)
    return _envelope_page(request, found, extend_form=form)


@require_POST
def act(request: HttpRequest, public_id: UUID, person: UUID, action: str) -> HttpResponse:
    """Do one thing about a signatory, then say what was done."""
    found = _signatory(request, public_id, person)
    if action not in ACTIONS:
        raise Http404
    form = _forms(found, request)[action]
    note_too_large(form, request, "file")
    if form.is_valid():
        try:
            notices.success(request, ACTIONS[action](request, found, form))
            return redirect("signing:signatory", public_id, person)
        except PortalError as refusal:
            add_refusal(form, refusal)
    return _signatory_page(request, found, {action: form}, status=UNPROCESSABLE)


@require_POST
@never_cache
def open_on_site(request: HttpRequest, public_id: UUID, person: UUID) -> HttpResponse:
    """Show, once, the QR code and the address of a signature on site."""
    found = _signatory(request, public_id, person)
    form = _forms(found, request)["sur-place"]
    if form.is_valid():
        try:
            address = on_site.open_on_site(found.pk, request.user, vouched=form.cleaned_data["vouched"])
            # The phone needs the full address; this screen is on the portal already, under whatever name it came by.
            here = urlsplit(address).path
            context = {"signatory": found, "envelope": found.envelope, "here": here, "qr": qr_svg(address)}
            return render(request, "signing/qr.html", {**context, "minutes": on_site.LIFE.seconds // 60})
        except PortalError as refusal:
            add_refusal(form, refusal)
    return _signatory_page(request, found, {"sur-place": form}, status=UNPROCESSABLE)


@require_GET
@never_cache
def document(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give the document with the signatures made so far, or the sealed one."""
    found = _envelope(request, public_id)
    try:
        sealed = found.document
        content = storage.read(sealed.file, sha256=sealed.sha256) if sealed.is_sealed else latest_bytes(sealed)
    except PortalError as fault:
        notices.error(request, fault.message)
        return redirect("signing:envelope", public_id)
    record(request.user, "envelope.document_read", found, f"Document lu : {sealed.reference}")
    return file_response(content, file_name(sealed))


@require_GET
@never_cache
def exhibit(request: HttpRequest, public_id: UUID, piece: UUID) -> HttpResponse:
    """Give a scan or a power of attorney, as a file to keep: browsers run nothing of it."""
    found = queries.exhibit_of_envelope(_envelope(request, public_id), piece)
    if found is None:
        raise Http404
    try:
        content = storage.read(found.file, sha256=found.sha256)
    except PortalError as fault:
        notices.error(request, fault.message)
        return redirect("signing:envelope", public_id)
    record(request.user, "envelope.exhibit_read", found, str(found))
    return file_response(content, f"piece-{found.public_id}.{ENDINGS[found.mime]}", found.mime, attached=True)


def _resend(request: HttpRequest, found: Signatory, form: forms.Form) -> str:
    inviting.resend(found.pk, request.user)
    return "Un nouveau lien part tout de suite ; l’ancien cessera de s’ouvrir."


def _remind(request: HttpRequest, found: Signatory, form: forms.Form) -> str:
    inviting.remind(found.pk, request.user)
    return "Le rappel part tout de suite."


def _reach(request: HttpRequest, found: Signatory, form: forms.Form) -> str:
    data = form.cleaned_data
    inviting.change_reach(
        found.pk, request.user, method=Method(data["method"]), email=data["email"], phone=data["phone"]
    )  # fmt: skip
    return "C’est enregistré."


def _paper(request: HttpRequest, found: Signatory, form: PaperForm) -> str:
    paper.record_paper(found.pk, form.upload(), form.cleaned_data["signed_on"], request.user)
    return "L’exemplaire est ajouté : une autre personne doit maintenant le contrôler."


def _check(request: HttpRequest, found: Signatory, form: forms.Form) -> str:
    accepted = form.cleaned_data["accepted"] == "yes"
    paper.check_paper(found.pk, request.user, accepted=accepted, remark=form.cleaned_data["remark"])
    return "L’exemplaire compte comme signature." if accepted else "L’exemplaire est écarté."


def _mandate(request: HttpRequest, found: Signatory, form: MandateForm) -> str:
    successor = standing_in.attach_mandate(found.pk, form.stand_in(), form.upload(), request.user)
    return f"Le mandat est joint ; {successor.full_name} est invité à signer."


BUTTONS = ("renvoyer", "rappeler")
ACTIONS: dict[str, Any] = {
    "renvoyer": _resend,
    "rappeler": _remind,
    "joindre-autrement": _reach,
    "papier": _paper,
    "controler": _check,
    "mandat": _mandate,
}


def _errors(changed: dict[str, forms.Form] | None, name: str) -> list[str]:
    """Return what was refused to a mere button: it has no form of its own to say it."""
    return list(changed[name].non_field_errors()) if changed and name in changed else []


def _forms(found: Signatory, request: HttpRequest | None = None) -> dict[str, forms.Form]:
    def address(name: str) -> str:
        return reverse("signing:act", args=[found.envelope.public_id, found.public_id, name])

    sent = (request.POST, request.FILES) if request else ()
    on_site_url = reverse("signing:open_on_site", args=[found.envelope.public_id, found.public_id])
    return {
        "renvoyer": forms.Form(*sent),
        "rappeler": forms.Form(*sent),
        "joindre-autrement": ReachForm(*sent, signatory=found, action=address("joindre-autrement")),
        "papier": PaperForm(*sent, action=address("papier")),
        "controler": CheckForm(*sent, action=address("controler")),
        "mandat": MandateForm(*sent, action=address("mandat")),
        "sur-place": OnSiteForm(*sent, person=found.full_name, action=on_site_url),
    }


def _envelope(request: HttpRequest, public_id: UUID) -> Envelope:
    found = queries.envelope_managed_by(request.user, public_id)
    if found is None:
        raise Http404
    return found


def _signatory(request: HttpRequest, public_id: UUID, person: UUID) -> Signatory:
    found = queries.signatory_of_envelope(_envelope(request, public_id), person)
    if found is None:
        raise Http404
    return found


def _envelope_page(
    request: HttpRequest, found: Envelope, *, void_form: VoidForm | None = None, extend_form: ExtendForm | None = None
) -> HttpResponse:
    status = UNPROCESSABLE if void_form or extend_form else 200
    context = {
        "envelope": found, "document": found.document, "state": envelope_state(found),
        "lines": [(line, signatory_state(line.signatory)) for line in queries.lines_of(found)],
        "page_url": purpose_of(found).page_url(found), "evidence_file": queries.evidence_file_of(found),
        "void_form": void_form or VoidForm(action=reverse("signing:void", args=[found.public_id])),
        "extend_form": extend_form or ExtendForm(action=reverse("signing:extend", args=[found.public_id])),
    }  # fmt: skip
    return render(request, "signing/envelope.html", context, status=status)


def _signatory_page(
    request: HttpRequest, found: Signatory, changed: dict[str, forms.Form] | None = None, *, status: int = 200
) -> HttpResponse:
    [line] = [line for line in queries.lines_of(found.envelope) if line.signatory.pk == found.pk]
    context = {
        "line": line, "signatory": found, "envelope": found.envelope, "document": found.envelope.document,
        "state": signatory_state(found), "acting": found.envelope.is_open and found.is_unfinished,
        "forms": {name.replace("-", "_"): form for name, form in ({**_forms(found), **(changed or {})}).items()},
        "refusals": [error for name in BUTTONS for error in _errors(changed, name)],
        "page_url": purpose_of(found.envelope).page_url(found.envelope),
    }  # fmt: skip
    return render(request, "signing/signatory.html", context, status=status)
