"""The forms of badges: for whom they are printed, whose badge is looked for."""

from typing import Any

from django import forms
from django.http import QueryDict

from assises.models import Category
from assises.reads.badges import BadgeChoice
from e2c_portal.ui.forms import DateInput, PortalHelper
from e2c_portal.ui.sent_once import SentOnce


class BadgeForm(SentOnce):
    """For whom badges are printed. Empty: for everybody."""

    category = forms.ChoiceField(label="Catégorie", choices=[("", "Toutes"), *Category.choices], required=False)
    school = forms.ModelChoiceField(None, label="École", required=False, empty_label="Toutes les écoles, et les autres")
    since = forms.DateField(
        label="Inscrits depuis le", widget=DateInput, required=False,
        help_text="Pour ne pas réimprimer ce qui l’est déjà : le jour où vous avez imprimé les premiers.",
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, schools: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["school"]
        field.queryset = schools
        self.helper = PortalHelper(self, submit="Préparer les badges")

    def choice(self) -> BadgeChoice:
        """Return what was chosen. Only after is_valid."""
        typed = self.cleaned_data
        return BadgeChoice(typed["category"], typed["school"], typed["since"])
