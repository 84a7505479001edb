"""Choose a year and a place; publish a year, or correct what was published."""

from collections.abc import Sequence
from typing import Any

from django import forms

from e2c_portal.figures.places import Place
from e2c_portal.ui.forms import PortalHelper
from e2c_portal.ui.long_select import LongSelect


class ChoiceForm(forms.Form):
    """Which year and which place. What is not understood falls back on this year and on the first place."""

    annee = forms.TypedChoiceField(label="Année", required=False, coerce=int)
    lieu = forms.ChoiceField(label="Lieu", required=False, widget=LongSelect)

    def __init__(self, data: Any, years: Sequence[int], places: Sequence[Place]) -> None:
        self.years, self.places = list(reversed(years)), list(places)
        super().__init__({"annee": data.get("annee") or self.years[0], "lieu": data.get("lieu") or self.places[0].code})
        self.fields["annee"].choices = [(year, str(year)) for year in self.years]
        self.fields["lieu"].choices = [(place.code, place.label) for place in self.places]
        self.is_valid()

    @property
    def year(self) -> int:
        return self.cleaned_data.get("annee") or self.years[0]

    @property
    def place(self) -> Place:
        code = self.cleaned_data.get("lieu")
        return next((place for place in self.places if place.code == code), self.places[0])


class PublishForm(forms.Form):
    """Publish a year, the version that was before the person named; a correction says why."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_000)
    reason = forms.CharField(
        label="Pourquoi corriger les chiffres publiés ?", max_length=250, widget=forms.Textarea({"rows": 2}),
        help_text="Cette phrase est publiée avec la nouvelle version, avec chaque chiffre qui change.",
        error_messages={"required": "Écrivez pourquoi les chiffres publiés sont corrigés.", "max_length": "250 signes au plus."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, year: int, number: int, cancel_url: str) -> None:
        super().__init__(data, initial={"seen": number})
        if not number:
            del self.fields["reason"]
        submit = f"Publier la version {number + 1} de {year}" if number else f"Publier les chiffres de {year}"
        self.helper = PortalHelper(self, submit=submit, cancel_url=cancel_url)
