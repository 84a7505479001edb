"""The forms of attestations: narrowing the list, replacing, revoking, and what the verification shows."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from e2c_portal.signing.forms import ByLinkForm
from e2c_portal.ui.forms import PortalHelper
from e2c_portal.ui.long_select import LongSelect
from trainees.life import certificates as life

Choices = Iterable[tuple[int, str]]
OWN_WORDS = {
    life.NAME: "Mon nom",
    life.HOURS: "Mes heures à l’école et en entreprise",
    life.SKILLS: "Mes compétences et leur niveau",
}
PUBLIC_REASON = "Ce motif paraît sur la page publique de vérification : n’y nommez personne."


class CertificateSearchForm(forms.Form):
    """A name or a number, a year, a state; one school for those who see several."""

    q = forms.CharField(label="Nom, ou numéro d’attestation", required=False, max_length=100)
    annee = forms.TypedChoiceField(label="Année", required=False, coerce=int, empty_value=None)
    etat = forms.ChoiceField(label="État", required=False)
    ecole = forms.TypedChoiceField(label="École", required=False, coerce=int, empty_value=None, widget=LongSelect)

    def __init__(self, data: QueryDict, *, years: Iterable[int] = (), schools: Choices = ()) -> None:
        super().__init__(data)
        choices: dict[str, list[tuple[Any, str]]] = {
            "annee": [("", "Toutes"), *((year, str(year)) for year in years)],
            "etat": [("", "Tous"), *((name, state.label) for name, state in life.STATES.items())],
            "ecole": [("", "Toutes"), *schools],
        }
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered
        if len(choices["ecole"]) == 1:
            del self.fields["ecole"]

    def wanted(self) -> dict[str, Any]:
        """Return what narrows the list; a choice that the list does not know narrows nothing."""
        self.is_valid()
        typed = self.cleaned_data
        return {
            "words": typed.get("q", ""), "year": typed.get("annee"), "status": typed.get("etat", ""),
            "school_id": typed.get("ecole"),
        }  # fmt: skip

    @property
    def narrows(self) -> bool:
        return any(self.wanted().values())


class EndForm(forms.Form):
    """Say why an attestation is worth nothing any more."""

    submit = "Révoquer l’attestation"
    reason = forms.CharField(
        label="Pourquoi", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=PUBLIC_REASON,
        error_messages={"required": "Écrivez pourquoi cette attestation ne vaut plus : la page de vérification le dira."},
    )  # fmt: skip

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalHelper(self, submit=self.submit, cancel_url=cancel_url, css_class="form-narrow")


class ReissueForm(EndForm):
    """Say why an attestation is replaced."""

    submit = "Émettre la nouvelle attestation"


class _Shown(forms.Form):
    shown = forms.MultipleChoiceField(
        label="Montrer aussi", required=False, choices=list(life.PARTS.items()), widget=forms.CheckboxSelectMultiple
    )


class OwnChoiceForm(_Shown, ByLinkForm):
    """What the trainee lets the verification show, by their own link."""

    submit = "Enregistrer mon choix"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["shown"]
        field.choices = [(name, OWN_WORDS.get(name, label)) for name, label in life.PARTS.items()]


class ToldChoiceForm(_Shown):
    """The same, told to the school."""

    reason = forms.CharField(
        label="Quand et comment la personne vous l’a dit", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Par exemple : par téléphone le 27 novembre, en présence de sa référente. Gardé dans l’historique.",
        error_messages={"required": "Écrivez quand et comment la personne vous a dit son choix."},
    )  # fmt: skip

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalHelper(self, submit="Noter ce choix", cancel_url=cancel_url, css_class="form-narrow")
