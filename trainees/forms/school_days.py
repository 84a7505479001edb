"""The days of a school as they are typed: when it is closed, and the hours of its usual week."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone

from e2c_portal.ui.forms import DateInput, PortalHelper
from e2c_portal.ui.sent_once import SentOnce
from schools.models import School
from trainees.forms.attendance import DATE_ERRORS
from trainees.forms.timetable import OFF, WeekForm
from trainees.law.timetable import SCHOOL, Slot
from trainees.models import SchoolClosure


class ClosureForm(SentOnce, forms.ModelForm):
    """Days on which the school is closed."""

    class Meta:
        model = SchoolClosure
        fields = ("starts_on", "ends_on", "label")
        widgets = {"starts_on": DateInput, "ends_on": DateInput}
        error_messages = {"starts_on": DATE_ERRORS, "ends_on": DATE_ERRORS, "label": {"required": "Dites en quelques mots pourquoi l’école est fermée."}}  # fmt: skip

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, instance=SchoolClosure(school=school), auto_id="fermeture_%s", **kwargs)
        self.helper = PortalHelper(self, submit="Noter cette fermeture", css_class="form-narrow")


class SchoolWeekForm(WeekForm):
    """The usual week of a school from a day on. Sent twice, it says the same week: the operation writes it once."""

    place_title = "École"
    places = ((OFF, "Fermée"), (SCHOOL, "Ouverte"))
    starts_on = forms.DateField(label="À partir du", widget=DateInput, error_messages=DATE_ERRORS)

    def __init__(self, data: Any = None, *, week: Mapping[int, Slot]) -> None:
        super().__init__(data, week={number: replace(slot, place=SCHOOL) for number, slot in week.items()})
        self.fields["starts_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned["week"]:
            self.add_error(None, "Indiquez au moins un jour où l’école est ouverte.")
        return cleaned
