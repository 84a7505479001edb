"""The forms of a meeting and of a comment."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from e2c_portal.kernel.errors import PortalError
from e2c_portal.ui.forms import DateInput
from e2c_portal.ui.refusals import add_refusal
from partnerships.commented_places import places_of
from partnerships.forms import TALL, LineForm, TextForm, errors_of
from partnerships.models import MeetingAction, PartnershipConvention, SteeringMeeting
from partnerships.operations.meetings import ActionText, MeetingText


class MeetingForm(TextForm):
    """What is written of a meeting beside its actions."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = SteeringMeeting
        fields = ("held_on", "place", "attendees", "minutes")
        widgets = {"held_on": DateInput, "attendees": forms.Textarea({"rows": 4}), "minutes": forms.Textarea(TALL)}


class ActionForm(LineForm):
    key = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = MeetingAction
        fields = ("description", "who", "due_on", "done_on")
        widgets = {"due_on": DateInput, "done_on": DateInput}


class ActionLines(forms.BaseFormSet):
    """The actions decided; a removed or empty one is left out."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: forms.BaseForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Retirer cette action"


Actions = forms.formset_factory(ActionForm, formset=ActionLines, extra=2, can_delete=True, max_num=40)


class MeetingWriting:
    """The form of a meeting and its actions, read and checked as one."""

    def __init__(self, meeting: SteeringMeeting | None, data: QueryDict | None = None) -> None:
        self.meeting = meeting
        self.form = MeetingForm(data, instance=meeting or SteeringMeeting())
        self.form.initial["revision"] = meeting.revision if meeting else None
        self.actions = Actions(data, prefix="actions", initial=_rows(meeting))

    def is_valid(self) -> bool:
        """Check everything, so that all that is wrong is told at once."""
        return all([self.form.is_valid(), self.actions.is_valid()])

    def text(self) -> MeetingText:
        """Return what was typed, ready for the operation. Only after is_valid."""
        typed = self.form.cleaned_data
        kept = [
            form.cleaned_data for form in self.actions if form.cleaned_data and form not in self.actions.deleted_forms
        ]
        actions = [
            ActionText(row["description"], row["who"], row["due_on"], row["done_on"], row["key"] or 0) for row in kept
        ]
        return MeetingText(typed["held_on"], typed["place"], typed["attendees"], typed["minutes"], actions)

    @property
    def refused(self) -> bool:
        """Say whether something posted is wrong."""
        return self.form.is_bound and bool(self.errors)

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Return every error as (label, id of its field, sentence)."""
        found = errors_of(self.form, "")
        found += [("", "", str(sentence)) for sentence in self.actions.non_form_errors()]
        for number, form in enumerate(self.actions, start=1):
            found += errors_of(form, f"Action {number}, ")
        return found

    def refuse(self, refusal: PortalError | ValidationError) -> None:
        """Show why the operation refused, beside what was typed."""
        add_refusal(self.form, refusal)


def _rows(meeting: SteeringMeeting | None) -> list[dict[str, Any]]:
    if meeting is None:
        return []
    names = ("description", "who", "due_on", "done_on")
    return [{**{name: getattr(row, name) for name in names}, "key": row.pk} for row in meeting.actions.all()]


class CommentForm(forms.Form):
    """A comment and the place it speaks of."""

    place = forms.ChoiceField(label="À propos de")
    text = forms.CharField(label="Commentaire", widget=forms.Textarea({"rows": 3}))

    def __init__(self, convention: PartnershipConvention, data: QueryDict | None = None) -> None:
        super().__init__(data)
        place: Any = self.fields["place"]
        place.choices = list(places_of(convention).items())
