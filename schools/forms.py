"""The forms of the network."""

from django import forms
from django.http import QueryDict


class SchoolSearchForm(forms.Form):
    """What the list of schools is narrowed to."""

    q = forms.CharField(label="Rechercher", required=False, max_length=100)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["q"].widget.input_type = "search"

    def words(self) -> str:
        """Return what was searched, nothing when it cannot be."""
        self.is_valid()
        return self.cleaned_data.get("q", "")
