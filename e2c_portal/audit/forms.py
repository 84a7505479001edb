"""What is asked of a history."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms

from e2c_portal.audit.history import Asked


class HistoryForm(forms.Form):
    """A period and an author, in the address. What cannot be read asks for nothing, and says so beside the field."""

    depuis = forms.DateField(
        label="Du", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    jusqu_au = forms.DateField(
        label="Au", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    auteur = forms.TypedChoiceField(label="Par", required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, authors: Sequence[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["auteur"].choices = [("", "Tout le monde"), *authors]  # type: ignore[attr-defined]

    def asked(self, seen: Asked) -> Asked:
        """Return what is asked, as far as it can be read, of what this person may see."""
        self.is_valid()
        told = self.cleaned_data
        return replace(seen, since=told.get("depuis"), until=told.get("jusqu_au"), author=told.get("auteur"))
