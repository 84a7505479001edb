"""The forms of a transfer: asked, refused with a reason."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from e2c_portal.ui.forms import DateInput, PortalHelper
from e2c_portal.ui.sent_once import SentOnce
from schools.models import School
from trainees.models import TraineeTransfer


class TransferForm(SentOnce, forms.ModelForm):
    """Which school would receive the person, from when, why."""

    class Meta:
        model = TraineeTransfer
        fields = ("to_school", "leaves_on", "reason")
        widgets = {"leaves_on": DateInput}

    def __init__(
        self, data: QueryDict | None = None, *, transfer: TraineeTransfer, schools: QuerySet[School], cancel_url: str
    ) -> None:
        super().__init__(data, instance=transfer, initial={"leaves_on": timezone.localdate()})
        school: Any = self.fields["to_school"]
        school.queryset, school.empty_label = schools, "Choisir une école"
        self.fields["reason"].help_text = "L’école d’accueil le lira : un déménagement, un projet, un métier."
        self.helper = PortalHelper(self, submit="Demander le transfert", cancel_url=cancel_url)


class RefusalForm(forms.Form):
    """Why a transfer is refused."""

    answer = forms.CharField(
        label="Pourquoi vous refusez", required=False, max_length=250, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, data: QueryDict | None = None, *, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = PortalHelper(self, submit="Refuser le transfert", cancel_url=cancel_url)
