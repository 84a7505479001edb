"""The forms of deliveries: what was done, and why a delivery does not count; the search of the list of promises."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils import timezone

from e2c_portal.documents.file_field import PaperField
from e2c_portal.documents.received_files import Upload
from e2c_portal.ui.forms import DateInput, PortalHelper
from partnerships.models import Commitment
from partnerships.operations.deliveries import DeliveryText
from partnerships.promise_list import STATES, Wanted


class DeliveryFields(forms.Form):
    """What is told of a delivery, by whoever tells it. `public_id` makes a form sent twice write once."""

    delivered_on = forms.DateField(
        label="Date", widget=DateInput, error_messages={"required": "Indiquez le jour de la réalisation."}
    )
    quantity = forms.IntegerField(
        label="Quantité", min_value=1, max_value=1_000_000_000,
        error_messages={"required": "Indiquez combien.", "min_value": "Une réalisation compte au moins pour 1."},
    )  # fmt: skip
    description = forms.CharField(
        label="Ce qui a été fait", max_length=500, widget=forms.Textarea({"rows": 2}),
        help_text="Aucun nom ni aucune donnée d’un stagiaire.",
        error_messages={"required": "Dites en une ligne ce qui a été fait."},
    )  # fmt: skip
    proof = PaperField(
        label="Justificatif", required=False,
        help_text="Si vous en avez un : PDF, JPEG ou PNG, 10\N{NO-BREAK SPACE}Mo au plus.",
    )  # fmt: skip
    public_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"delivered_on": timezone.localdate(), "public_id": uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if unit:
            self.fields["quantity"].label = f"Quantité, en {unit}"

    def send_anew(self) -> None:
        """Let whoever has read that the page was used already send it again, knowingly."""
        typed: Any = self.data
        data = typed.copy()
        data[self.add_prefix("public_id")] = str(uuid4())
        self.data = data

    def text(self) -> DeliveryText:
        """Return what was typed, ready for the operation. Only after is_valid."""
        typed = dict(self.cleaned_data)
        sent = typed.pop("proof")
        return DeliveryText(**typed, proof=Upload(sent.read()) if sent else None)


class DeliveryForm(DeliveryFields):
    """A delivery declared by the Région."""

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, **kwargs)
        self.helper = PortalHelper(self, submit="Déclarer la réalisation")
        # What is refused is told at the foot of the page: the browser goes there by itself.
        self.helper.form_action = "#declarer"


class ReasonForm(forms.Form):
    """Why a delivery does not count."""

    reason = forms.CharField(
        label="Motif", max_length=500, widget=forms.Textarea({"rows": 3}), help_text="Il restera sur la page de l’engagement.",
        error_messages={"required": "Écrivez pourquoi cette réalisation ne compte pas."},
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, submit: str, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = PortalHelper(self, submit=submit, cancel_url=cancel_url)


class PromiseSearchForm(forms.Form):
    """What the list of promises is narrowed to."""

    q = forms.CharField(label="Rechercher", required=False, max_length=100)
    entreprise = forms.TypedChoiceField(label="Entreprise", required=False, coerce=int, empty_value=None)
    engagement = forms.ChoiceField(label="Engagement", required=False)
    etat = forms.ChoiceField(label="État", required=False)
    sommeil = forms.ChoiceField(label="Partenaires", required=False, choices=[("", "Tous"), ("oui", "En sommeil")])

    def __init__(self, data: QueryDict, companies: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["q"].widget = forms.TextInput({"type": "search"})
        choices: dict[str, list] = {
            "entreprise": [("", "Toutes"), *companies],
            "engagement": [("", "Tous"), *Commitment.Kind.choices],
            "etat": [("", "Tous"), *((name, label) for name, (label, _) in STATES.items())],
        }
        for name, listed in choices.items():
            field: Any = self.fields[name]
            field.choices = listed

    def wanted(self) -> Wanted:
        """Return what was chosen; a value that the list does not know narrows nothing."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(
            words=chosen.get("q", ""), company_id=chosen.get("entreprise"), kind=chosen.get("engagement", ""),
            state=chosen.get("etat", ""), asleep="sommeil" in chosen,
        )  # fmt: skip

    @property
    def narrows(self) -> bool:
        """Say whether something was chosen."""
        return self.wanted() != Wanted()
