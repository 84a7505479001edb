"""What the list of follow-ups due is narrowed to."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from schools.models import School


class FollowUpSearchForm(forms.Form):
    """Late ones only, one school for those who see several."""

    retard = forms.BooleanField(label="En retard seulement", required=False)
    ecole = forms.ChoiceField(label="École", required=False)

    def __init__(self, data: QueryDict, *, schools: Iterable[School] = ()) -> None:
        super().__init__(data)
        field: Any = self.fields["ecole"]
        offered = [(str(school.pk), school.name) for school in schools]
        field.choices = [("", "Toutes"), *offered]
        if not offered:
            del self.fields["ecole"]

    def late_only(self) -> bool:
        self.is_valid()
        return self.cleaned_data.get("retard", False)

    def school_id(self) -> int | None:
        self.is_valid()
        return int(self.cleaned_data["ecole"]) if self.cleaned_data.get("ecole") else None
