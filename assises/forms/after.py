"""The forms of around the day: a message to registered people, its later hour, a school's attestations, the survey."""

from typing import Any

from django import forms
from django.http import QueryDict

from assises.life.registrations import STATES
from assises.life.survey import HIGHEST, LOWEST, SURVEY_QUESTIONS, SurveyQuestion
from assises.models import Category, OutboxMessage
from assises.models.survey import LONGEST_WORDS
from e2c_portal.ui.forms import DateTimeInput, PortalHelper, group
from e2c_portal.ui.revised import Revised
from e2c_portal.ui.sent_once import SentOnce


class MessageForm(Revised, SentOnce, forms.ModelForm):
    """What is written, and to whom."""

    states = forms.MultipleChoiceField(
        label="États de l’inscription", choices=[(name, state.label) for name, state in STATES.items()],
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choisissez au moins un état de l’inscription."},
    )  # fmt: skip
    categories = forms.MultipleChoiceField(
        label="Catégories", choices=Category.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text="Aucune cochée : toutes.",
    )  # fmt: skip

    class Meta:
        model = OutboxMessage
        fields = ("subject_line", "body", "categories", "states", "school", "presence")
        widgets = {"body": forms.Textarea({"rows": 10})}
        help_texts = {
            "subject_line": "Il paraît dans la boîte de la personne : n’y nommez personne.",
            "body": "Le message commence par « Bonjour » et le nom de la personne ; une ligne vide sépare deux paragraphes. "
            "N’écrivez rien sur la santé de quelqu’un.",
            "school": "Vide : toutes les écoles, et les personnes d’ailleurs.",
            "presence": "D’après les passages comptés à l’entrée.",
        }

    def __init__(self, message: OutboxMessage, data: QueryDict | None = None, *, cancel_url: str, schools: Any) -> None:
        super().__init__(data, instance=message)
        field: Any = self.fields["school"]
        field.queryset, field.empty_label = schools, "Toutes"
        hidden = [name for name in ("form_token", "revision_seen") if name in self.fields]
        self.helper = PortalHelper(
            self, group("Le message", "subject_line", "body"), group("À qui ?", "states", "categories", "school", "presence"),
            *hidden, submit="Relire avant d’envoyer", cancel_url=cancel_url,
        )  # fmt: skip

    def _post_clean(self) -> None:
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)


class LaterForm(forms.Form):
    """When a message is to leave."""

    send_at = forms.DateTimeField(
        label="Jour et heure",
        widget=DateTimeInput,
        help_text="Entre 8 h et 20 h. Les destinataires sont relus à ce moment-là.",
    )

    def __init__(self, data: QueryDict | None = None, *, action: str) -> None:
        super().__init__(data)
        self.helper = PortalHelper(self, submit="Envoyer plus tard")
        self.helper.form_action = action


class SurveyForm(forms.Form):
    """The five questions, as they are declared (life.survey)."""

    def __init__(self, data: QueryDict | None = None, *, action: str, cancel_url: str) -> None:
        super().__init__(data)
        for question in SURVEY_QUESTIONS:
            self.fields[question.name] = _field(question)
        self.helper = PortalHelper(self, submit="Envoyer mon avis", cancel_url=cancel_url)
        self.helper.form_action = action
        self.helper.disable_csrf = True


def _field(question: SurveyQuestion) -> forms.Field:
    if question.is_scale:
        return forms.TypedChoiceField(
            label=question.label, choices=_scale(question), coerce=int, widget=forms.RadioSelect,
            error_messages={"required": f"Choisissez une note de {LOWEST} à {HIGHEST}."},
        )  # fmt: skip
    return forms.CharField(
        label=question.label, required=False, max_length=LONGEST_WORDS, widget=forms.Textarea({"rows": 4}),
        help_text="Si vous le voulez. Ne nommez personne, ni vous-même.",
    )  # fmt: skip


def _scale(question: SurveyQuestion) -> list[tuple[str, str]]:
    """Return the marks; both ends say what they mean."""
    told = {LOWEST: f" ({question.low})", HIGHEST: f" ({question.high})"}
    return [(str(mark), f"{mark}{told.get(mark, '')}") for mark in range(LOWEST, HIGHEST + 1)]
