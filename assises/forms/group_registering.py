"""The page by which a school registers a group: one small form for each person, and one for the whole."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from assises.forms.company_registering import LinesForm, PersonLine
from assises.forms.registrations import NEEDS_HELP, ConsentField, answer_fields, answers_typed
from assises.models import Category, Edition, Question, Registration
from assises.operations.group_registering import BY_WHOM, Attendee
from e2c_portal.ui.sent_once import SentOnce
from trainees.models import Trainee

STAFF_LINES = 5


class ChooseForm(forms.Form):
    """Who is chosen in the list of the school, in the address of the page: nothing is written yet."""

    q = forms.CharField(label="Nom ou prénom", required=False, max_length=100)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["q"].widget.input_type = "search"

    def words(self) -> str:
        """Return what is looked for."""
        return self.cleaned_data.get("q", "") if self.is_valid() else ""


def chosen_ids(data: QueryDict) -> list[int]:
    """Return the numbers of who is ticked; anything else is ignored."""
    return [int(value) for value in data.getlist("qui") if value.isdecimal() and len(value) < 10]


class TraineeForm(forms.Form):
    """What is asked of a trainee: images, needs, and the questions of the edition."""

    image_consent = ConsentField(label="Photos")
    image_consent_by = forms.CharField(label="Accord donné par", max_length=150, required=False)
    access_needs = forms.CharField(label="Besoins pour venir et participer", max_length=1000, required=False)

    def __init__(self, trainee: Trainee, edition: Edition, questions: list[Question], data: QueryDict | None) -> None:
        super().__init__(data, prefix=f"stagiaire-{trainee.pk}")
        self.trainee, self.edition, self.questions = trainee, edition, questions
        self.fields.update(answer_fields(questions))
        self.is_minor = trainee.is_minor_on(edition.held_on)
        self.fields["access_needs"].help_text = NEEDS_HELP
        if self.is_minor:
            self.fields["image_consent_by"].help_text = self._known_representatives()
        else:
            del self.fields["image_consent_by"]

    def _known_representatives(self) -> str:
        people = [f"{row.full_name} ({row.get_quality_display().lower()})" for row in self.trainee.speaking]  # type: ignore[attr-defined]
        return f"Représentant légal : {', '.join(people)}." if people else "Le nom du représentant légal."

    @property
    def key(self) -> str:
        return str(self.prefix)

    def clean(self) -> dict[str, Any]:
        """Ask who gave the consent of a minor."""
        typed = self.cleaned_data
        if self.is_minor and typed.get("image_consent") and not typed.get("image_consent_by", "").strip():
            self.add_error("image_consent_by", BY_WHOM)
        return typed

    def attendee(self) -> Attendee:
        """Return this person, as the operation wants them. Only after is_valid."""
        person, typed = self.trainee, self.cleaned_data
        row = Registration(
            trainee=person, category=Category.TRAINEE, first_name=person.first_name, last_name=person.last_name,
            email=person.email, image_consent=typed["image_consent"], image_consent_by=typed.get("image_consent_by", ""),
            access_needs=typed["access_needs"],
        )  # fmt: skip
        return Attendee(row, answers_typed(self, self.questions), self.key)


class StaffLine(PersonLine):
    """One line for somebody of the team of the school."""

    access_needs = forms.CharField(label="Besoins pour venir et participer", max_length=1000, required=False)


class GroupForm(SentOnce, LinesForm):
    """The whole page: sent once, it holds a form for each trainee, and lines for the team."""

    kind, most = "equipe", STAFF_LINES

    def __init__(
        self, edition: Edition, trainees: Iterable[Trainee], questions: list[Question], data: QueryDict | None = None
    ) -> None:
        super().__init__(data)
        self.trainees = [TraineeForm(row, edition, questions, data) for row in trainees]
        self.lines = [StaffLine(self.kind, number, data) for number in range(1, self.most + 1)]

    def named(self) -> list[tuple[str, forms.Form]]:
        """Return each person of the page with their name there, trainees first."""
        trainees = [(str(form.trainee), form) for form in self.trainees]
        return trainees + [(f"{who} de l’équipe", line) for who, line in super().named()]

    def keep_only(self, refused: Mapping[str, str]) -> None:
        """Keep those who were refused, with why; those who are registered are not in the page any more."""
        super().keep_only(refused)
        for form in self.trainees:
            if form.key in refused:
                form.add_error(None, refused[form.key])

    def attendees(self) -> list[Attendee]:
        """Return everybody to register. Only after is_valid."""
        return [form.attendee() for form in [*self.trainees, *self.filled()]]
