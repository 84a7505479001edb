"""The form that fills a template: which company, from which day."""

from django import forms

from e2c_portal.ui.forms import DateInput
from e2c_portal.ui.sent_once import SentOnce
from partnerships.models import Company


class UseTemplateForm(SentOnce):
    """For whom a convention is drafted, and from when."""

    company = forms.ModelChoiceField(
        label="Entreprise", queryset=Company.objects.filter(merged_into=None), widget=forms.HiddenInput,
        error_messages={"required": "Choisissez une entreprise.", "invalid_choice": "Choisissez l’entreprise de nouveau."},
    )  # fmt: skip
    starts_on = forms.DateField(label="Prend effet le", widget=DateInput)

    def chosen(self) -> Company | None:
        """Return the company chosen by searching, None when there is none."""
        value = self["company"].value()
        return Company.objects.filter(merged_into=None, pk=value).first() if str(value or "").isdecimal() else None
