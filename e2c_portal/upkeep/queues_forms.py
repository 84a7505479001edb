"""What is chosen on the page of queues."""

from django import forms
from django.http import QueryDict

from e2c_portal.kernel.nir import holds_nir
from e2c_portal.ui.forms import PortalHelper
from e2c_portal.upkeep.queues import FAILED, SORTS, STATES

LONGEST_KEY = 18
NO_NIR = "Retirez le numéro de sécurité sociale : le portail n’a pas le droit d’en garder."


class WorkFilter(forms.Form):
    """Which sort, which state, which words: whatever the address says, something is shown."""

    quoi = forms.ChoiceField(label="Quoi", required=False, choices=[(sort.name, sort.title) for sort in SORTS.values()])
    etat = forms.ChoiceField(label="État", required=False, choices=STATES)
    q = forms.CharField(label="Mots", required=False, max_length=100)

    def __init__(self, data: QueryDict, *, default: str = "travaux") -> None:
        super().__init__(data)
        self.full_clean()
        given = getattr(self, "cleaned_data", {})
        self.sort = SORTS[given.get("quoi") or default]
        self.state = given.get("etat") or FAILED
        self.words = (given.get("q") or "").strip()


def chosen_keys(data: QueryDict) -> list[int]:
    """Return the lines chosen: the one whose button was pressed, or those that are ticked. Numbers and nothing else."""
    chosen = data.getlist("une") or data.getlist("cle")
    return [int(key) for key in chosen if key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY]


class GiveUpForm(forms.Form):
    """Why it is left undone."""

    reason = forms.CharField(label="Motif", max_length=250, help_text="Gardé dans l’historique, sans nommer personne.")

    def __init__(self, data: QueryDict | None, *, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = PortalHelper(self, submit="Abandonner", cancel_url=cancel_url)

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"]
        if holds_nir(reason):
            raise forms.ValidationError(NO_NIR)
        return reason
