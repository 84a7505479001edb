"""The network, its schools, their sites and their teams, for regional staff."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from e2c_portal.audit.trail import trail_of
from e2c_portal.ui.operation_admin import OperationAdmin, OperationInline, changed_rows
from e2c_portal.ui.revised import Revised
from e2c_portal.ui.sent_once import SentOnce
from schools.models import Membership, Network, School, Site
from schools.operations.records import save_record, save_school
from schools.queries import current_network, schools_searched, schools_visible_to
from schools.scope import scope_of


class Sites(OperationInline):
    model = Site
    fields = (("name", "places"), "address", ("postal_code", "city"), ("opened_year", "closed_on"))


class Members(OperationInline):
    model = Membership
    fields = (("user", "role"), ("starts_on", "ends_on"))
    verbose_name = "membre de l’équipe"
    verbose_name_plural = "équipe"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("user", "school")


class SchoolForm(SentOnce, Revised, forms.ModelForm):
    """A school, created once however many times the form is sent, and never saved over somebody else's work."""


@admin.register(School)
class SchoolAdmin(OperationAdmin):
    form = SchoolForm
    trail = staticmethod(trail_of)
    list_display = ("name", "department", "operator", "open_sites", "label_ends_on")
    list_filter = ("department",)
    ordering = ("search", "pk")
    search_fields = ("name",)
    search_help_text = "Nom de l’école ou de l’organisme ; les accents et les majuscules ne comptent pas."
    fieldsets = (
        (None, {"fields": ("network", "name", "slug", "department", "operator", "opened_year")}),
        ("Identité administrative", {"fields": ("siret", "activity_declaration_number", "uai")}),
        ("Label", {"fields": ("label_starts_on", "label_ends_on")}),
        ("Faits et sources", {"fields": ("facts", "sources")}),
    )
    prepopulated_fields = {"slug": ("name",)}
    inlines = (Sites, Members)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return schools_visible_to(scope_of(request.user))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return schools_searched(queryset, search_term), False

    @admin.display(description="sites ouverts", ordering="open_sites")
    def open_sites(self, school: School) -> int:
        return school.open_sites

    def operate(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> School:
        lines = [row for formset in formsets for row in changed_rows(formset)]
        if not change:
            return save_school(form.instance, lines, request.user, sending=form.sending())
        if not form.has_changed() and not lines:
            return form.instance
        return save_school(form.instance, lines, request.user, seen=form.seen())


@admin.register(Network)
class NetworkAdmin(OperationAdmin):
    trail = staticmethod(trail_of)
    list_display = ("name", "region_name")
    fields = ("name", "region_name", "region_address")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and current_network() is None

    def operate(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> Network:
        return save_record(form.instance, request.user)
