"""The choice of the skills of an internship: ticks by domain, a search that loses none of them."""

from typing import Any

from django import forms
from django.http import QueryDict

from trainees.models import Internship, Skill
from trainees.reads.planned_skills import Wanted, framework_choices, skills_to_choose

SEARCH = "chercher"


class PlannedSkillsForm(forms.Form):
    """`skills` are those ticked; `seen` those planned when the page was shown; words and framework narrow what is proposed."""

    q = forms.CharField(label="Chercher une compétence", required=False, max_length=100)
    referentiel = forms.TypedChoiceField(label="Référentiel", required=False, coerce=int, empty_value=None)
    skills = forms.ModelMultipleChoiceField(
        Skill.objects.none(), label="Compétences", required=False,
        error_messages={"invalid_choice": "Une compétence choisie n’est plus en vigueur : elle n’est pas reprise ci-dessous."},
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)

    def __init__(
        self, internship: Internship, data: QueryDict | None = None, *, ticked: list[int], planned: list[int]
    ) -> None:
        super().__init__(data, initial={"skills": ticked, "seen": ",".join(map(str, sorted(planned)))})
        self.fields["skills"].queryset = skills_to_choose(internship)  # type: ignore[attr-defined]
        self.fields["referentiel"].choices = [("", "Proposés pour ce stage"), *framework_choices()]  # type: ignore[attr-defined]

    @property
    def searches(self) -> bool:
        """Say whether the button pressed only looks for something."""
        return self.is_bound and SEARCH in self.data

    def ticked(self) -> list[Skill]:
        """Return the skills ticked, whatever else is wrong with the form."""
        values = self.data.getlist("skills") if self.is_bound else self.initial["skills"]  # type: ignore[attr-defined]
        numbers = [int(value) for value in values if str(value).isdecimal() and len(str(value)) < 19]
        rows = self.fields["skills"].queryset.filter(pk__in=numbers)  # type: ignore[attr-defined]
        return list(rows.order_by("framework__name", "framework", "domain__position", "position"))

    def wanted(self) -> Wanted:
        """Return what the proposals are narrowed to."""
        told: dict[str, Any] = self.cleaned_data if self.is_bound and hasattr(self, "cleaned_data") else {}
        return Wanted(told.get("q", ""), told.get("referentiel"))

    def seen_skills(self) -> list[int]:
        """Return the skills planned when the page was shown."""
        return [int(part) for part in self.cleaned_data["seen"].split(",") if part.isdecimal()]

    def see_now(self, planned: list[int]) -> None:
        """After somebody else changed the plan: the next sending is a decision taken with it on screen."""
        data: Any = self.data.copy()
        data["seen"] = ",".join(map(str, sorted(planned)))
        self.data = data
