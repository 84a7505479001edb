"""The page that puts a convention or an amendment to signature, the first time or again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from e2c_portal.kernel.errors import Overtaken, PortalError
from e2c_portal.ui.refusals import add_refusal
from partnerships import amendment_life, workflows
from partnerships.admin.amendments import ConventionAmendments, page_of_amendment
from partnerships.admin.writing import page_of
from partnerships.models import ConventionAmendment, PartnershipConvention
from partnerships.operations.amendments import move_amendment
from partnerships.operations.moves import move_convention
from partnerships.operations.signatures import (
    make_document_again,
    people_of_amendment,
    people_of_convention,
    sign_amendment_again,
    sign_convention_again,
)
from partnerships.permissions import PartnershipPermission
from partnerships.signature_forms import SignatureForm
from partnerships.signature_sheet import signature_panel

TEMPLATE = "admin/partnerships/signature/ask.html"
SEND = "send_to_sign"
Subject = PartnershipConvention | ConventionAmendment


class ConventionSignatures(ConventionAmendments):
    """Ask for signatures: who signs how, then one operation."""

    def get_urls(self) -> list[URLPattern]:
        def ours(route: str, view: Any, name: str) -> URLPattern:
            name = f"partnerships_partnershipconvention_{name}"
            return path(f"<int:pk>/{route}", self.admin_site.admin_view(view), name=name)

        amendment = "avenants/<int:amendment_pk>/"
        return [
            ours("signature/", self.signature_view, "signature"),
            ours(f"{amendment}signature/", self.amendment_signature_view, "amendment_signature"),
            ours(f"{amendment}document/", require_POST(self.amendment_document_view), "amendment_document"),
            *super().get_urls(),
        ]

    def signature_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask how each signatory of a convention signs, and open the signature."""
        convention = self.find(request, pk)
        if not request.user.has_perm(PartnershipPermission.MOVE_CONVENTION):
            raise PermissionDenied
        people = people_of_convention(convention.pk)
        missing = _missing(workflows.CONVENTION_LIFE, convention)

        def send(form: SignatureForm) -> object:
            if convention.status == workflows.TO_SIGN:
                why = form.cleaned_data.get("why", "")
                return sign_convention_again(convention.pk, form.plan(), request.user, why_new=why)
            return move_convention(
                convention.pk, SEND, request.user, seen_state=form.cleaned_data["seen_state"] or None, plan=form.plan()
            )

        context = {"convention": convention, "page_url": page_of(convention), "missing": missing}
        return _ask(request, convention, people, send, context)

    def amendment_signature_view(self, request: HttpRequest, pk: int, amendment_pk: int) -> HttpResponse:
        """Ask how each signatory of an amendment signs, and open the signature."""
        amendment = self.find_amendment(request, pk, amendment_pk)
        if not request.user.has_perm(PartnershipPermission.WRITE_AMENDMENT):
            raise PermissionDenied
        people = people_of_amendment(amendment.pk)
        missing = _missing(amendment_life.AMENDMENT_LIFE, amendment)

        def send(form: SignatureForm) -> object:
            if amendment.status == amendment_life.TO_SIGN:
                why = form.cleaned_data.get("why", "")
                return sign_amendment_again(amendment.pk, form.plan(), request.user, why_new=why)
            return move_amendment(
                amendment.pk, SEND, request.user, seen_state=form.cleaned_data["seen_state"] or None, plan=form.plan()
            )

        page = page_of_amendment(amendment)
        context = {"convention": amendment.convention, "amendment": amendment, "page_url": page, "missing": missing}
        return _ask(request, amendment, people, send, context)

    def amendment_document_view(self, request: HttpRequest, pk: int, amendment_pk: int) -> HttpResponse:
        """Have the document to sign made again after a failure."""
        amendment = self.find_amendment(request, pk, amendment_pk)
        try:
            make_document_again(ConventionAmendment, amendment.pk, request.user)
        except PortalError as refusal:
            messages.error(request, refusal.message)
        return redirect(page_of_amendment(amendment))


def _missing(life: Any, subject: Subject) -> list[str]:
    """Return what prevents the first signature; asked again, nothing of the text has changed."""
    return life.move(SEND).missing(subject) if subject.status != "to_sign" else []


def _ask(
    request: HttpRequest,
    subject: Subject,
    people: list[Any],
    send: Callable[[SignatureForm], object],
    context: dict[str, Any],
) -> HttpResponse:
    panel = signature_panel("convention_amendment" if "amendment" in context else "convention", subject)
    if subject.status not in ("deliberated", "draft", "voted", "to_sign") or (panel and panel.is_complete):
        messages.warning(
            request, f"Ce texte ne se met pas à la signature maintenant : il est « {subject.state.label} »."
        )
        return redirect(context["page_url"])
    form = SignatureForm(
        people, request.POST if request.method == "POST" else None, state=subject.status,
        former=panel.envelope if panel and subject.status == "to_sign" else None, cancel_url=context["page_url"],
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            send(form)
        except Overtaken as refusal:
            messages.warning(request, refusal.message)
            return redirect(context["page_url"])
        except PortalError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Le document se fabrique ; chaque signataire est invité dès qu’il est prêt.")
            return redirect(context["page_url"])
    return TemplateResponse(request, TEMPLATE, {**context, "form": form}, status=422 if form.errors else 200)


def signature_page_of(subject: Subject) -> str:
    """Return the address of the page that asks for signatures."""
    name = "admin:partnerships_partnershipconvention_"
    if isinstance(subject, ConventionAmendment):
        return reverse(f"{name}amendment_signature", args=[subject.convention_id, subject.pk])
    return reverse(f"{name}signature", args=[subject.pk])
