"""What is done to a convention by buttons: its moves and the fabrication of its document."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from e2c_portal.documents.views.fragments import fragment
from e2c_portal.kernel.errors import Overtaken, PortalError
from e2c_portal.kernel.workflow import Move
from e2c_portal.ui.refusals import add_refusal
from partnerships import workflows
from partnerships.admin.writing import ConventionPages, page_of
from partnerships.forms import MoveForm
from partnerships.models import PartnershipConvention
from partnerships.operations.moves import move_convention
from partnerships.operations.sealing import seal_convention
from partnerships.queries import already_moved
from partnerships.sheet import SEND, sheet_of

FOLDER = "admin/partnerships/partnershipconvention"


class ConventionSteps(ConventionPages):
    """The pages behind the buttons. Every one works without JavaScript."""

    def get_urls(self) -> list[URLPattern]:
        def ours(route: str, view: Any, name: str) -> URLPattern:
            name = f"partnerships_partnershipconvention_{name}"
            return path(f"<int:pk>/{route}", self.admin_site.admin_view(view), name=name)

        return [
            ours("etape/<slug:name>/", self.move_view, "move"),
            ours("document/", require_POST(self.seal_view), "seal"),
            ours("suivi/", require_safe(self.progress_view), "progress"),
            *super().get_urls(),
        ]

    def move_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Show what a move leads to and what it asks; make it when it is posted."""
        convention = self.find(request, pk)
        move = _move_or_404(name)
        if move.name == SEND:
            return redirect("admin:partnerships_partnershipconvention_signature", pk)
        if not request.user.has_perm(move.permission, convention):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        form = MoveForm(move, convention, posted, cancel_url=page_of(convention))
        if posted is None and convention.status not in move.origins:
            messages.warning(request, _too_late(convention, move))
            return redirect(page_of(convention))
        if posted is not None and form.is_valid():
            answer = self._make(request, convention, form)
            if answer:
                return answer
        context = {"convention": convention, "move": move, "form": form, "target": workflows.STATES[move.target]}
        return TemplateResponse(request, f"{FOLDER}/move.html", context)

    def _make(self, request: HttpRequest, convention: PartnershipConvention, form: MoveForm) -> HttpResponse | None:
        typed = form.cleaned_data
        try:
            move_convention(
                convention.pk, form.move.name, request.user,
                seen_state=typed["seen_state"], reason=typed.get("reason", ""), facts=form.facts(),
            )  # fmt: skip
        except Overtaken as refusal:
            if already_moved(convention, typed["seen_state"], form.move.target, request.user):
                messages.info(request, f"« {form.move.label} » : c’était déjà enregistré, par vous-même.")
            else:
                messages.warning(request, refusal.message)
        except PortalError as refusal:
            add_refusal(form, refusal)
            return None
        else:
            state = workflows.STATES[form.move.target]
            messages.success(request, f"La convention est maintenant « {state.label} ». {state.meaning}")
        return redirect(page_of(convention))

    def seal_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the sealed document."""
        convention = self.find(request, pk)
        try:
            document = seal_convention(convention, request.user)
        except PortalError as refusal:
            messages.error(request, refusal.message)
        else:
            if document.is_sealed:
                messages.info(request, "Le document scellé est déjà à jour : il n’a pas été fabriqué de nouveau.")
        return redirect(page_of(convention) + "#suivi")

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer what stands beside the text, or nothing at all while it has not changed."""
        convention = self.find(request, pk)
        sheet = sheet_of(convention, request.user)
        context = {"convention": convention, "sheet": sheet, "announced": True}
        return fragment(request, f"{FOLDER}/progress.html", context, token=sheet.mark)


def _move_or_404(name: str) -> Move:
    try:
        return workflows.CONVENTION_LIFE.move(name)
    except PortalError:
        raise Http404 from None


def _too_late(convention: PartnershipConvention, move: Move) -> str:
    return f"« {move.label} » n’est plus possible : la convention est maintenant « {convention.state.label} »."
