"""The forms of the data officer: hold, lift, erase."""

from django import forms
from django.http import QueryDict

from e2c_portal.kernel.nir import holds_nir
from e2c_portal.ui.forms import DateInput, PortalHelper

NO_NIR = "Retirez le numéro de sécurité sociale : le portail n’a pas le droit d’en garder."
LIMIT = 250


class ReasonForm(forms.Form):
    """A reason, kept after the person is gone: it must name nobody."""

    reason = forms.CharField(
        label="Motif", max_length=LIMIT, help_text="Sans nommer la personne : ce motif reste après elle."
    )

    def __init__(self, data: QueryDict | None = None, *, submit: str, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = PortalHelper(self, submit=submit, cancel_url=cancel_url)

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"]
        if holds_nir(reason):
            raise forms.ValidationError(NO_NIR)
        return reason


class HoldForm(ReasonForm):
    """Why something is held, and until when."""

    until = forms.DateField(
        label="Jusqu’au", required=False, widget=DateInput, help_text="Vide : jusqu’à ce que vous leviez le gel."
    )


class ErasureForm(ReasonForm):
    """How the demand came, and the word that says it is meant."""

    sure = forms.BooleanField(label="J’ai vérifié l’identité de la personne ; l’effacement ne se défait pas.")
