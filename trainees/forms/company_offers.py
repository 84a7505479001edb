"""The form by which a company proposes places, from its own space."""

from typing import Any

from django import forms

from e2c_portal.ui.forms import DateInput
from partnerships.models import CompanyContact, Establishment
from partnerships.space_forms import OnceForm
from trainees.forms.references import TradeField
from trainees.models import InternshipOffer, YesNo

REQUIRED = "Choisissez une date."


class CompanyOfferForm(OnceForm):
    """Places that the company itself proposes, seen at once by all schools."""

    submit = "Proposer ces places"
    establishment = forms.ModelChoiceField(
        label="Où ?", queryset=Establishment.objects.none(), empty_label=None,
        error_messages={"required": "Choisissez le lieu du stage."},
    )  # fmt: skip
    trade = TradeField(label="Métier à découvrir")
    places = forms.IntegerField(
        label="Combien de places ?", min_value=1, max_value=500, initial=1,
        error_messages={"required": "Indiquez le nombre de places."},
    )  # fmt: skip
    starts_on = forms.DateField(label="À partir du", widget=DateInput, error_messages={"required": REQUIRED})
    ends_on = forms.DateField(label="Jusqu’au", widget=DateInput, error_messages={"required": REQUIRED})
    takes_minors = forms.ChoiceField(
        label="Accueillez-vous des mineurs ?", required=False, widget=forms.RadioSelect,
        choices=[(YesNo.YES, "Oui"), (YesNo.NO, "Non"), (YesNo.UNKNOWN, "À voir ensemble")],
    )  # fmt: skip
    prerequisites = forms.CharField(
        label="Ce qu’il faut savoir", required=False, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text="Horaires, tenue, accès, permis… Aucun nom de stagiaire.",
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[Establishment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["establishment"]
        field.queryset = Establishment.objects.filter(pk__in=[place.pk for place in places])
        field.label_from_instance = _place_in_words
        # The pages of a link load no suggestions: what is ambiguous is told when the form is sent.
        self.fields["trade"].widget = forms.TextInput({"maxlength": "200"})
        self.fields[
            "trade"
        ].help_text = "Un mot : « boulanger », « vente ». S’il y en a plusieurs, nous vous les dirons."
        if len(places) == 1:
            field.initial = places[0].pk

    def offer(self, contact: CompanyContact) -> InternshipOffer:
        """Return what was typed, in the name of a contact."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "form_key"}
        return InternshipOffer(**typed, proposed_by=contact)


def _place_in_words(place: Establishment) -> str:
    return ", ".join(part for part in (place.name, place.city) if part)
