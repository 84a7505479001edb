"""The forms of agreements: put to signature, correct, explain a late signature, answer a review, narrow the list."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Div, LayoutObject
from django import forms

from e2c_portal.signing.forms import ByLinkForm
from e2c_portal.signing.models import Envelope, Method
from e2c_portal.ui.forms import DateInput, PortalHelper, group
from trainees.models import LegalRepresentative
from trainees.reads.agreements import Waiting
from trainees.reads.signers import AgreementPlan, Signer, Way, usual_way, ways_of

METHODS = [
    (Method.ELECTRONIC.value, "Par lien personnel et code"),
    (Method.ON_SITE.value, "Sur place, sur votre écran ou par QR code"),
    (Method.PAPER.value, "Sur papier : vous ajouterez le document numérisé"),
]
LATE = "Le stage a commencé avant la signature. Ce motif est imprimé sur la convention et reste visible."
WHY = "Une signature est en cours : elle sera annulée. Les personnes qui ont signé liront ce motif."


class AgreementSignForm(forms.Form):
    """How each person signs, proposed from what is known of them: one click is enough when all is right."""

    representative = forms.ChoiceField(label="Qui signe pour la famille")
    late_reason = forms.CharField(label="Motif de la signature tardive", max_length=250, help_text=LATE)
    until = forms.DateField(
        label="À signer au plus tard le", widget=DateInput, required=False,
        help_text="Laissez vide pour trente jours. Vous pourrez donner plus de temps.",
    )  # fmt: skip
    why = forms.CharField(label="Motif de la nouvelle demande", widget=forms.Textarea({"rows": 2}), help_text=WHY)

    def __init__(
        self,
        people: Sequence[Signer],
        data: Any = None,
        *,
        former: Envelope | None = None,
        representatives: Sequence[LegalRepresentative] = (),
        late: bool = False,
        cancel_url: str,
    ) -> None:
        """`former` is the last signature asked for: its ways are proposed again; alive, it asks why it is replaced."""
        super().__init__(data)
        self.people = list(people)
        if former is None or not former.is_alive:
            del self.fields["why"]
        if not late:
            del self.fields["late_reason"]
        if len(representatives) < 2:
            del self.fields["representative"]
        else:
            choices: Any = self.fields["representative"]
            choices.choices = [
                (row.pk, f"{row.full_name} ({row.get_quality_display().lower()})") for row in representatives
            ]
        ways = ways_of(former) if former else {}
        first = [name for name in ("late_reason", "representative") if name in self.fields]
        last = [name for name in ("until", "why") if name in self.fields]
        groups = [self._group(person, ways.get(person.key) or usual_way(person)) for person in self.people]
        self.helper = PortalHelper(self, *first, *groups, *last, submit="Mettre à la signature", cancel_url=cancel_url)

    def _group(self, person: Signer, way: Way) -> LayoutObject:
        email, phone = way.email or person.email, way.phone
        fields = {
            "method": forms.ChoiceField(label="Comment", choices=METHODS, initial=way.method),
            "email": forms.EmailField(label="Adresse électronique", required=False, initial=email),
            "phone": forms.CharField(
                label="Mobile", required=False, max_length=25, initial=phone,
                help_text="Pour recevoir le lien et le code par message texte.",
            ),
        }  # fmt: skip
        for name, field in fields.items():
            self.fields[f"{person.key}-{name}"] = field
        keys = [f"{person.key}-{name}" for name in fields]
        return group(f"{person.role} – {person.full_name}, {person.quality}", Div(*keys, css_class="field-row"))

    def plan(self) -> AgreementPlan:
        """Return what was chosen. Only after is_valid."""
        typed = self.cleaned_data
        ways = {
            person.key: Way(*(typed[f"{person.key}-{name}"] for name in ("method", "email", "phone")))
            for person in self.people
        }
        return AgreementPlan(ways, typed["until"])

    def chosen_representative(self) -> int | None:
        """Return the number of who signs for a minor, None when there is no choice."""
        chosen = self.cleaned_data.get("representative")
        return int(chosen) if chosen else None


class ReasonForm(forms.Form):
    """A reason, for what must be explained."""

    reason = forms.CharField(label="Motif", max_length=250, widget=forms.Textarea({"rows": 3}))

    def __init__(
        self, data: Any = None, *, submit: str, cancel_url: str, help_text: str = "", label: str = "Motif"
    ) -> None:
        super().__init__(data)
        self.fields["reason"].help_text, self.fields["reason"].label = help_text, label
        self.helper = PortalHelper(self, submit=submit, cancel_url=cancel_url)


class ReviewForm(ByLinkForm):
    """What the tutor answers: all is right, or what must be corrected. Reached by link: its address stands for the CSRF token."""

    submit = "Envoyer ma réponse"
    answer = forms.ChoiceField(
        label="Votre réponse", widget=forms.RadioSelect,
        choices=[("ok", "Tout est juste"), ("fix", "Il y a quelque chose à corriger")],
        error_messages={"required": "Choisissez une réponse."},
    )  # fmt: skip
    text = forms.CharField(
        label="Ce qu’il faut corriger", required=False, max_length=2000, widget=forms.Textarea({"rows": 5}),
        help_text="Par exemple : la pause est à 12 h 30 ; le tuteur sera Marc Roux.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("answer") == "fix" and not typed.get("text", "").strip():
            self.add_error("text", "Écrivez ce qu’il faut corriger.")
        return typed

    def reply(self) -> str:
        """Return the corrections, empty when all is right. Only after is_valid."""
        return self.cleaned_data["text"].strip() if self.cleaned_data["answer"] == "fix" else ""


class WaitingForm(forms.Form):
    """What the list of agreements is narrowed to."""

    situation = forms.ChoiceField(
        label="Situation", required=False,
        choices=[
            (Waiting.ALL.value, "Toutes les conventions à signer"),
            (Waiting.TO_SEND.value, "À préparer ou en relecture"),
            (Waiting.TO_SIGN.value, "À la signature"),
            (Waiting.OVERDUE.value, "Stage commencé sans convention signée"),
            (Waiting.SOON.value, "Stage qui commence dans les sept jours"),
            (Waiting.LATER.value, "Stage qui commence plus tard"),
            (Waiting.MINE.value, "À ma signature"),
            (Waiting.SIGNED_LATE.value, "Signées en retard"),
        ],
    )  # fmt: skip

    def narrowed(self) -> str:
        """Return what was chosen, everything when it cannot be."""
        return self.cleaned_data.get("situation", "") if self.is_valid() else ""
