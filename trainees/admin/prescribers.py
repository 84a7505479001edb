"""Prescribers, one list for the network: created by schools too, corrected and closed by the Région alone."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from e2c_portal.audit.trail import trail_of
from e2c_portal.ui.operation_admin import OperationAdmin
from e2c_portal.ui.sent_once import SentOnce
from trainees.models import Prescriber
from trainees.operations.referrals import save_prescriber
from trainees.reads.prescribers import prescribers_listed


class PrescriberForm(SentOnce, forms.ModelForm):
    """A prescriber, created once however many times the form is sent."""


@admin.register(Prescriber)
class PrescriberAdmin(OperationAdmin):
    form = PrescriberForm
    trail = staticmethod(trail_of)
    list_display = ("name", "kind", "city", "closed_on")
    list_filter = ("kind",)
    search_fields = ("name", "city")
    fieldsets = ((None, {"fields": ("kind", "name", "city", "closed_on")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return prescribers_listed()

    def operate(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> Prescriber:
        if change and not form.has_changed():
            return form.instance
        return save_prescriber(form.instance, request.user, sending=None if change else form.sending())
