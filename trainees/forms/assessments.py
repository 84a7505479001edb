"""The short forms of whoever assesses: name a colleague, say that one cannot answer. Their pages are plain and light."""

from typing import Any

from django import forms

from e2c_portal.kernel.nir import REFUSAL, holds_nir
from trainees.operations.assessment_handing_over import REASON_LIMIT, Colleague


class LightForm(forms.Form):
    """A form of the light pages: each field says its error to screen readers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="champ-%s", use_required_attribute=False, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Refuse a social security number beside the text that holds it."""
        typed = super().clean() or self.cleaned_data
        for name, value in list(typed.items()):
            if isinstance(value, str) and holds_nir(value):
                self.add_error(name, REFUSAL)
        return typed


class ColleagueForm(LightForm):
    """Who knows this work better."""

    full_name = forms.CharField(
        label="Nom et prénom", max_length=150, error_messages={"required": "Écrivez le nom de votre collègue."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    job_title = forms.CharField(
        label="Sa fonction (facultatif)", max_length=150, required=False, help_text="Par exemple : chef d’équipe."
    )
    email = forms.EmailField(
        label="Son adresse électronique", widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Écrivez son adresse : son lien y est envoyé.",
            "invalid": "Cette adresse n’est pas complète : elle s’écrit comme nom@domaine.fr",
        },
    )  # fmt: skip

    def colleague(self) -> Colleague:
        """Return who was named."""
        typed = self.cleaned_data
        return Colleague(typed["full_name"], typed["email"], typed["job_title"])


class DeclineForm(LightForm):
    """Why one will not answer."""

    reason = forms.CharField(
        label="Pourquoi ?", max_length=REASON_LIMIT, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Par exemple : ce stagiaire n’est pas venu dans mon service ; ce message ne m’est pas destiné.",
        error_messages={"required": "Dites en quelques mots pourquoi : l’école saura à qui demander."},
    )  # fmt: skip
