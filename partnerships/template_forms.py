"""The form that fills a template: which company, from which day."""

from django import forms

from e2c_portal.ui.forms import DateInput
from e2c_portal.ui.sent_once import SentOnce
from partnerships.models import Company


class UseTemplateForm(SentOnce):
    """For whom a convention is drafted, and from when."""

    company = forms.ModelChoiceField(label="Entreprise", queryset=Company.objects.order_by("legal_name", "pk"))
    starts_on = forms.DateField(label="Prend effet le", widget=DateInput)
