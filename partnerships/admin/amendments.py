"""The pages where amendments are written and moved, under the page of their convention."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from e2c_portal.kernel.errors import Overtaken, PortalError
from e2c_portal.ui.refusals import add_refusal, refusal_of_database
from partnerships import amendment_life as life
from partnerships.admin.writing import ConventionPages, page_of
from partnerships.amendment_documents import before_and_after
from partnerships.amendment_forms import AmendmentWriting
from partnerships.amendment_sheet import amendment_sheet, facts_of_amendment, history_of_amendment
from partnerships.consolidation import consolidated
from partnerships.forms import MoveForm
from partnerships.models import ConventionAmendment, PartnershipConvention
from partnerships.operations.amendments import draft_amendment, move_amendment, revise_amendment
from partnerships.permissions import PartnershipPermission
from partnerships.queries import amendment_in_full, convention_with_amendments
from partnerships.sheet import SEND

FOLDER = "admin/partnerships/amendment"


def page_of_amendment(amendment: ConventionAmendment) -> str:
    """Return the address of an amendment's page here."""
    return reverse("admin:partnerships_partnershipconvention_amendment", args=[amendment.convention_id, amendment.pk])


class ConventionAmendments(ConventionPages):
    """Add, change, read and move an amendment: one operation for each."""

    def get_urls(self) -> list[URLPattern]:
        def ours(route: str, view: Any, name: str) -> URLPattern:
            name = f"partnerships_partnershipconvention_{name}"
            return path(f"<int:pk>/avenants/{route}", self.admin_site.admin_view(view), name=name)

        return [
            ours("nouveau/", self.add_amendment_view, "amendment_add"),
            ours("<int:amendment_pk>/", self.amendment_view, "amendment"),
            ours("<int:amendment_pk>/etape/<slug:name>/", self.amendment_move_view, "amendment_move"),
            *super().get_urls(),
        ]

    def add_amendment_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the text in force, to be changed; create the draft when it is posted."""
        convention = convention_with_amendments(self.find(request, pk).pk)
        _require(request)
        if missing := life.life_missing(ConventionAmendment(convention=convention)):
            messages.error(request, missing[0])
            return redirect(page_of(convention))
        posted = request.POST if request.method == "POST" else None
        writing = AmendmentWriting(consolidated(convention).agreement, None, posted)
        if posted is not None and writing.is_valid():
            saved = _written(
                writing,
                lambda: draft_amendment(convention.pk, writing.text(), request.user, sending=writing.form.sending()),
            )
            if saved:
                messages.success(
                    request, f"L’avenant n° {saved.number} est créé. Relisez le texte que le portail en a tiré."
                )
                return redirect(page_of_amendment(saved))
        return self._show_amendment(request, convention, None, writing)

    def amendment_view(self, request: HttpRequest, pk: int, amendment_pk: int) -> HttpResponse:
        """Show an amendment; while it is a draft, let its text be changed."""
        amendment = self.find_amendment(request, pk, amendment_pk)
        may_write = amendment.is_editable and request.user.has_perm(PartnershipPermission.WRITE_AMENDMENT)
        if request.method == "POST":
            _require(request)
        posted = request.POST if request.method == "POST" else None
        reading = before_and_after(amendment)[1]
        writing = AmendmentWriting(reading, amendment, posted) if may_write or posted is not None else None
        if writing and posted is not None and writing.is_valid():
            revision = writing.form.cleaned_data["revision"] or 0
            try:
                saved = _written(
                    writing, lambda: revise_amendment(amendment.pk, revision, writing.text(), request.user)
                )
            except Overtaken as refusal:
                amendment = self.find_amendment(request, pk, amendment_pk)
                writing.now_seeing(amendment.revision)
                writing.refuse(refusal)
            else:
                if saved:
                    messages.success(request, "L’avenant est enregistré.")
                    return redirect(page_of_amendment(amendment))
        return self._show_amendment(request, amendment.convention, amendment, writing)

    def amendment_move_view(self, request: HttpRequest, pk: int, amendment_pk: int, name: str) -> HttpResponse:
        """Show what a move leads to and what it asks; make it when it is posted."""
        amendment = self.find_amendment(request, pk, amendment_pk)
        try:
            move = life.AMENDMENT_LIFE.move(name)
        except PortalError:
            raise Http404 from None
        if not request.user.has_perm(move.permission, amendment):
            raise PermissionDenied
        if move.name == SEND:
            return redirect("admin:partnerships_partnershipconvention_amendment_signature", pk, amendment_pk)
        posted = request.POST if request.method == "POST" else None
        form = MoveForm(move, amendment, posted, cancel_url=page_of_amendment(amendment))
        if posted is None and amendment.status not in move.origins:
            messages.warning(
                request, f"« {move.label} » n’est plus possible : l’avenant est « {amendment.state.label} »."
            )
            return redirect(page_of_amendment(amendment))
        if posted is not None and form.is_valid() and self._made(request, amendment, form):
            return redirect(page_of_amendment(amendment))
        context = {"amendment": amendment, "move": move, "form": form, "target": life.STATES[move.target]}
        return TemplateResponse(request, f"{FOLDER}/move.html", context)

    def _made(self, request: HttpRequest, amendment: ConventionAmendment, form: MoveForm) -> bool:
        typed = form.cleaned_data
        try:
            moved = move_amendment(
                amendment.pk, form.move.name, request.user,
                seen_state=typed["seen_state"], reason=typed.get("reason", ""), facts=form.facts(),
            )  # fmt: skip
        except Overtaken as refusal:
            messages.warning(request, refusal.message)
        except PortalError as refusal:
            add_refusal(form, refusal)
            return False
        else:
            messages.success(request, f"L’avenant est maintenant « {moved.state.label} ». {moved.state.meaning}")
        return True

    def find_amendment(self, request: HttpRequest, pk: int, amendment_pk: int) -> ConventionAmendment:
        """Return an amendment of a convention this person may read, in full, else answer 404."""
        convention = self.find(request, pk)
        if not convention.amendments.filter(pk=amendment_pk).exists():
            raise Http404
        return amendment_in_full(amendment_pk)

    def _show_amendment(
        self,
        request: HttpRequest,
        convention: PartnershipConvention,
        amendment: ConventionAmendment | None,
        writing: AmendmentWriting | None,
    ) -> HttpResponse:
        context: dict[str, Any] = {
            "convention": convention, "amendment": amendment, "writing": writing, "vote_rule": life.VOTE_RULE,
            "signing_rule": life.SIGNING_RULE,
        }  # fmt: skip
        if amendment:
            context |= {
                "sheet": amendment_sheet(amendment, request.user),
                "facts": facts_of_amendment(amendment),
                "history": history_of_amendment(amendment),
            }
        return TemplateResponse(request, f"{FOLDER}/page.html", context)


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(PartnershipPermission.WRITE_AMENDMENT):
        raise PermissionDenied


def _written(writing: AmendmentWriting, operation: Callable[[], ConventionAmendment]) -> ConventionAmendment | None:
    """Run the operation; whatever it refuses is shown beside what was typed. Lets Overtaken through."""
    try:
        return operation()
    except Overtaken:
        raise
    except (PortalError, ValidationError) as refusal:
        writing.refuse(refusal)
    except IntegrityError as error:
        writing.refuse(refusal_of_database(error))
    return None
