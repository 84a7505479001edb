"""The forms that a tutor fills by their link, on a phone: what is sent twice counts once."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from e2c_portal.kernel.nir import REFUSAL as NIR_REFUSAL
from e2c_portal.kernel.nir import holds_nir
from e2c_portal.signing.forms import ByLinkForm
from e2c_portal.ui.forms import DateInput
from trainees.models import Internship, TutorReport
from trainees.operations.accidents import TutorAccident
from trainees.operations.tutor_reports import Told

DATE_ERRORS = {"required": "Choisissez le jour.", "invalid": "Cette date n’existe pas : choisissez-en une autre."}


class OnceForm(ByLinkForm):
    """A form that acts once, however often it is sent."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Rechargez la page."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Refuse a social security number beside the text that holds it."""
        typed = super().clean() or self.cleaned_data
        for name, value in list(typed.items()):
            if isinstance(value, str) and holds_nir(value):
                self.add_error(name, NIR_REFUSAL)
        return typed


class AbsenceForm(OnceForm):
    """The trainee did not come."""

    submit = "Prévenir l’école"
    day = forms.DateField(label="Quel jour", widget=DateInput, error_messages=DATE_ERRORS)
    halves = forms.ChoiceField(
        label="Quand",
        widget=forms.RadioSelect,
        choices=TutorReport.Halves.choices,
        error_messages={"required": "Choisissez le moment."},
    )
    note = forms.CharField(
        label="Ce que vous savez", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Par exemple : a prévenu par téléphone à 9 h. N’écrivez rien sur sa santé.",
    )  # fmt: skip

    def __init__(self, *args: Any, internship: Internship, **kwargs: Any) -> None:
        super().__init__(*args, initial={"day": timezone.localdate(), "halves": "day"}, **kwargs)
        limits = {
            "min": internship.starts_on.isoformat(),
            "max": min(internship.last_day, timezone.localdate()).isoformat(),
        }
        self.fields["day"].widget.attrs.update(limits)

    def told(self) -> Told:
        """Return what was typed."""
        typed = self.cleaned_data
        return Told(TutorReport.Kind.ABSENCE, typed["day"], typed["halves"], None, typed["note"], typed["form_key"])


class LatenessForm(AbsenceForm):
    """The trainee came late."""

    halves = forms.ChoiceField(
        label="Quand",
        widget=forms.RadioSelect,
        choices=TutorReport.Halves.choices[:2],
        error_messages={"required": "Choisissez le moment."},
    )
    late_minutes = forms.IntegerField(
        label="Combien de minutes", required=False, min_value=1, max_value=600,
        error_messages={"invalid": "Écrivez un nombre de minutes.", "max_value": "600 minutes au plus.", "min_value": "Une minute au moins."},
    )  # fmt: skip
    field_order = ["day", "halves", "late_minutes", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["halves"] = "am"

    def told(self) -> Told:
        """Return what was typed."""
        typed = self.cleaned_data
        return Told(
            TutorReport.Kind.LATENESS,
            typed["day"],
            typed["halves"],
            typed["late_minutes"],
            typed["note"],
            typed["form_key"],
        )


class TutorAccidentForm(OnceForm):
    """An accident: what the school needs to declare it in time."""

    submit = "Prévenir l’école maintenant"
    day = forms.DateField(label="Quel jour", widget=DateInput, error_messages=DATE_ERRORS)
    hour = forms.TimeField(
        label="À quelle heure", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Indiquez l’heure.", "invalid": "Cette heure n’existe pas : écrivez par exemple 10:30."},
    )  # fmt: skip
    place_words = forms.CharField(label="Où", max_length=250, error_messages={"required": "Indiquez l’endroit précis."})
    circumstances = forms.CharField(
        label="Que s’est-il passé", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez ce qui s’est passé."},
    )  # fmt: skip
    witnesses = forms.CharField(label="Qui l’a vu", max_length=250, required=False)
    injuries = forms.CharField(
        label="Où a-t-il mal, que voit-on", max_length=250, required=False,
        help_text="Avec vos mots : coupure au doigt, mal au dos. Ne donnez pas de diagnostic.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"day": timezone.localdate()}, **kwargs)

    def told(self) -> TutorAccident:
        """Return what was typed."""
        typed = self.cleaned_data
        moment = timezone.make_aware(datetime.combine(typed["day"], typed["hour"]))
        return TutorAccident(
            moment,
            typed["place_words"],
            typed["circumstances"],
            typed["witnesses"],
            typed["injuries"],
            typed["form_key"],
        )
