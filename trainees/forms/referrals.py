"""The forms of applications: who sent the person, where the application stands."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from e2c_portal.ui.forms import DateInput, PortalHelper, group
from e2c_portal.ui.sent_once import SentOnce
from trainees.life import referrals as life
from trainees.models import Prescriber, Referral
from trainees.reads.prescribers import prescribers_open

NEW = ("new_kind", "new_name", "new_city")


class ReferralForm(SentOnce, forms.ModelForm):
    """Who sent a trainee. A prescriber that is not in the list is written on the spot."""

    new_kind = forms.ChoiceField(label="Type", required=False, choices=[("", "Choisir"), *Prescriber.Kind.choices])
    new_name = forms.CharField(label="Nom", required=False, max_length=150)
    new_city = forms.CharField(label="Ville", required=False, max_length=100)

    class Meta:
        model = Referral
        fields = ("prescriber", "contact_name", "referred_on")
        widgets = {"referred_on": DateInput}

    def __init__(self, data: QueryDict | None = None, *, referral: Referral, cancel_url: str) -> None:
        super().__init__(data, instance=referral, initial={"referred_on": timezone.localdate()})
        prescriber: Any = self.fields["prescriber"]
        prescriber.queryset, prescriber.required = prescribers_open(), False
        prescriber.empty_label = "Choisir dans la liste"
        self.fields["contact_name"].help_text = "La personne qui suit la candidature chez le prescripteur."
        self.helper = PortalHelper(
            self, "form_token", "prescriber", group("Ou un prescripteur qui n’est pas dans la liste", *NEW), "contact_name",
            "referred_on", submit="Enregistrer", cancel_url=cancel_url,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        named = bool(cleaned.get("new_name"))
        if named == bool(cleaned.get("prescriber")):
            raise ValidationError("Choisissez un prescripteur dans la liste, ou écrivez-en un nouveau, pas les deux.")
        if named and not cleaned.get("new_kind"):
            self.add_error("new_kind", "Choisissez le type de ce prescripteur.")
        return cleaned

    def _post_clean(self) -> None:
        """Leave the checks to the operation, which knows the prescriber at last; only what was typed is put on the row."""
        if not self.errors:
            named = ("contact_name", "referred_on") if self.cleaned_data["new_name"] else self._meta.fields
            self.instance = forms.models.construct_instance(self, self.instance, named)

    def new_prescriber(self) -> Prescriber | None:
        """Return the prescriber to write, None when one of the list is chosen. Only after is_valid."""
        if not self.cleaned_data["new_name"]:
            return None
        return Prescriber(**{name.removeprefix("new_"): self.cleaned_data[name] for name in NEW})


class OutcomeForm(forms.Form):
    """Where an application stands now."""

    outcome = forms.ChoiceField(label="La candidature est maintenant", widget=forms.RadioSelect)
    outcome_on = forms.DateField(label="Décidée le", required=False, widget=DateInput)
    reason = forms.CharField(label="Motif", required=False, max_length=250, help_text="Obligatoire pour un refus.")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, referral: Referral, cancel_url: str) -> None:
        super().__init__(data, initial={"seen": referral.outcome, "outcome_on": timezone.localdate()})
        outcome: Any = self.fields["outcome"]
        outcome.choices = [(name, life.STATES[name].label) for name in life.NEXT[referral.outcome]]
        self.helper = PortalHelper(self, submit="Enregistrer", cancel_url=cancel_url)
