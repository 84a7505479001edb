"""The forms of amendments, one for each thing that may change. Each gives the new values; the operation keeps what differs."""

from collections.abc import Collection
from datetime import date
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils import timezone

from e2c_portal.ui.forms import DateInput, PortalHelper, group
from e2c_portal.ui.sent_once import SentOnce
from partnerships.models import CompanyContact, Establishment
from trainees.models import AgreementAmendment, Internship
from trainees.operations.amendments import Wish
from trainees.reads.amendment_planning import (
    Hours,
    frozen,
    pattern_of,
    rows_between,
    rows_with_hours,
    rows_without,
    wanted_choice,
)
from trainees.reads.schedule_words import WEEKDAYS, rows_of

Kind = AgreementAmendment.Kind
TIMES = (("starts_at", "de"), ("break_starts_at", "pause de"), ("break_ends_at", "pause à"), ("ends_at", "à"))
BOTH_OR_NONE = "Donnez le début et la fin {whole}, ou videz la ligne."


class AmendmentForm(SentOnce, forms.Form):
    """What every amendment says: why, and from which day."""

    reason = forms.CharField(label="Motif", max_length=250, help_text="Une ligne, imprimée sur l’avenant.")
    effective_on = forms.DateField(label="Prend effet le", widget=DateInput)
    submit = "Préparer l’avenant"
    kind = ""

    def __init__(
        self, internship: Internship, data: Any = None, *, cancel_url: str, holidays: Collection[date] = ()
    ) -> None:
        super().__init__(data)
        self.internship, self.holidays = internship, holidays
        self.initial["effective_on"] = timezone.localdate()
        self.prepare()
        self.helper = PortalHelper(self, *self.layout(), submit=self.submit, cancel_url=cancel_url)

    def prepare(self) -> None:
        """Fill the fields from what is in force."""

    def layout(self) -> list[Any]:
        """Return the fields in order, those of the kind first."""
        common = ["reason", "effective_on"]
        own = [name for name in self.fields if name not in (*common, "form_token")]
        return ["form_token", *own, *[name for name in common if name in self.fields]]

    def after(self) -> dict[str, Any]:
        """Return the new values. Only after is_valid."""
        raise NotImplementedError

    def wish(self) -> Wish:
        """Return what is asked for. Only after is_valid."""
        typed = self.cleaned_data
        return Wish(self.kind, typed["reason"], typed["effective_on"], self.after())


class DatesForm(AmendmentForm):
    """New dates. Days outside leave the schedule; new days take the hours of the same day of the week."""

    kind = Kind.DATES
    starts_on = forms.DateField(label="Premier jour", widget=DateInput)
    ends_on = forms.DateField(
        label="Dernier jour", widget=DateInput,
        help_text="Les jours ajoutés prennent les horaires du même jour de la semaine, hors dimanches et jours fériés.",
    )  # fmt: skip

    def prepare(self) -> None:
        self.initial.update({"starts_on": self.internship.starts_on, "ends_on": self.internship.ends_on})

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        first, last = typed.get("starts_on"), typed.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "Le dernier jour du stage ne peut pas précéder le premier.")
        if first and first != self.internship.starts_on and self.internship.began_by():
            self.add_error("starts_on", "Le stage a commencé : son premier jour ne change plus.")
        if last and last < timezone.localdate():
            self.add_error("ends_on", "Cette date est passée : pour arrêter le stage, enregistrez une rupture.")
        return typed

    def after(self) -> dict[str, Any]:
        first, last = self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]
        days = frozen(rows_between(self.internship, first, last, self.holidays))
        return {"starts_on": first.isoformat(), "ends_on": last.isoformat(), "days": days}


class ScheduleForm(AmendmentForm):
    """New hours in the company for each day of the week, from the day of effect on."""

    kind = Kind.SCHEDULE

    def prepare(self) -> None:
        now = pattern_of(rows_of(self.internship.days.all()))
        for number, name in enumerate(WEEKDAYS[:6]):
            hours = now.get(number)
            known = (
                dict(zip(("starts_at", "ends_at", "break_starts_at", "break_ends_at"), hours, strict=True))
                if hours
                else {}
            )
            for key, label in TIMES:
                self.fields[f"{number}-{key}"] = forms.TimeField(
                    label=f"{name.capitalize()} {label}", required=False, initial=known.get(key),
                    widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
                )  # fmt: skip

    def layout(self) -> list[Any]:
        rows = [
            group(name.capitalize(), Div(*[f"{number}-{key}" for key, _label in TIMES], css_class="field-row"))
            for number, name in enumerate(WEEKDAYS[:6])
        ]
        return ["form_token", "reason", "effective_on", *rows]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        for number in range(6):
            given = [typed.get(f"{number}-{key}") for key, _label in TIMES]
            first, pause, again, last = given
            if (first is None) != (last is None) or (first is None and (pause or again)):
                self.add_error(f"{number}-starts_at", BOTH_OR_NONE.format(whole="de la journée"))
            elif (pause is None) != (again is None):
                self.add_error(f"{number}-break_starts_at", BOTH_OR_NONE.format(whole="de la pause"))
            elif first and last and not _in_order(first, pause, again, last):
                self.add_error(f"{number}-starts_at", "Les heures se suivent : début, pause, reprise, fin.")
        if typed.get("effective_on") and typed["effective_on"] > self.internship.ends_on:
            self.add_error("effective_on", "Cette date vient après le stage.")
        return typed

    def _pattern(self) -> dict[int, Hours]:
        typed = self.cleaned_data
        return {
            number: tuple(
                typed[f"{number}-{key}"] for key in ("starts_at", "ends_at", "break_starts_at", "break_ends_at")
            )  # type: ignore[misc]
            for number in range(6)
            if typed[f"{number}-starts_at"]
        }

    def after(self) -> dict[str, Any]:
        since = self.cleaned_data["effective_on"]
        return {"days": frozen(rows_with_hours(self.internship, self._pattern(), since, self.holidays))}


