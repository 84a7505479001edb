"""Companies with their establishments and contacts, and the days on which conventions are signed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from e2c_portal.audit.trail import trail_of
from e2c_portal.ui.operation_admin import OperationAdmin, OperationInline, SharedChoices, changed_rows
from e2c_portal.ui.revised import Revised
from e2c_portal.ui.sent_once import SentOnce
from partnerships.diffusion import shown_address, shown_name, shown_place
from partnerships.models import Company, CompanyContact, Establishment, SigningEvent
from partnerships.operations.companies import save_company, save_record
from partnerships.permissions import PartnershipPermission
from partnerships.queries import companies_listed, companies_searched, signing_events
from schools.scope import scope_of


def _writes(request: HttpRequest) -> bool:
    return request.user.has_perm(PartnershipPermission.CHANGE_COMPANY)


class ContactLines(SharedChoices):
    """Contacts choose among the establishments of their own company."""

    def narrow(self, name: str, field: forms.ModelChoiceField) -> None:
        if name == "establishment":
            # A company not saved yet has no relation to follow.
            field.queryset = self.instance.establishments.all() if self.instance.pk else field.queryset.none()


class Establishments(OperationInline):
    model = Establishment
    fields = (
        ("name", "is_head_office"), ("siret", "closed_on"), "address", ("postal_code", "city", "commune_code"),
        ("naf_code", "naf_version"), ("headcount_range", "diffusion_status"),
    )  # fmt: skip
    # What the portal itself may tell of the address stands in its place for those who only read.
    told_fields = (
        ("told_name", "is_head_office"), ("siret", "closed_on"), "told_address", ("naf_code", "naf_version"),
        ("headcount_range", "diffusion_status"),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # A place is named according to its company's diffusion.
        return super().get_queryset(request).select_related("company")

    def get_fields(self, request: HttpRequest, obj: Company | None = None) -> Any:
        return self.fields if _writes(request) else self.told_fields

    def get_readonly_fields(self, request: HttpRequest, obj: Company | None = None) -> Any:
        return () if _writes(request) else ("told_name", "told_address")

    @admin.display(description="nom usuel")
    def told_name(self, place: Establishment) -> str:
        return shown_place(place)

    @admin.display(description="adresse")
    def told_address(self, place: Establishment) -> str:
        return shown_address(place)


class Contacts(OperationInline):
    model = CompanyContact
    formset = ContactLines
    fields = (("full_name", "job_title"), ("email", "phone"), ("establishment", "left_on"))


class CompanyForm(SentOnce, Revised, forms.ModelForm):
    """A company, created once however many times the form is sent, and never saved over somebody else's work."""


@admin.register(Company)
class CompanyAdmin(OperationAdmin):
    form = CompanyForm
    trail = staticmethod(trail_of)
    list_display = ("legal_name", "siren", "legal_form", "convention_count")
    told_display = ("told_name", "siren", "legal_form", "convention_count")
    search_fields = ("legal_name",)
    ordering = ("search", "pk")
    search_help_text = "Nom, SIREN ou SIRET ; les accents et les majuscules ne comptent pas."
    fields = ("legal_name", "siren", ("legal_form", "legal_category"), "diffusion_status", "note")
    told_fields = ("told_name", *fields[1:])
    inlines = (Establishments, Contacts)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return companies_listed(scope_of(request.user))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return companies_searched(queryset, search_term, writer=_writes(request)), False

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.list_display if _writes(request) else self.told_display

    def get_fields(self, request: HttpRequest, obj: Company | None = None) -> Any:
        return self.fields if _writes(request) else self.told_fields

    def get_readonly_fields(self, request: HttpRequest, obj: Company | None = None) -> Any:
        return () if _writes(request) else ("told_name",)

    @admin.display(description="nom", ordering="legal_name")
    def told_name(self, company: Company) -> str:
        return shown_name(company)

    @admin.display(description="conventions", ordering="convention_count")
    def convention_count(self, company: Company) -> int:
        return company.convention_count

    def operate(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> Company:
        lines = [row for formset in formsets for row in changed_rows(formset)]
        if not change:
            return save_company(form.instance, lines, request.user, sending=form.sending())
        if not form.has_changed() and not lines:
            return form.instance
        return save_company(form.instance, lines, request.user, seen=form.seen())


@admin.register(SigningEvent)
class SigningEventAdmin(OperationAdmin):
    trail = staticmethod(trail_of)
    list_display = ("name", "held_on", "city", "convention_count")
    fields = ("name", "held_on", "place", "city", "sources")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return signing_events(scope_of(request.user))

    @admin.display(description="conventions", ordering="convention_count")
    def convention_count(self, event: SigningEvent) -> int:
        return event.convention_count

    def operate(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> SigningEvent:
        return save_record(form.instance, request.user)
