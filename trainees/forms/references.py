"""Fields in which people type a trade or a commune in their own words, and the form that loads a reference."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.datastructures import MultiValueDict

from e2c_portal.documents.file_field import ReceivedFileField
from e2c_portal.kernel.french import counted
from e2c_portal.ui.forms import PortalHelper, group
from trainees.models import Commune, ReferenceDataset, Trade
from trainees.operations.references import Origin
from trainees.reads.references import SHOWN, commune_named, communes_matching, trade_named, trades_matching

TRADE_HELP = "Un mot, ou un code ROME : « cuisine », « G1602 »."
COMMUNE_HELP = "Un nom ou un code postal : « Montpellier », « 30100 »."


class SuggestedInput(forms.TextInput):
    """A text box that proposes what exists as one types; without JavaScript it is a plain box."""

    def __init__(self, url_name: str, list_id: str) -> None:
        super().__init__({
            "list": list_id, "autocomplete": "off", "hx-get": reverse_lazy(f"trainees:{url_name}"),
            "hx-trigger": "input changed delay:250ms", "hx-target": f"#{list_id}", "hx-sync": "this:replace",
        })  # fmt: skip


class TradeField(forms.CharField):
    """One trade of the reference in service, by its code, its label or words that only it holds."""

    def __init__(self, *, label: str = "Métier", required: bool = True, help_text: str = TRADE_HELP) -> None:
        super().__init__(
            label=label, required=required, max_length=200, help_text=help_text,
            widget=SuggestedInput("trade_suggestions", "metiers"), error_messages={"required": "Indiquez le métier."},
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return trade_typed(text) if text else None


class CommuneField(forms.CharField):
    """One commune of the reference in service."""

    def __init__(self, *, label: str, required: bool = False) -> None:
        super().__init__(
            label=label, required=required, max_length=150, help_text=COMMUNE_HELP,
            widget=SuggestedInput("communes", "communes"),
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return _commune_typed(text) if text else None


class TradesField(forms.CharField):
    """Several trades, one a line."""

    def __init__(self, *, label: str) -> None:
        super().__init__(
            label=label, required=False, max_length=4000, help_text="Un par ligne : « Coiffeur », « G1602 ».",
            widget=forms.Textarea({"rows": 3}),
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        errors, found = [], {}
        for line in super().clean(value).splitlines():
            try:
                if line.strip():
                    trade = trade_typed(line.strip())
                    found[trade.pk] = trade
            except ValidationError as error:
                errors += error.messages
        if errors:
            raise ValidationError(errors)
        return list(found.values())


def trade_typed(text: str) -> Trade:
    """Return the trade that somebody typed. Raises ValidationError, with what looks like it."""
    if trade := trade_named(text):
        return trade
    return _refuse(text, trades_matching(text), "métier", "Essayez un autre mot, ou le code ROME.")


def _commune_typed(text: str) -> Commune:
    if commune := commune_named(text):
        return commune
    return _refuse(text, communes_matching(text), "commune", "Vérifiez l’orthographe, ou tapez le code postal.")


def _refuse(text: str, found: Any, what: str, advice: str) -> Any:
    near = [str(row) for row in found[: SHOWN + 1]]
    if not near:
        raise ValidationError(f"Rien ne correspond à « {text} » ({what}). {advice}")
    more = "…" if len(near) > SHOWN else ""
    raise ValidationError(f"« {text} » désigne plusieurs choses. Précisez : {' ; '.join(near[:SHOWN])}{more}")


class ReferenceForm(forms.Form):
    """An open file, and what is said of it: a reference without its source and its licence proves nothing."""

    file = ReceivedFileField(
        label="Fichier", widget=forms.FileInput({"accept": ".csv,.txt,.json,.geojson"}),
        error_messages={"required": "Choisissez le fichier.", "empty": "Ce fichier est vide."},
        help_text="CSV ou, pour les communes, JSON. Déposez-le tel que publié, sans l’ouvrir dans un tableur.",
    )  # fmt: skip
    kind = forms.ChoiceField(label="Référentiel", choices=ReferenceDataset.Kind.choices, widget=forms.RadioSelect)
    vintage = forms.CharField(label="Millésime", max_length=40, help_text="« 2026 », « ROME 4.0, septembre 2025 ».")
    source = forms.CharField(label="Source", max_length=250, help_text="Qui publie ce fichier, et où.")
    licence = forms.CharField(label="Licence", max_length=100, initial="Licence Ouverte 2.0")
    is_sample = forms.BooleanField(label="C’est un extrait : une partie seulement du référentiel", required=False)
    dry_run = forms.BooleanField(
        label="Vérifier seulement, sans rien enregistrer", required=False, initial=True,
        help_text="Le rapport dit ce qui serait chargé, et chaque ligne à corriger.",
    )  # fmt: skip

    def __init__(
        self, data: QueryDict | None = None, files: MultiValueDict | None = None, *, cancel_url: str = ""
    ) -> None:
        super().__init__(data, files)
        self.helper = PortalHelper(
            self, "file", "kind", group("D’où vient-il ?", "vintage", "source", "licence", "is_sample"), "dry_run",
            submit="Lire le fichier", cancel_url=cancel_url,
        )  # fmt: skip

    def origin(self) -> Origin:
        """Return what was said of the file, once the form is valid."""
        typed = self.cleaned_data
        return Origin(*(typed[name] for name in ("kind", "vintage", "source", "licence", "is_sample")))


def rows_in_words(dataset: ReferenceDataset) -> str:
    """Return "1 502 communes"."""
    words = ("métier", "métiers") if dataset.kind == ReferenceDataset.Kind.TRADES else ("commune", "communes")
    return counted(dataset.rows, *words)
