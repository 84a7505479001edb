"""The list of conventions: its columns, its filters, and the fabrication of many documents at once."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote_plus

from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from e2c_portal.kernel.errors import PortalError
from e2c_portal.ui.admin_lists import ListAdmin
from partnerships.models import PartnershipConvention
from partnerships.operations.sealing import seal_conventions
from partnerships.permissions import PartnershipPermission
from partnerships.queries import (
    DAYS_OF_MONTHS,
    conventions_visible_to,
    ending_within,
    in_situation,
    searched,
    signing_events,
    signing_years,
    with_document,
)
from partnerships.sheet import situation_named
from partnerships.situation import SITUATIONS
from schools.scope import scope_of


def _short(day: date | None) -> str | None:
    """Return 12/12/2014: the list has room for no more."""
    return f"{day:%d/%m/%Y}" if day else None


class ChoiceFilter(admin.SimpleListFilter):
    """A filter whose value is one of its own choices: anything else in the address narrows nothing."""

    def value(self) -> str | None:
        given = super().value()
        return given if given in self._names else None

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """Write the rest of the address once: Django writes it anew for each choice."""
        rest = changelist.get_query_string(remove=[self.parameter_name])
        chosen, before = self.value(), f"{rest}&" if len(rest) > 1 else rest
        before = f"{before}{quote_plus(self.parameter_name)}="
        yield {"selected": chosen is None, "query_string": rest, "display": "Tout"}
        for name, label in self.lookup_choices:
            query = f"{before}{quote_plus(str(name))}"
            yield {"selected": chosen == str(name), "query_string": query, "display": label}

    @cached_property
    def _names(self) -> set[str]:
        # Django asks for the value once a choice: there may be one a ceremony.
        return {str(choice) for choice, _ in self.lookup_choices}


class BySituation(ChoiceFilter):
    title = "situation"
    parameter_name = "situation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(situation.name, situation.label) for situation in SITUATIONS.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return in_situation(queryset, self.value()) if self.value() else queryset


class EndingSoon(ChoiceFilter):
    title = "fin proche"
    parameter_name = "fin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(months), f"D’ici {months} mois") for months in DAYS_OF_MONTHS]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return ending_within(queryset, int(self.value())) if self.value() else queryset


class BySigningYear(ChoiceFilter):
    title = "année de signature"
    parameter_name = "annee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(year), str(year)) for year in signing_years(scope_of(request.user))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(signed_on__year=self.value()) if self.value() else queryset


class BySigningEvent(ChoiceFilter):
    title = "cérémonie"
    parameter_name = "ceremonie"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        events = signing_events(scope_of(request.user)).values_list("pk", "name")
        return [(str(pk), name) for pk, name in events]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(signing_event_id=self.value()) if self.value() else queryset


class ByOrigin(ChoiceFilter):
    title = "origine"
    parameter_name = "origine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(PartnershipConvention.Origin.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(origin=self.value()) if self.value() else queryset


class ConventionListing(ListAdmin):
    """What the list shows. Projects come first, then the conventions last signed."""

    list_display = (
        "number",
        "company_shown",
        "title",
        "situation_shown",
        "document_shown",
        "signed_shown",
        "last_day_shown",
    )
    list_filter = (BySituation, EndingSoon, BySigningYear, BySigningEvent, ByOrigin)
    ordering = (F("signed_on").desc(nulls_first=True), "-created_at")
    search_fields = ("number",)
    search_help_text = "Numéro, titre, objet ou entreprise\u202f; les accents et les majuscules ne comptent pas."
    change_list_template = "admin/partnerships/partnershipconvention/change_list.html"
    empty_value_display = "non connu"
    actions = ("seal_selected",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return with_document(conventions_visible_to(scope_of(request.user)))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        writer = request.user.has_perm(PartnershipPermission.CHANGE_COMPANY)
        return searched(queryset, search_term, writer=writer), False

    @admin.display(description="entreprise", ordering="company__legal_name")
    def company_shown(self, convention: PartnershipConvention) -> str:
        return convention.shown_company_name

    @admin.display(description="situation", ordering="situation")
    def situation_shown(self, convention: PartnershipConvention) -> SafeString:
        state = situation_named(convention.situation)
        return render_to_string("components/state_badge.html", {"state": state})

    @admin.display(description="échéance", ordering="last_day")
    def last_day_shown(self, convention: PartnershipConvention) -> str | None:
        return _short(convention.last_day)

    @admin.display(description="signée le", ordering="signed_on", empty_value="–")
    def signed_shown(self, convention: PartnershipConvention) -> str | None:
        return _short(convention.signed_on)

    @admin.display(description="document", ordering="has_document")
    def document_shown(self, convention: PartnershipConvention) -> str:
        return "Scellé" if convention.has_document else "Aucun"

    def has_seal_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PartnershipPermission.SEAL_CONVENTION)

    @admin.action(description="Fabriquer les documents scellés", permissions=["seal"])
    def seal_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        try:
            batch = seal_conventions(queryset, request.user)
        except PortalError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return None
        return redirect("documents:batch", batch.public_id)
