"""The forms of whoever registers oneself: the address on the public page, then, by link, all that an edition asks."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Div, LayoutObject
from django import forms

from assises.models import Category, Edition, Question, Registration, Session
from e2c_portal.kernel.french import counted, typeset
from e2c_portal.kernel.nir import REFUSAL as NIR_REFUSAL
from e2c_portal.kernel.nir import holds_nir
from e2c_portal.signing.forms import ByLinkForm
from e2c_portal.ui.forms import PortalHelper, group
from schools.models import School

Seats = Sequence[tuple[Session, int, int | None]]
OF_A_SCHOOL = (Category.TRAINEE, Category.STAFF)
ORGANISATIONS = {Category.COMPANY: "Votre entreprise", Category.PRESS: "Votre média"}
YES, NO, UNSAID = "oui", "non", ""
CONSENTS = {YES: True, NO: False, UNSAID: None}
NO_ANSWER = "Je ne réponds pas maintenant"


class AskForm(forms.Form):
    """The one question of the public page: where to send the link."""

    email = forms.EmailField(
        label="Votre adresse électronique", help_text="Votre lien personnel y est envoyé. Par exemple nom@domaine.fr",
        error_messages={
            "required": "Écrivez votre adresse électronique.",
            "invalid": "Cette adresse n’est pas complète : elle s’écrit comme nom@domaine.fr",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )  # fmt: skip
    # Nobody sees this field: only a program fills it.
    complement = forms.CharField(
        label="Ne remplissez pas cette case", required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        trap = Div("complement", css_class="visually-hidden", aria_hidden="true")
        self.helper = PortalHelper(self, "email", trap, submit="Recevoir mon lien", css_class="form-narrow")

    def is_a_program(self) -> bool:
        """Say whether the field that nobody sees was filled. Only after is_valid."""
        return bool(self.cleaned_data["complement"])


class _SeatsField(forms.MultipleChoiceField):
    """Workshops: a full one is not offered; one that has just filled up is still known, so that its refusal says so."""

    known: frozenset[str] = frozenset()

    def valid_value(self, value: Any) -> bool:
        return str(value) in self.known


def seats_field(seats: Seats, chosen: set[int], typed: set[str]) -> forms.MultipleChoiceField:
    """Return the choice among the workshops; those already chosen, or just typed, stay in sight even when full."""
    shown = [
        (str(row.pk), seat_label(row, left))
        for row, _, left in seats
        if left != 0 or row.pk in chosen or str(row.pk) in typed
    ]
    full = [f"« {row.title} »" for row, _, left in seats if left == 0 and row.pk not in chosen]
    words = [
        f"Complet : {', '.join(full)}." if full else "",
        "Deux ateliers au même moment ne se choisissent pas ensemble.",
    ]
    field = _SeatsField(
        label="Vos ateliers",
        required=False,
        choices=shown,
        widget=forms.CheckboxSelectMultiple,
        help_text=" ".join(words).strip(),
    )
    field.known = frozenset(str(row.pk) for row, _, _ in seats)
    return field


def seat_label(session: Session, left: int | None) -> str:
    """Return a workshop as it is chosen: its hours, its title, how many places are left."""
    hours = f"{session.starts_at:%H:%M} – {session.ends_at:%H:%M}"
    told = "" if left is None else " (complet)" if left == 0 else f" ({counted(left, 'place libre', 'places libres')})"
    return f"{hours}, {session.title}{told}"


def question_field(question: Question) -> forms.Field:
    """Return the field that asks a question."""
    needed = {"required": "Répondez à cette question."}
    facts: dict[str, Any] = {
        "label": typeset(question.label), "help_text": typeset(question.help_text), "required": question.is_required, "error_messages": needed
    }  # fmt: skip
    if question.kind == Question.Kind.TEXT:
        return forms.CharField(max_length=300, **facts)
    choices = [(option, option) for option in question.options]
    if not question.is_required:
        choices.append(("", NO_ANSWER))
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **facts)


def consent_field(category: str) -> forms.ChoiceField:
    """Return the question about photos. A minor does not answer it alone: the form says who does."""
    adult = "Oui, et j’ai 18 ans ou plus" if category == Category.TRAINEE else "Oui"
    minor = ""
    if category == Category.TRAINEE:
        minor = (
            " Si vous avez moins de 18 ans, c’est votre représentant légal qui donne son accord, auprès de votre école."
        )
    return forms.ChoiceField(
        label=typeset("Acceptez-vous d’être pris en photo ou filmé ?"), required=False, widget=forms.RadioSelect,
        choices=[(YES, adult), (NO, "Non"), (UNSAID, NO_ANSWER)],
        help_text="Les photos paraissent dans le bilan de la journée. Vous pouvez changer d’avis quand vous voulez." + minor,
    )  # fmt: skip


class DetailsForm(ByLinkForm):
    """Who one is and what the edition asks, for one category: written at first, corrected afterwards."""

    submit = "Enregistrer"
    first_name = forms.CharField(
        label="Prénom", max_length=100, error_messages={"required": "Écrivez votre prénom."},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )  # fmt: skip
    last_name = forms.CharField(
        label="Nom", max_length=100, error_messages={"required": "Écrivez votre nom."},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )  # fmt: skip
    school = forms.ModelChoiceField(
        School.objects.none(), label="Votre école", empty_label="Choisissez votre école",
        error_messages={"required": "Choisissez votre école.", "invalid_choice": "Choisissez une école de la liste."},
    )  # fmt: skip
    organisation = forms.CharField(
        label="Votre organisme", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    job_title = forms.CharField(
        label="Votre fonction", max_length=150, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )  # fmt: skip
    access_needs = forms.CharField(
        label="Ce qu’il vous faut pour venir et participer", max_length=2000, required=False, widget=forms.Textarea({"rows": 3}),
        help_text="Par exemple : place pour un fauteuil, interprète en langue des signes, pause. N’écrivez rien de médical.",
    )  # fmt: skip
    which = forms.CharField(widget=forms.HiddenInput, required=False)
    revision_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        category: str,
        questions: Sequence[Question],
        schools: Any,
        action: str,
        registration: Registration | None = None,
        **more: Any,
    ) -> None:
        super().__init__(data, action=action, **more)
        self.category, self.registration = category, registration
        self.questions = [question for question in questions if question.asks(category)]
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]
        self._keep_what_is_theirs()
        for question in self.questions:
            self.fields[f"question_{question.pk}"] = question_field(question)
        if registration is not None:
            self._fill(registration)

    def _keep_what_is_theirs(self) -> None:
        row, of_a_school = self.registration, self.category in OF_A_SCHOOL
        needless = ["organisation"] if of_a_school else ["school"]
        needless += ["job_title"] if self.category == Category.TRAINEE else []
        if row is not None and row.trainee_id:
            needless += ["first_name", "last_name", "school"]
        if row is not None and row.company_id:
            needless.append("organisation")
        if row is not None and row.school_id:
            needless.append("school")
        for name in set(needless):
            del self.fields[name]
        if "organisation" in self.fields:
            field = self.fields["organisation"]
            field.label = ORGANISATIONS.get(Category(self.category), field.label)
            field.error_messages["required"] = f"Écrivez le nom de {str(field.label).lower()}."

    def _fill(self, row: Registration) -> None:
        for name in ("first_name", "last_name", "organisation", "job_title", "school", "access_needs"):
            self.initial[name] = getattr(row, name)
        self.initial |= {"which": str(row.public_id), "revision_seen": row.revision}
        self.initial |= {f"question_{answer.question_id}": answer.value for answer in row.answers.all()}

    def arrange(self, *more: LayoutObject, cancel_url: str = "") -> None:
        """Lay the fields out in groups, the given ones last."""
        action = self.helper.form_action
        asked = [f"question_{question.pk}" for question in self.questions]
        who = [
            name for name in ("first_name", "last_name", "school", "organisation", "job_title") if name in self.fields
        ]
        groups = [group("Qui êtes-vous ?", *who)] if who else []
        groups.append(group("Pour bien vous accueillir", *asked, "access_needs"))
        self.helper = PortalHelper(
            self,
            *groups,
            *more,
            "which",
            "revision_seen",
            submit=self.submit,
            cancel_url=cancel_url,
            css_class="form-narrow",
        )
        self.helper.disable_csrf, self.helper.form_action = True, action

    def clean(self) -> dict[str, Any]:
        """Say beside the field which text holds a social security number."""
        typed = super().clean() or self.cleaned_data
        for name, value in list(typed.items()):
            if isinstance(value, str) and holds_nir(value):
                self.add_error(name, NIR_REFUSAL)
        return typed

    def details(self) -> dict[str, Any]:
        """Return what was typed of the person. Only after is_valid."""
        names = ("first_name", "last_name", "school", "organisation", "job_title", "access_needs")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def answers(self) -> dict[int, str]:
        """Return the answers by question. Only after is_valid."""
        return {question.pk: self.cleaned_data[f"question_{question.pk}"] for question in self.questions}

    def now_seeing(self, row: Registration) -> None:
        """Take the saved registration as the one on screen: sending once more is then a decision."""
        data: Any = self.data.copy()
        data["revision_seen"] = str(row.revision)
        self.data = data


class RegisterForm(DetailsForm):
    """Register oneself: who one is, what is asked, photos, workshops."""

    submit = "M’inscrire"

    def __init__(self, *args: Any, seats: Seats, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["photos"] = consent_field(self.category)
        if seats:
            typed = set(self.data.getlist("sessions")) if self.is_bound else set()
            self.fields["sessions"] = seats_field(seats, set(), typed)
        ours = [group("Les ateliers", "sessions")] if seats else []
        self.arrange(*ours, group("Les photos", "photos"))

    def unsaved(self, edition: Edition, email: str) -> Registration:
        """Return the registration to make. Only after is_valid."""
        consent = CONSENTS[self.cleaned_data["photos"]]
        return Registration(
            edition=edition, email=email, category=self.category, origin=Registration.Origin.LINK, image_consent=consent,
            **self.details(),
        )  # fmt: skip

    def session_ids(self) -> list[int]:
        """Return the workshops that were chosen. Only after is_valid."""
        return [int(pk) for pk in self.cleaned_data.get("sessions", [])]


class _OfOne(ByLinkForm):
    """A form that acts on the registration that was on screen, and on no later one."""

    which = forms.CharField(widget=forms.HiddenInput)


class SessionsForm(_OfOne):
    """Choose one's workshops, or give them back."""

    submit = "Enregistrer mon choix"

    def __init__(self, data: Any = None, *, seats: Seats, chosen: set[int], which: str, **more: Any) -> None:
        super().__init__(data, initial={"which": which, "sessions": [str(pk) for pk in chosen]}, **more)
        typed = set(self.data.getlist("sessions")) if self.is_bound else set()
        self.fields["sessions"] = seats_field(seats, chosen, typed)
        cancel, action = more.get("cancel_url", ""), more.get("action", "")
        self.helper = PortalHelper(self, submit=self.submit, cancel_url=cancel, css_class="form-narrow")
        self.helper.disable_csrf, self.helper.form_action = True, action

    def session_ids(self) -> list[int]:
        """Return the workshops that were chosen. Only after is_valid."""
        return [int(pk) for pk in self.cleaned_data["sessions"]]


class PhotosForm(_OfOne):
    """Say whether one accepts to be photographed; it may be changed at any time."""

    submit = "Enregistrer ma réponse"

    def __init__(self, data: Any = None, *, registration: Registration, **more: Any) -> None:
        said = next(word for word, value in CONSENTS.items() if value is registration.image_consent)
        super().__init__(data, initial={"which": str(registration.public_id), "photos": said}, **more)
        self.fields["photos"] = consent_field(registration.category)
        cancel, action = more.get("cancel_url", ""), more.get("action", "")
        self.helper = PortalHelper(self, submit=self.submit, cancel_url=cancel, css_class="form-narrow")
        self.helper.disable_csrf, self.helper.form_action = True, action

    def answer(self) -> bool | None:
        """Return what was answered. Only after is_valid."""
        return CONSENTS[self.cleaned_data["photos"]]
