"""The forms of ceremonies: their day, what enters the programme, who stands before the officer, why somebody refuses."""

from typing import Any

from django import forms
from django.http import QueryDict

from e2c_portal.ui.forms import DateInput, PortalHelper
from partnerships.models import PartnershipConvention, SigningEvent


class CeremonyForm(forms.ModelForm):
    """A ceremony to come."""

    class Meta:
        model = SigningEvent
        fields = ("name", "held_on", "place", "city")
        widgets = {"held_on": DateInput}
        help_texts = {
            "name": "Par exemple : Assises des Écoles de la 2e chance.",
            "city": "Elle sera le lieu de signature des conventions signées ce jour-là.",
        }

    def __init__(self, data: QueryDict | None = None, *, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        submit = "Enregistrer" if self.instance.pk else "Préparer cette cérémonie"
        self.helper = PortalHelper(self, submit=submit, cancel_url=cancel_url, css_class="form-narrow")

    def _post_clean(self) -> None:
        """Leave the checks to the operation, which knows who writes; only what was typed is put on the row."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)


class ChoiceForm(forms.Form):
    """The conventions that enter the programme, in the order of their numbers."""

    conventions = forms.MultipleChoiceField(
        label="Conventions à ajouter",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins une convention.",
            "invalid_choice": "Une convention cochée ne peut plus être ajoutée : vérifiez la liste, puis recommencez.",
        },
    )

    def __init__(self, conventions: list[PartnershipConvention], data: QueryDict | None = None) -> None:
        super().__init__(data)
        field: Any = self.fields["conventions"]
        field.choices = [(str(row.pk), _told(row)) for row in conventions]
        self.helper = PortalHelper(self, submit="Ajouter au programme")

    def numbers(self) -> list[int]:
        """Return the conventions chosen, in the order shown. Only after is_valid."""
        chosen = set(self.cleaned_data["conventions"])
        field: Any = self.fields["conventions"]
        return [int(value) for value, _label in field.choices if value in chosen]


def _told(convention: PartnershipConvention) -> str:
    return f"{convention.number}, {convention.shown_company_name} ({convention.state.label.lower()})"


class VouchForm(forms.Form):
    """The officer's word on who stands there, given once for all that this person signs."""

    vouched = forms.BooleanField(
        error_messages={"required": "Cochez la case : vous avez vérifié l’identité de cette personne."}
    )

    def __init__(self, data: QueryDict | None = None, *, person: str, action: str) -> None:
        super().__init__(data)
        self.fields["vouched"].label = f"{person} est devant moi, et j’ai vérifié son identité."
        self.helper = PortalHelper(self, submit="Tendre l’écran pour signer")
        self.helper.form_action = action


class StageRefusalForm(forms.Form):
    """Why somebody refuses, as they say it."""

    reason = forms.CharField(
        label="Pourquoi cette personne refuse-t-elle de signer ?",
        max_length=2000,
        help_text="Les personnes qui ont déjà signé cette convention liront ce texte.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez pourquoi cette personne refuse de signer."},
    )

    def __init__(self, data: QueryDict | None = None, *, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = PortalHelper(self, submit="Enregistrer le refus", cancel_url=cancel_url, css_class="form-narrow")