def _in_order(*moments: Any) -> bool:
    known = [moment for moment in moments if moment is not None]
    return known == sorted(set(known))


class PeopleForm(AmendmentForm):
    """Who in the company follows the trainee, and who signs."""

    kind = Kind.TUTOR
    tutor = forms.ModelChoiceField(label="Tuteur", queryset=CompanyContact.objects.none())
    host_signatory = forms.ModelChoiceField(
        label="Signataire pour l’entreprise", queryset=CompanyContact.objects.none()
    )

    def prepare(self) -> None:
        company = self.internship.establishment.company_id
        there = CompanyContact.objects.filter(company=company, left_on=None, duplicate_of=None).order_by("full_name")
        for name in ("tutor", "host_signatory"):
            self.fields[name].queryset = there  # type: ignore[attr-defined]
            self.initial[name] = getattr(self.internship, f"{name}_id")

    def after(self) -> dict[str, Any]:
        return {name: wanted_choice(self.cleaned_data[name]) for name in ("tutor", "host_signatory")}


class PlaceForm(PeopleForm):
    """Another place of the same company, with its people. Another company is another internship."""

    kind = Kind.PLACE
    establishment = forms.ModelChoiceField(label="Lieu du stage", queryset=Establishment.objects.none())
    access = forms.CharField(label="Comment s’y rendre", required=False, widget=forms.Textarea({"rows": 2}))
    field_order = ["establishment", "access", "tutor", "host_signatory"]

    def prepare(self) -> None:
        super().prepare()
        company = self.internship.establishment.company_id
        places = Establishment.objects.filter(company=company, closed_on=None).order_by("name", "pk")
        self.fields["establishment"].queryset = places  # type: ignore[attr-defined]
        self.initial.update({"establishment": self.internship.establishment_id, "access": self.internship.access})

    def after(self) -> dict[str, Any]:
        place = wanted_choice(self.cleaned_data["establishment"])
        return {**super().after(), "establishment": place, "access": self.cleaned_data["access"]}


class ActivitiesForm(AmendmentForm):
    """What the trainee does, for what, with what protection."""

    kind = Kind.ACTIVITIES
    activities = forms.CharField(label="Activités confiées", widget=forms.Textarea({"rows": 4}))
    objectives = forms.CharField(label="Objectifs", widget=forms.Textarea({"rows": 3}))
    skills = forms.CharField(
        label="Compétences à développer", required=False, widget=forms.Textarea({"rows": 3}), help_text="Une par ligne."
    )
    equipment = forms.CharField(
        label="Équipements de protection", required=False, widget=forms.Textarea({"rows": 2}),
        help_text="Vide si aucun n’est nécessaire.",
    )  # fmt: skip
    safety = forms.CharField(label="Hygiène et sécurité", required=False, widget=forms.Textarea({"rows": 2}))
    NAMES = ("activities", "objectives", "skills", "equipment", "safety")

    def prepare(self) -> None:
        self.initial.update({name: getattr(self.internship, name) for name in self.NAMES})

    def after(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.NAMES}


class SuspensionForm(AmendmentForm):
    """Days when nobody is expected in the company. It takes effect at once."""

    kind = Kind.SUSPENSION
    submit = "Suspendre le stage maintenant"
    first = forms.DateField(label="Du", widget=DateInput)
    last = forms.DateField(
        label="Au", widget=DateInput, help_text="Inclus. Les jours en entreprise entre ces dates quittent l’horaire."
    )

    def prepare(self) -> None:
        del self.fields["effective_on"]
        self.initial["first"] = max(timezone.localdate(), self.internship.starts_on)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("first") and typed.get("last") and typed["last"] < typed["first"]:
            self.add_error("last", "La suspension ne peut pas finir avant d’avoir commencé.")
        return typed

    def after(self) -> dict[str, Any]:
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        return {
            "suspension": {"from": first.isoformat(), "to": last.isoformat()},
            "days": frozen(rows_without(self.internship, first, last)),
        }

    def wish(self) -> Wish:
        return Wish(self.kind, self.cleaned_data["reason"], self.cleaned_data["first"], self.after())


class RuptureForm(AmendmentForm):
    """The last day of presence, and who ends the internship. It takes effect at once."""

    kind = Kind.RUPTURE
    submit = "Arrêter le stage maintenant"
    ended_early_on = forms.DateField(label="Dernier jour de présence", widget=DateInput)
    broken_by = forms.ChoiceField(label="Qui met fin au stage", choices=[("", "Choisir"), *Internship.Side.choices])

    def prepare(self) -> None:
        del self.fields["effective_on"]
        self.initial["ended_early_on"] = timezone.localdate()

    def after(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {"ended_early_on": typed["ended_early_on"].isoformat(), "broken_by": typed["broken_by"]}

    def wish(self) -> Wish:
        typed = self.cleaned_data
        return Wish(self.kind, typed["reason"], typed["ended_early_on"], self.after())


FORMS: dict[str, type[AmendmentForm]] = {
    form.kind: form
    for form in (DatesForm, ScheduleForm, PlaceForm, PeopleForm, ActivitiesForm, SuspensionForm, RuptureForm)
}
