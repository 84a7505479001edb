"""The form of a question of an edition, and the ones that most editions ask."""

from typing import Any

from django import forms
from django.http import QueryDict

from assises.forms.editions import _Written
from assises.models import Category, Question
from e2c_portal.ui.forms import PortalHelper
from e2c_portal.ui.revised import Revised
from e2c_portal.ui.sent_once import SentOnce

SUGGESTIONS: dict[str, dict[str, Any]] = {
    "repas": {
        "label": "Prenez-vous le repas de midi ?", "kind": Question.Kind.CHOICE, "is_required": True,
        "choices": "Oui\nOui, sans viande\nNon",
    },
    "navette": {
        "label": "Prenez-vous la navette ?", "kind": Question.Kind.CHOICE, "is_required": True,
        "choices": "Aller et retour\nAller\nRetour\nNon",
    },
    "presse": {
        "label": "Souhaitez-vous une interview ? De qui ?", "kind": Question.Kind.TEXT, "categories": [Category.PRESS],
    },
}  # fmt: skip
SUGGESTION_LABELS = {"repas": "Repas", "navette": "Navette", "presse": "Interviews (presse)"}


class QuestionForm(Revised, SentOnce, _Written):
    """A question: its words, how one answers, to whom it is asked."""

    categories = forms.MultipleChoiceField(
        label="Posée à", choices=Category.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Aucune case cochée : à tout le monde.",
    )  # fmt: skip

    class Meta:
        model = Question
        fields = ("label", "help_text", "kind", "choices", "is_required", "categories", "position")
        widgets = {"choices": forms.Textarea({"rows": 4}), "kind": forms.RadioSelect}
        help_texts = {
            "choices": "Un par ligne, pour une question à choix.",
            "position": "Les questions se posent dans l’ordre de ces nombres.",
            "label": "Rien sur la santé, la religion ou les opinions : demandez ce qu’il faut préparer, pas pourquoi.",
        }

    def __init__(self, question: Question, data: QueryDict | None = None, *, cancel_url: str) -> None:
        super().__init__(data, instance=question)
        kind: Any = self.fields["kind"]
        kind.choices = Question.Kind.choices
        self.helper = PortalHelper(self, submit="Enregistrer la question", cancel_url=cancel_url)

    def clean_choices(self) -> str:
        """Keep the choices of a question to choose alone, one a line, without the blank ones."""
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip()]
        return "\n".join(lines)
