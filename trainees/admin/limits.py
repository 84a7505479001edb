"""Legal limits: a value changes by a row that begins on a later day, never by writing over the one in force."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from e2c_portal.audit.trail import trail_of
from e2c_portal.ui.operation_admin import OperationAdmin
from e2c_portal.ui.sent_once import SentOnce
from trainees.models import LegalParameter
from trainees.operations.limits import add_limit, correct_limit
from trainees.reads.limits import limit_rows


class LimitForm(SentOnce, forms.ModelForm):
    """A new value; the operation ends the former one, so the form does not judge that they overlap."""

    class Meta:
        help_texts = {"starts_on": "Un jour à venir. La valeur précédente prend fin la veille."}

    def validate_constraints(self) -> None:
        """Leave the constraints to the operation: until it ends the former row, the two overlap."""


@admin.register(LegalParameter)
class LegalParameterAdmin(OperationAdmin):
    form = LimitForm
    trail = staticmethod(trail_of)
    list_display = ("key", "printed", "starts_on", "ends_on", "source")
    list_filter = ("key",)
    fieldsets = ((None, {"fields": ("key", "value", "starts_on", "source")}),)

    @admin.display(description="valeur", ordering="value")
    def printed(self, row: LegalParameter) -> str:
        return row.printed

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return limit_rows()

    def get_readonly_fields(self, request: HttpRequest, obj: LegalParameter | None = None) -> Any:
        return ("key", "starts_on") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: LegalParameter | None = None) -> bool:
        """A value in force or past is read, never written."""
        coming = obj is None or obj.starts_on > timezone.localdate()
        return coming and super().has_change_permission(request, obj)

    def operate(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> LegalParameter:
        if not change:
            return add_limit(form.instance, request.user, sending=form.sending())
        return correct_limit(form.instance, request.user) if form.has_changed() else form.instance
