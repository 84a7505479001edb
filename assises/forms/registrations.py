"""The forms of registrations: the search of the list, one person's facts and answers, the desk, the workshops, a priority."""

from typing import Any

from django import forms
from django.http import QueryDict

from assises.life import registrations as life
from assises.models import Category, Edition, Question, Registration, Session
from assises.reads.registrations import ABSENT, GROUPS, PRESENT, Asking
from e2c_portal.ui.forms import PortalHelper, group
from e2c_portal.ui.long_select import LongSelect
from e2c_portal.ui.revised import REVISION, Revised
from e2c_portal.ui.sent_once import SentOnce

CONSENT = [("", "Pas encore demandé"), ("oui", "Oui"), ("non", "Non")]
CONSENT_VALUES = {"": None, "oui": True, "non": False}
NEEDS_HELP = "Place pour un fauteuil, interprète en langue des signes, pause… Rien de médical."
Choices = list[tuple[int, str]]


class RegistrationSearchForm(forms.Form):
    """What the list is narrowed to, in the address of the page."""

    q = forms.CharField(label="Nom, adresse ou organisme", required=False, max_length=100)
    etat = forms.ChoiceField(
        label="État", required=False,
        choices=[("", "Tous"), *[(name, label) for name, (label, _) in GROUPS.items()],
                 *[(name, state.label) for name, state in life.STATES.items()]],
    )  # fmt: skip
    categorie = forms.ChoiceField(label="Catégorie", required=False, choices=[("", "Toutes"), *Category.choices])
    origine = forms.ChoiceField(
        label="Inscrite", required=False, choices=[("", "Peu importe"), *Registration.Origin.choices]
    )
    ecole = forms.TypedChoiceField(label="École", required=False, coerce=int, empty_value=None, widget=LongSelect)
    entreprise = forms.TypedChoiceField(
        label="Entreprise", required=False, coerce=int, empty_value=None, widget=LongSelect
    )
    presence = forms.ChoiceField(
        label="Présence", required=False, choices=[("", "Peu importe"), (PRESENT, "Venue"), (ABSENT, "Pas venue")]
    )
    temps = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)
    controle = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)
    question = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)
    reponse = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, schools: Choices, companies: Choices) -> None:
        super().__init__(data)
        self.fields["q"].widget.input_type = "search"
        for name, choices in (("ecole", schools), ("entreprise", companies)):
            self.fields[name].choices = [("", "Toutes"), *choices]  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]

    def choices_shown(self) -> list[forms.BoundField]:
        """The choices that this person has, each as it is drawn."""
        return [self[name] for name in ("ecole", "entreprise") if name in self.fields]

    def asking(self) -> Asking:
        """Return what is asked; what cannot be understood narrows nothing."""
        self.is_valid()
        typed = self.cleaned_data
        return Asking(
            words=typed.get("q", ""), status=typed.get("etat", ""), category=typed.get("categorie", ""),
            school_id=typed.get("ecole"), company_id=typed.get("entreprise"), origin=typed.get("origine", ""),
            question_id=typed.get("question"), answer=typed.get("reponse", ""),
            session_id=typed.get("temps"), checkpoint_id=typed.get("controle"), presence=typed.get("presence", ""),
        )  # fmt: skip


def answer_fields(questions: list[Question], given: dict[int, str] | None = None) -> dict[str, forms.Field]:
    """Return one field for each question, by the name under which it is sent."""
    return {f"question_{row.pk}": _answer_field(row, (given or {}).get(row.pk, "")) for row in questions}


def _answer_field(question: Question, given: str) -> forms.Field:
    shared: dict[str, Any] = {
        "label": question.label, "help_text": question.help_text, "required": question.is_required, "initial": given,
        "error_messages": {"required": f"Répondez à « {question.label} »."},
    }  # fmt: skip
    if question.kind == Question.Kind.TEXT:
        return forms.CharField(max_length=300, **shared)
    return forms.ChoiceField(choices=[("", "Pas de réponse"), *[(name, name) for name in question.options]], **shared)


def answers_typed(form: forms.Form, questions: list[Question]) -> dict[int, str]:
    """Return what was answered, by question."""
    return {row.pk: form.cleaned_data.get(f"question_{row.pk}", "") for row in questions}


class ConsentField(forms.TypedChoiceField):
    """Whether somebody accepts to be photographed: yes, no, or not asked yet."""

    def __init__(self, **kwargs: Any) -> None:
        label = kwargs.pop("label", "Accepte d’être pris en photo")
        super().__init__(
            label=label, choices=CONSENT, required=False, coerce=CONSENT_VALUES.__getitem__, empty_value=None, **kwargs
        )


def consent_of(row: Registration) -> str:
    """Return the choice that says what is known of a consent."""
    return {None: "", True: "oui", False: "non"}[row.image_consent]


