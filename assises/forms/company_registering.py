"""People written line by line: those of a company, by its space, and the team of a school."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from assises.models import Registration
from assises.operations.group_registering import Attendee
from assises.reads.group_registering import COMPANY_AT_MOST
from e2c_portal.ui.forms import refusals_in

REQUIRED = (("first_name", "Indiquez le prénom."), ("last_name", "Indiquez le nom."),
            ("email", "Indiquez l’adresse : la confirmation y est envoyée."))  # fmt: skip


class PersonLine(forms.Form):
    """One line: a whole person, or nothing."""

    first_name = forms.CharField(label="Prénom", max_length=100, required=False)
    last_name = forms.CharField(label="Nom", max_length=100, required=False)
    job_title = forms.CharField(label="Fonction", max_length=150, required=False)
    email = forms.EmailField(label="Adresse électronique", required=False)

    def __init__(
        self, kind: str, number: int, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, prefix=f"{kind}-{number}", initial=dict(initial or {}))
        self.number = number

    @property
    def key(self) -> str:
        return str(self.prefix)

    @property
    def is_blank(self) -> bool:
        """Say whether nothing was written. Only after is_valid."""
        return not any(self.cleaned_data.values())

    def clean(self) -> dict[str, Any]:
        """Ask for who the person is and where to write to them, once something is written."""
        typed = self.cleaned_data
        if any(typed.values()) or self.errors:
            for name, sentence in REQUIRED:
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return typed

    def attendee(self) -> Attendee:
        """Return this person, as the operation wants them. Only after is_valid."""
        return Attendee(Registration(**{name: self.cleaned_data[name] for name in self.fields}), {}, self.key)


class LinesForm(forms.Form):
    """A form that holds lines: valid when each is; once sent, it keeps those that were refused, with why."""

    lines: list[PersonLine]
    kind, most = "", 0

    def is_valid(self) -> bool:
        """Say whether the form and each of its people are right; a summary names who is not."""
        if not self.is_bound:
            return False
        right = super().is_valid()
        if wrong := self.wrong():
            self.add_error(None, f"Revoyez : {', '.join(wrong)}. Personne n’est encore inscrit.")
        return right and not wrong

    def wrong(self) -> list[str]:
        """Return who is to be corrected."""
        return [who for who, line in self.named() if not line.is_valid()]

    def refusals(self) -> list[tuple[str, str, str]]:
        """Return all that is wrong, the form's own sentence first: (who and which field, where its link leads, sentence)."""
        return refusals_in(self) + [told for who, line in self.named() for told in refusals_in(line, who)]

    def named(self) -> list[tuple[str, forms.Form]]:
        """Return each person of the page with their name there."""
        return [(f"ligne {line.number}", line) for line in self.lines]

    def filled(self) -> list[PersonLine]:
        """Return the lines on which somebody is written. Only after is_valid."""
        return [line for line in self.lines if not line.is_blank]

    def keep_only(self, refused: Mapping[str, str]) -> None:
        """Empty the lines of those who are registered; say on each other one why it was refused."""
        for at, line in enumerate(self.lines):
            if line.key in refused:
                line.add_error(None, refused[line.key])
            else:
                self.lines[at] = type(line)(self.kind, line.number)


class CompanyGroupForm(LinesForm):
    """The page of a company: ten lines, shown by its link, which stands for the CSRF token."""

    kind, most = "personne", COMPANY_AT_MOST

    def __init__(self, data: QueryDict | None = None, *, action: str, first: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.action = action
        self.lines = [
            PersonLine(self.kind, number, data, initial=_split(first) if first and number == 1 else None)
            for number in range(1, self.most + 1)
        ]

    def attendees(self) -> list[Attendee]:
        """Return everybody to register. Only after is_valid."""
        return [line.attendee() for line in self.filled()]


def _split(contact: Mapping[str, str]) -> dict[str, str]:
    """Return the contact as a line: the first word of the name is taken for the first name, to be corrected on the page."""
    first, _, last = contact["name"].partition(" ")
    return {"first_name": first, "last_name": last, "job_title": contact["job_title"], "email": contact["email"]}
