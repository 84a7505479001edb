"""The form of health data, on a page of its own."""

from typing import Any

from django import forms
from django.http import QueryDict

from e2c_portal.ui.forms import DateInput, PortalHelper
from e2c_portal.ui.revised import Revised
from trainees.models import SensitiveFlag

FIELDS = ("rqth", "valid_until", "arrangements")


class SensitiveForm(Revised, forms.ModelForm):
    """What must be provided for, never a diagnosis."""

    class Meta:
        model = SensitiveFlag
        fields = FIELDS
        widgets = {"valid_until": DateInput, "arrangements": forms.Textarea({"rows": 4})}

    def __init__(self, data: QueryDict | None = None, *, flag: SensitiveFlag, cancel_url: str) -> None:
        super().__init__(data, instance=flag)
        self.helper = PortalHelper(self, submit="Enregistrer", cancel_url=cancel_url)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}
