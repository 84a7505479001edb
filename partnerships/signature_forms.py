"""The form that puts a text to signature: how each person signs, in which order, until when."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Div, LayoutObject
from django import forms

from e2c_portal.signing.models import Envelope, Method, Mode
from e2c_portal.ui.forms import DateInput, PortalHelper, group
from partnerships.agreement import Signatory
from partnerships.signing_plan import ROLES, SigningPlan, Way, usual_way

METHODS = [
    (Method.ELECTRONIC.value, "Par lien personnel et code"),
    (Method.ON_SITE.value, "Sur place, sur votre écran ou par QR code"),
    (Method.PAPER.value, "Sur papier : vous ajouterez le document numérisé"),
]
WHY = "Une signature est en cours : elle sera annulée. Les personnes qui ont signé liront ce motif."


class SignatureForm(forms.Form):
    """One group of fields for each signatory. A mandate is joined once the signature is open."""

    seen_state = forms.CharField(widget=forms.HiddenInput, required=False)
    mode = forms.ChoiceField(
        label="Ordre des signatures", choices=Mode.choices, widget=forms.RadioSelect,
        help_text="L’un après l’autre : le tour 1 signe d’abord ; au même tour, on signe ensemble.",
    )  # fmt: skip
    until = forms.DateField(
        label="À signer au plus tard le", widget=DateInput, required=False,
        help_text="Laissez vide pour trente jours. Vous pourrez donner plus de temps.",
    )  # fmt: skip
    why = forms.CharField(label="Motif de la nouvelle demande", widget=forms.Textarea({"rows": 2}), help_text=WHY)

    def __init__(
        self,
        people: Sequence[Signatory],
        data: Any = None,
        *,
        state: str,
        former: Envelope | None = None,
        cancel_url: str,
    ) -> None:
        """`former` is the last signature asked for: its ways are proposed again; alive, it asks why it is replaced."""
        super().__init__(data, initial={"mode": former.mode if former else Mode.PARALLEL, "seen_state": state})
        self.people = list(people)
        if former is None or not former.is_alive:
            del self.fields["why"]
        ways = ways_of(former, self.people) if former else {}
        layout: list[str | LayoutObject] = ["seen_state"]
        layout += [self._group(person, ways.get(person.key) or usual_way(person)) for person in self.people]
        layout += ["mode", "until", *(["why"] if "why" in self.fields else [])]
        self.helper = PortalHelper(self, *layout, submit="Mettre à la signature", cancel_url=cancel_url)

    def _group(self, person: Signatory, way: Way) -> LayoutObject:
        fields = {
            "method": forms.ChoiceField(label="Comment", choices=METHODS, initial=way.method),
            "email": forms.EmailField(label="Adresse électronique", required=False, initial=way.email),
            "phone": forms.CharField(
                label="Mobile", required=False, max_length=25, initial=way.phone,
                help_text="Pour recevoir le lien et le code par message texte.",
            ),
            "rank": forms.IntegerField(label="Tour", min_value=1, max_value=20, initial=way.rank),
        }  # fmt: skip
        for name, field in fields.items():
            self.fields[f"{person.key}-{name}"] = field
        keys = {name: f"{person.key}-{name}" for name in fields}
        legend = f"{ROLES[person.side]} – {person.full_name}, {person.quality}"
        row = Div(keys["email"], keys["phone"], css_class="field-row")
        return group(legend, Div(keys["method"], keys["rank"], css_class="field-row"), row)

    def plan(self) -> SigningPlan:
        """Return what was chosen. Only after is_valid."""
        typed = self.cleaned_data
        ways = {
            person.key: Way(**{name: typed[f"{person.key}-{name}"] for name in ("method", "email", "phone", "rank")})
            for person in self.people
        }
        return SigningPlan(ways, typed["mode"], typed["until"])


def ways_of(envelope: Envelope, people: Sequence[Signatory]) -> dict[str, Way]:
    """Return how the same people were asked to sign last time, found by their names."""
    rows = {row.full_name: row for row in envelope.signatories.all()}
    found = {person.key: rows[person.full_name] for person in people if person.full_name in rows}
    offered = dict(METHODS)
    return {
        key: Way(row.method if row.method in offered else Method.ELECTRONIC, row.email, row.phone, row.rank)
        for key, row in found.items()
    }
