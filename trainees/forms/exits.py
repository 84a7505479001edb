"""The forms of what comes after a pathway: the exit, the follow-ups."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from e2c_portal.kernel.identifiers import compact
from e2c_portal.ui.forms import DateInput, PortalHelper, group
from e2c_portal.ui.revised import Revised
from trainees.models import Exit, FollowUp

OF_EXIT = (
    "category", "starts_on", "contract", "contract_days", "employer", "employer_siret", "training", "rncp_code",
    "evidence", "evidence_note",
)  # fmt: skip
OF_FOLLOW_UP = ("situation", "done_on", "note")
JOB = ("contract", "contract_days", "employer", "employer_siret")


class ExitForm(Revised, forms.ModelForm):
    """What the pathway led to, and what proves it. Whether it is positive is computed, never typed."""

    employer_siret = forms.CharField(
        label="SIRET",
        required=False,
        max_length=20,
        help_text="14 chiffres, avec ou sans espaces ; vide si vous ne l’avez pas.",
    )

    class Meta:
        model = Exit
        fields = OF_EXIT
        widgets = {"starts_on": DateInput}

    def __init__(self, data: QueryDict | None = None, *, exit_row: Exit, cancel_url: str) -> None:
        super().__init__(data, instance=exit_row)
        self.fields["contract_days"].help_text = "Pour un CDD, une mission d’intérim, un contrat aidé ou d’insertion."
        self.fields["rncp_code"].help_text = "RNCP39848 par exemple."
        kept = [name for name in ("revision_seen",) if name in self.fields]
        self.helper = PortalHelper(
            self, *kept, "category", "starts_on", group("Pour un contrat de travail", *JOB),
            group("Pour une formation", "training", "rncp_code"), group("Preuve", "evidence", "evidence_note"),
            submit="Enregistrer la sortie", cancel_url=cancel_url,
        )  # fmt: skip

    def clean_employer_siret(self) -> str:
        return compact(self.cleaned_data["employer_siret"])

    def clean_rncp_code(self) -> str:
        return compact(self.cleaned_data["rncp_code"]).upper()

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OF_EXIT}


class FollowUpForm(forms.ModelForm):
    """What the person says of their situation, and when."""

    seen_done_on = forms.DateField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = FollowUp
        fields = OF_FOLLOW_UP
        widgets = {"done_on": DateInput}

    def __init__(self, data: QueryDict | None = None, *, follow_up: FollowUp, cancel_url: str) -> None:
        super().__init__(data, instance=follow_up)
        self.initial["seen_done_on"] = follow_up.done_on and follow_up.done_on.isoformat()
        if follow_up.done_on is None:
            self.initial["done_on"] = timezone.localdate()
        situation: Any = self.fields["situation"]
        situation.required, situation.widget = True, forms.RadioSelect()
        situation.choices = FollowUp.Situation.choices
        self.fields["done_on"].required = True
        self.fields["note"].help_text = "Rien sur la santé : ce n’est pas nécessaire."
        self.helper = PortalHelper(self, submit="Enregistrer", cancel_url=cancel_url)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OF_FOLLOW_UP}
