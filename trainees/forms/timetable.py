"""The timetable of an internship as it is typed: a usual week, and the days that differ from it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from e2c_portal.ui.forms import DateInput, TimeInput
from trainees.law.findings import WEEKDAYS
from trainees.law.timetable import COMPANY, SCHOOL, Slot

OFF = ""
PLACES = [(OFF, "Repos"), (COMPANY, "En entreprise"), (SCHOOL, "À l’école")]
MOMENTS = ("starts_at", "break_starts_at", "break_ends_at", "ends_at")
NAMES = {
    "starts_at": "début",
    "break_starts_at": "début de la pause",
    "break_ends_at": "fin de la pause",
    "ends_at": "fin",
}
SHORT = {"starts_at": "Début", "break_starts_at": "Pause de", "break_ends_at": "à", "ends_at": "Fin"}
SPARE = 2
MOST_EXCEPTIONS = 40


class WeekForm(forms.Form):
    """A usual week, Monday to Saturday: a place and four moments a day."""

    place_title = "Lieu"
    places: Sequence[tuple[str, str]] = PLACES

    def __init__(self, data: Any = None, *, week: Mapping[int, Slot] | None = None) -> None:
        super().__init__(data, prefix="semaine")
        for number, name in enumerate(WEEKDAYS[:6]):
            _add_line(self, str(number), name, self.places, self.place_title)
            _fill_line(self, str(number), (week or {}).get(number))

    def lines(self) -> list[dict[str, Any]]:
        """Return the days with their fields, for the page."""
        return [_line(self, str(number), name.capitalize()) for number, name in enumerate(WEEKDAYS[:6])]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["week"] = {
            number: slot for number in range(6) if (slot := _slot(self, str(number), cleaned, WEEKDAYS[number]))
        }
        return cleaned

    def week(self) -> dict[int, Slot]:
        """Return the usual week, 0 is Monday. Only after is_valid."""
        return self.cleaned_data["week"]


class ExceptionsForm(forms.Form):
    """The days that differ from the usual week. Two lines on one day make a day in two places; « Repos » takes the day away."""

    def __init__(self, data: Any = None, *, exceptions: Mapping[date, Sequence[Slot]] | None = None) -> None:
        super().__init__(data, prefix="jour")
        known: list[tuple[date, Slot | None]] = [
            (day, slot) for day, slots in (exceptions or {}).items() for slot in (*slots, *([] if slots else [None]))
        ]
        self.shown = bool(known) or data is not None and self._rows_sent(data) > SPARE
        self.rows = self._rows_sent(data) if data is not None else min(len(known) + SPARE, MOST_EXCEPTIONS)
        for number in range(self.rows):
            day, slot = known[number] if number < len(known) else (None, None)
            self.fields[f"{number}-day"] = forms.DateField(
                label=f"Jour particulier {number + 1}", required=False, widget=DateInput, initial=day
            )
            _add_line(self, str(number), f"jour particulier {number + 1}", PLACES)
            _fill_line(self, str(number), slot)

    def _rows_sent(self, data: Any) -> int:
        """Return the lines sent with a day, and some to spare: asking for a check gives new ones."""
        sent = [number for number in range(MOST_EXCEPTIONS) if data.get(f"jour-{number}-day")]
        return min((max(sent) + 1 if sent else 0) + SPARE, MOST_EXCEPTIONS)

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines with their fields, for the page."""
        found = []
        for number in range(self.rows):
            line, day = _line(self, str(number), f"Jour particulier {number + 1}"), self[f"{number}-day"]
            found.append(line | {"day": day, "errors": _told([day]) + line["errors"]})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found: dict[date, list[Slot]] = {}
        for number in range(self.rows):
            day = cleaned.get(f"{number}-day")
            if day is None:
                continue
            slot = _slot(self, str(number), cleaned, f"jour particulier {number + 1}")
            found.setdefault(day, []).extend([slot] if slot else [])
        for day, slots in found.items():
            if len({slot.place for slot in slots}) < len(slots):
                self.add_error(
                    None, f"Le {day:%d/%m/%Y} est écrit deux fois pour le même lieu : gardez une seule ligne."
                )
        cleaned["exceptions"] = found
        return cleaned

    def exceptions(self) -> dict[date, list[Slot]]:
        """Return the days that differ, each with what it holds instead. Only after is_valid."""
        return self.cleaned_data["exceptions"]


def _add_line(
    form: forms.Form, key: str, name: str, choices: Sequence[tuple[str, str]], place_title: str = "Lieu"
) -> None:
    form.fields[f"{key}-place"] = forms.ChoiceField(
        label=f"{name.capitalize()} : {place_title.lower()}", required=False, choices=choices
    )
    for moment in MOMENTS:
        form.fields[f"{key}-{moment}"] = forms.TimeField(
            label=f"{name.capitalize()} : {NAMES[moment]}", required=False, widget=TimeInput
        )
    for field in (f"{key}-place", *(f"{key}-{moment}" for moment in MOMENTS)):
        widget = form.fields[field].widget
        widget.attrs["class"] = "form-select" if field.endswith("place") else "form-control"


def _fill_line(form: forms.Form, key: str, slot: Slot | None) -> None:
    if slot is None:
        return
    form.fields[f"{key}-place"].initial = slot.place
    for moment in MOMENTS:
        form.fields[f"{key}-{moment}"].initial = getattr(slot, moment)


def _line(form: forms.Form, key: str, title: str) -> dict[str, Any]:
    fields = [form[f"{key}-place"], *(form[f"{key}-{moment}"] for moment in MOMENTS)]
    moments = [{"field": field, "short": SHORT[moment]} for field, moment in zip(fields[1:], MOMENTS, strict=True)]
    return {"title": title, "place": fields[0], "moments": moments, "errors": _told(fields)}


def _told(fields: Sequence[forms.BoundField]) -> list[dict[str, str]]:
    """Return what is wrong on a line, each sentence with the id by which its field names it."""
    return [{"id": f"{one.auto_id}_error", "words": " ".join(one.errors)} for one in fields if one.errors]


def _slot(form: forms.Form, key: str, cleaned: Mapping[str, Any], name: str) -> Slot | None:
    """Return the hours typed on a line, None for a day off; what is missing is said on its field."""
    place = cleaned.get(f"{key}-place")
    if not place:
        return None
    starts, pause, resumes, ends = (cleaned.get(f"{key}-{moment}") for moment in MOMENTS)
    if starts is None or ends is None:
        missing = "starts_at" if starts is None else "ends_at"
        if f"{key}-{missing}" not in form.errors:
            form.add_error(f"{key}-{missing}", f"{name.capitalize()} : indiquez l’heure de {NAMES[missing]}.")
        return None
    if (pause is None) != (resumes is None):
        form.add_error(f"{key}-break_ends_at", f"{name.capitalize()} : une pause a un début et une fin.")
        return None
    ordered = [starts, *([pause, resumes] if pause and resumes else []), ends]
    if any(after <= before for before, after in zip(ordered, ordered[1:], strict=False)):
        form.add_error(f"{key}-ends_at", f"{name.capitalize()} : les heures se suivent, du début à la fin.")
        return None
    return Slot(starts, ends, pause, resumes, place)
