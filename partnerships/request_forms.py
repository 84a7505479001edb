"""The forms of those who answer companies: narrow the list, answer, set aside, withdraw an access."""

from typing import Any

from django import forms
from django.http import QueryDict

from e2c_portal.signing.forms import StaffForm
from partnerships.models import CompanyRequest
from partnerships.models.requests import REQUEST_STATES


class RequestSearchForm(forms.Form):
    """What the list of requests is narrowed to."""

    q = forms.CharField(label="Rechercher dans les demandes", required=False, max_length=100)
    status = forms.ChoiceField(label="État", required=False)
    kind = forms.ChoiceField(label="Sujet", required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["q"].widget.input_type = "search"
        states = [(name, state.label) for name, state in REQUEST_STATES.items()]
        choices = {"status": [("", "Tous"), *states], "kind": [("", "Tous"), *CompanyRequest.Kind.choices]}
        for name, listed in choices.items():
            field: Any = self.fields[name]
            field.choices = listed

    def chosen(self) -> dict[str, str]:
        """Return what was chosen; what makes no sense is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class AnswerForm(StaffForm):
    """Answer a company."""

    submit = "Envoyer la réponse"
    answer = forms.CharField(
        label="Votre réponse", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Elle part par courriel et se lit dans l’espace de l’entreprise. Aucun nom de stagiaire.",
        error_messages={"required": "Écrivez la réponse."},
    )  # fmt: skip


class SetAsideForm(StaffForm):
    """Set a request aside."""

    submit = "Classer la demande"
    reason = forms.CharField(
        label="Pourquoi la classer", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="La personne qui a écrit lira cette raison.",
        error_messages={"required": "Écrivez pourquoi cette demande est classée."},
    )  # fmt: skip


class WithdrawForm(StaffForm):
    """Withdraw the access of a contact."""

    submit = "Retirer l’accès"
    reason = forms.CharField(
        label="Pourquoi retirer cet accès", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Gardé dans l’historique. La personne ne le reçoit pas.",
        error_messages={"required": "Écrivez pourquoi vous retirez cet accès."},
    )  # fmt: skip
