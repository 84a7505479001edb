"""The page of a convention: its text to write, or to read once it is settled, and all that stands beside it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from e2c_portal.kernel.errors import Overtaken, PortalError
from e2c_portal.ui.refusals import refusal_of_database
from partnerships.forms import ConventionWriting
from partnerships.life_sheet import life_of
from partnerships.models import Company, PartnershipConvention
from partnerships.operations.conventions import draft_convention, revise_convention
from partnerships.queries import companies_visible_to, conventions_visible_to, with_text
from partnerships.sheet import facts_of, history_of, sheet_of
from schools.scope import scope_of

PAGE = "admin/partnerships/partnershipconvention/change_form.html"


def page_of(convention: PartnershipConvention) -> str:
    """Return the address of a convention's page here."""
    return reverse("admin:partnerships_partnershipconvention_change", args=[convention.pk])


class ConventionPages(admin.ModelAdmin):
    """Add, change, read: one operation for each saving, whatever the number of lines."""

    def find(self, request: HttpRequest, object_id: str | int) -> PartnershipConvention:
        """Return a convention this person may read, with its text, else answer 404."""
        if not str(object_id).isdecimal():
            raise Http404
        readable = conventions_visible_to(scope_of(request.user))
        return get_object_or_404(with_text(readable), pk=object_id)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return self._change(request, self.find(request, object_id)) if object_id else self._add(request)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return redirect(page_of(self.find(request, object_id)) + "#historique")

    def _add(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        chosen = _chosen(request)
        if posted is None and chosen is None:
            return redirect("admin:partnerships_partnershipconvention_company")
        writing = ConventionWriting(None, posted, chosen)
        if posted is not None and writing.is_valid():
            saved = _written(writing, lambda: _draft(writing, request))
            if saved:
                messages.success(
                    request, f"La convention {saved.number} est créée. Complétez son texte quand vous voulez."
                )
                return redirect(page_of(saved))
        return TemplateResponse(request, PAGE, {"writing": writing, "editable": True})

    def _change(self, request: HttpRequest, convention: PartnershipConvention) -> HttpResponse:
        if not self.has_view_permission(request, convention):
            raise PermissionDenied
        if request.method == "POST":
            return self._revise(request, convention)
        may_write = convention.is_editable and self.has_change_permission(request, convention)
        writing = ConventionWriting(convention, company=_chosen(request)) if may_write else None
        return self._show(request, convention, writing)

    def _revise(self, request: HttpRequest, convention: PartnershipConvention) -> HttpResponse:
        if not self.has_change_permission(request, convention):
            raise PermissionDenied
        writing = ConventionWriting(convention, request.POST)
        differing: list[str] | None = None
        if writing.is_valid():
            try:
                saved = _written(writing, lambda: _revised(writing, request))
            except Overtaken as refusal:
                convention = self.find(request, convention.pk)
                differing = writing.overtaken_by(convention)
                writing.refuse(refusal)
            else:
                if saved:
                    messages.success(request, "Le texte est enregistré.")
                    return redirect(page_of(saved))
        return self._show(request, convention, writing, differing=differing)

    def _show(
        self, request: HttpRequest, convention: PartnershipConvention, writing: ConventionWriting | None, **more: Any
    ) -> HttpResponse:
        context = {
            "convention": convention,
            "sheet": sheet_of(convention, request.user),
            "facts": facts_of(convention),
            "history": history_of(convention),
            "writing": writing,
            "editable": convention.is_editable,
            "life": life_of(convention, request.user),
            **more,
        }
        return TemplateResponse(request, PAGE, context)


def _chosen(request: HttpRequest) -> Company | None:
    """Return the company just chosen by searching, which nothing has saved yet."""
    asked = request.GET.get("entreprise", "")
    return companies_visible_to(scope_of(request.user)).filter(pk=asked).first() if asked.isdecimal() else None


def _draft(writing: ConventionWriting, request: HttpRequest) -> PartnershipConvention:
    return draft_convention(
        writing.text(), request.user, number=writing.form.cleaned_data["number"], sending=writing.form.sending()
    )


def _revised(writing: ConventionWriting, request: HttpRequest) -> PartnershipConvention:
    revision = writing.form.cleaned_data["revision"]
    return revise_convention(writing.convention.pk, revision, writing.text(), request.user)


def _written(writing: ConventionWriting, operation: Any) -> PartnershipConvention | None:
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
