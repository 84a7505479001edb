"""What the board and the calendar are narrowed to."""

from collections.abc import Callable

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from e2c_portal.accounts.models import User
from schools.models import School
from trainees.reads.day import Chosen, open_sites

Choices = list[tuple[str, str]] | Callable[[], list[tuple[str, str]]]
# Longer numbers are no key.
DIGITS = 18


class ChoiceForm(forms.Form):
    """A school when there are several, a site when it has several, and « mes stagiaires »."""

    ecole = forms.ChoiceField(label="École", required=False)
    site = forms.ChoiceField(label="Site", required=False)
    miens = forms.BooleanField(label="Mes stagiaires seulement", required=False)

    def __init__(self, data: QueryDict, schools: QuerySet[School], user: User) -> None:
        super().__init__(data)
        self.schools, self.user = schools, user
        # Two tell whether there is a choice: the others are read only where they are offered.
        first = list(schools[:2])
        self.school = first[0] if len(first) == 1 else self._school(data.get("ecole", ""))
        self.sites = list(open_sites(self.school)) if self.school else []
        self._choices("ecole", lambda: [(str(row.pk), str(row)) for row in schools])
        self._choices("site", [("", "Tous les sites"), *((str(row.pk), row.name) for row in self.sites)])
        if len(first) < 2:
            del self.fields["ecole"]
        if len(self.sites) < 2:
            del self.fields["site"]

    def chosen(self) -> Chosen | None:
        """Return what is asked for, None while no school is chosen; a value that means nothing asks for the whole school."""
        if self.school is None:
            return None
        self.is_valid()
        asked = self.cleaned_data.get("site", "")
        site = next((row for row in self.sites if str(row.pk) == asked), None)
        return Chosen(self.school, site, self.user if self.cleaned_data.get("miens") else None)

    def _school(self, asked: str) -> School | None:
        return self.schools.filter(pk=asked).first() if asked.isdecimal() and len(asked) < DIGITS else None

    def _choices(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = choices
