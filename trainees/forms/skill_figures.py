"""What the figures of skills are narrowed to."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from e2c_portal.ui.long_select import LongSelect
from partnerships.counters import Asked
from schools.scope import Scope
from trainees.reads.skill_figures import Measure, Narrowing, schools_of, years_to_choose
from trainees.reads.skill_rows import RowsAsked


class FiguresForm(forms.Form):
    """One school, when the person reads several; one year."""

    ecole = forms.TypedChoiceField(label="École", required=False, coerce=int, empty_value=None, widget=LongSelect)
    annee = forms.TypedChoiceField(label="Année", required=False, coerce=int, empty_value=None)

    def __init__(self, data: QueryDict, scope: Scope) -> None:
        super().__init__(data)
        schools = schools_of(scope)
        self.shows_schools = bool(schools)
        self.fields["ecole"].choices = [("", "Toutes les écoles"), *schools]  # type: ignore[attr-defined]
        self.fields["annee"].choices = [("", "Toutes les années"), *((year, str(year)) for year in years_to_choose())]  # type: ignore[attr-defined]

    def narrowing(self) -> Narrowing:
        """Return what is asked for; what is not understood narrows nothing."""
        self.is_valid()
        return Narrowing(self.cleaned_data.get("ecole"), self.cleaned_data.get("annee"))


class SkillRowsForm(FiguresForm):
    """Which rows: a measure, and what the address of a figure adds."""

    mesure = forms.ChoiceField(
        label="Compétences", required=False,
        choices=[(Measure.VALIDATED, "Validées"), (Measure.SEEN, "Pratiquées"), (Measure.PLANNED, "Prévues")],
    )  # fmt: skip
    competence = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)
    niveau = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2**62)
    entreprise = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)
    engagement = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)
    du = forms.DateField(required=False, widget=forms.HiddenInput)
    au = forms.DateField(required=False, widget=forms.HiddenInput)

    def asking(self) -> RowsAsked:
        """Return what is asked for; what is not understood narrows nothing."""
        self.is_valid()
        told: dict[str, Any] = self.cleaned_data
        return RowsAsked(
            told.get("mesure") or Measure.VALIDATED, told.get("competence"), told.get("niveau"), told.get("ecole"),
            told.get("annee"), self._promise(told),
        )  # fmt: skip

    @property
    def narrows(self) -> bool:
        """Say whether the list shows less than every row of its measure."""
        return any(self.data.get(name) for name in self.fields if name != "mesure")

    def _promise(self, told: dict[str, Any]) -> Asked | None:
        names = ("entreprise", "engagement", "du", "au")
        if not all(told.get(name) for name in names):
            return None
        first, last = told["du"], told["au"]
        return Asked(told["entreprise"], told["engagement"], first, last) if isinstance(first, date) else None
