"""The forms of an import: the spreadsheet, then what its columns hold."""

import re
from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Div, Field
from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from e2c_portal.documents.file_field import ReceivedFileField
from e2c_portal.ui.forms import PortalHelper, group
from schools.models import School
from trainees.models import TraineeImport
from trainees.reads.import_columns import FIELDS

TOO_LARGE = (
    "Ce fichier est trop lourd : 5 Mo au plus. Gardez la feuille utile, ou coupez le tableau en plusieurs fichiers."
)
LARGEST_FILE = 5 * 1024 * 1024
LEFT_ASIDE = "Ne pas importer cette colonne"


class SpreadsheetForm(forms.Form):
    """A spreadsheet, and the school whose trainees it lists when somebody leads several."""

    school = forms.ChoiceField(label="École")
    file = ReceivedFileField(
        label="Tableau des stagiaires",
        widget=forms.FileInput({"accept": ".xlsx,.csv,.txt"}),
        help_text="Classeur Excel (.xlsx) ou CSV, 5 Mo et 5 000 lignes au plus. La première ligne donne le titre des colonnes.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )

    def __init__(
        self, schools: Sequence[School], data: QueryDict | None = None, files: MultiValueDict | None = None
    ) -> None:
        super().__init__(data, files)
        self._schools = {str(school.pk): school for school in schools}
        if len(schools) == 1:
            del self.fields["school"]
        else:
            self.fields["school"].choices = [(pk, school.name) for pk, school in self._schools.items()]  # type: ignore[attr-defined]
        self.helper = PortalHelper(self, submit="Lire le tableau")

    def clean_file(self) -> Any:
        """Refuse a file too heavy to be a list of people."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def chosen_school(self) -> School:
        """Return the school, once the form is valid."""
        return self._schools[self.cleaned_data.get("school") or next(iter(self._schools))]


class ColumnsForm(forms.Form):
    """One choice for each column of the file, with what its first lines hold; then how pathways are opened."""

    trial_weeks = forms.IntegerField(
        label="Durée de la période d’essai, en semaines", min_value=1, max_value=26, initial=6,
        help_text="Comptée depuis la date d’entrée, pour les parcours que cet import ouvre.",
    )  # fmt: skip
    records_arrivals = forms.BooleanField(
        label="Enregistrer l’arrivée des personnes dont le jour d’entrée est passé", required=False, initial=True,
        help_text="Sinon leur parcours reste « prévu » jusqu’à ce que vous enregistriez leur arrivée.",
    )  # fmt: skip

    def __init__(self, asked: TraineeImport, samples: list[list[str]], data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"trial_weeks": asked.trial_weeks, "records_arrivals": asked.records_arrivals})
        choices = [("", LEFT_ASIDE), *((field.name, field.label) for field in FIELDS)]
        self._names = [f"column_{rank}" for rank in range(len(asked.titles))]
        for rank, title in enumerate(asked.titles):
            shown = list(dict.fromkeys(_sample(cells[rank]) for cells in samples if rank < len(cells) and cells[rank]))
            self.fields[self._names[rank]] = forms.ChoiceField(
                label=title or f"Colonne {rank + 1}, sans titre", choices=choices, required=False,
                initial=asked.mapping.get(str(rank), ""),
                help_text=f"Par exemple : {' ; '.join(shown)}" if shown else "Vide dans les premières lignes.",
            )  # fmt: skip
        columns = group("Colonnes du fichier", Div(*(Field(name) for name in self._names), css_class="import-columns"))
        self.helper = PortalHelper(
            self, columns, group("Parcours", "trial_weeks", "records_arrivals"), submit="Vérifier les lignes",
            cancel_url=reverse("trainees:imports"),
        )  # fmt: skip

    def mapping(self) -> dict[str, str]:
        """Return the field of each column kept, by the number of the column as text."""
        chosen = {str(rank): self.cleaned_data.get(name, "") for rank, name in enumerate(self._names)}
        return {rank: name for rank, name in chosen.items() if name}


def _sample(cell: str) -> str:
    """Return a cell as people wrote it: the days of a workbook come as ISO."""
    return re.sub(r"^(\d{4})-(\d{2})-(\d{2})$", r"\3/\2/\1", cell[:60])