class _Person(forms.ModelForm):
    """Who comes; the operation checks, which knows who writes."""

    image_consent = ConsentField()

    class Meta:
        model = Registration
        fields = ("first_name", "last_name", "email", "organisation", "job_title", "access_needs", "image_consent",
                  "image_consent_by")  # fmt: skip
        widgets = {"access_needs": forms.Textarea({"rows": 2})}
        help_texts = {
            "image_consent_by": "Pour une personne de moins de 18 ans : le nom du représentant légal.",
            "access_needs": NEEDS_HELP,
        }

    def __init__(self, *args: Any, questions: list[Question], given: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.fields.update(answer_fields(questions, given))
        for name in ("first_name", "last_name"):
            self.fields[name].required = True

    def answers(self) -> dict[int, str]:
        """Return what was answered, by question. Only after is_valid."""
        return answers_typed(self, self.questions)

    def _post_clean(self) -> None:
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)


class RegistrationForm(Revised, _Person):
    """Correct what a registration says of a person."""

    def __init__(self, row: Registration, data: QueryDict | None = None, **kwargs: Any) -> None:
        cancel_url, reads_needs = kwargs.pop("cancel_url"), kwargs.pop("reads_needs")
        super().__init__(data, instance=row, initial={"image_consent": consent_of(row)}, **kwargs)
        if not reads_needs:
            del self.fields["access_needs"]
        if row.trainee_id:
            # A trainee bears the name of their file.
            for name in ("first_name", "last_name", "organisation", "job_title"):
                del self.fields[name]
        self.helper = PortalHelper(self, submit="Enregistrer l’inscription", cancel_url=cancel_url)

    def now_seeing(self) -> str:
        """Take the saved revision as the one on screen, and name what differs from it: the answers are no columns."""
        data: Any = self.data.copy()
        data[REVISION] = str(self.instance.revision)
        self.data = data
        labels = [str(self.fields[name].label) for name in self.changed_data if name != REVISION]
        return f"Votre saisie diffère de la version enregistrée sur : {', '.join(labels)}." if labels else ""

    def typed(self) -> dict[str, Any]:
        """Return the facts that this form holds."""
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.fields}


class DeskForm(SentOnce, _Person):
    """Register somebody who writes, calls, or comes on the day."""

    class Meta(_Person.Meta):
        fields = ("category", "school", *_Person.Meta.fields)

    def __init__(
        self, edition: Edition, data: QueryDict | None = None, *, schools: Any, cancel_url: str, **kwargs: Any
    ) -> None:
        super().__init__(data, instance=Registration(edition=edition), given={}, **kwargs)
        field: Any = self.fields["school"]
        field.queryset, field.empty_label = schools, "Aucune"
        kinds: Any = self.fields["category"]
        kinds.choices = [("", "À choisir"), *Category.choices]
        field.help_text = "Pour un stagiaire, ou une personne de l’équipe d’une école."
        # Who answers what depends on the category, which is chosen on this very page: nothing is required here.
        for row in self.questions:
            self.fields[f"question_{row.pk}"].required = False
        asked = [f"question_{row.pk}" for row in self.questions]
        self.helper = PortalHelper(
            self, group("Qui vient ?", "category", "first_name", "last_name", "email"),
            group("Pour qui ?", "school", "organisation", "job_title"),
            group("Le jour venu", "access_needs", *asked, "image_consent", "image_consent_by"),
            "form_token", submit="Inscrire cette personne", cancel_url=cancel_url,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Keep the answers to the questions that the category is asked, and no other."""
        typed = super().clean() or self.cleaned_data
        for row in self.questions:
            if not row.asks(typed.get("category", "")):
                typed[f"question_{row.pk}"] = ""
        return typed


class WorkshopsForm(forms.Form):
    """The workshops of somebody, each with the places left."""

    sessions = forms.TypedMultipleChoiceField(
        label="Ateliers", required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text="Un atelier complet ne peut pas être choisi ; deux ateliers au même moment non plus.",
    )  # fmt: skip

    def __init__(
        self,
        seats: list[tuple[Session, int, int | None]],
        chosen: list[int],
        data: QueryDict | None = None,
        *,
        cancel_url: str,
    ) -> None:
        super().__init__(data, initial={"sessions": chosen})
        self.fields["sessions"].choices = [(row.pk, _seats_in_words(row, left)) for row, _, left in seats]  # type: ignore[attr-defined]
        self.helper = PortalHelper(self, submit="Enregistrer ces ateliers", cancel_url=cancel_url)


def _seats_in_words(session: Session, left: int | None) -> str:
    told = (
        "" if left is None else f", {left} places libres" if left > 1 else ", une place libre" if left else ", complet"
    )
    return f"{session.starts_at:%H:%M} – {session.ends_at:%H:%M}, {session.title}{told}"


class PriorityForm(forms.Form):
    """Before whom somebody passes on the list."""

    priority = forms.IntegerField(
        min_value=0, max_value=999, error_messages={"invalid": "Écrivez un nombre de 0 à 999."}
    )
