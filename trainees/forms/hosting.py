"""The forms of hosts: search, profile, approach, offer, visit."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.ui.forms import DateInput, PortalHelper, group
from e2c_portal.ui.revised import Revised
from e2c_portal.ui.sent_once import SentOnce
from schools.models import School
from trainees.forms.references import COMMUNE_HELP, CommuneField, SuggestedInput, TradeField, TradesField
from trainees.models import Approach, Commune, HostProfile, InternshipOffer, Trade, TutorVisit
from trainees.reads.approaches import EVERYTHING, LATE, TO_FOLLOW
from trainees.reads.hosts import DISTANCE, HERE, NAME, NETWORK, RADII, USEFUL, HostsWanted
from trainees.reads.references import trades_matching

MOST_TRADES = 200


class HostSearchForm(forms.Form):
    """What the search of hosts is narrowed to, in the address of the page."""

    q = forms.CharField(label="Entreprise, ville ou SIRET", required=False, max_length=100)
    metier = forms.CharField(
        label="Métier", required=False, max_length=100, widget=SuggestedInput("trade_suggestions", "metiers"),
        help_text="Un mot suffit : « cuisine », « vente ».",
    )  # fmt: skip
    commune = CommuneField(label="Autour de")
    rayon = forms.TypedChoiceField(
        label="À moins de", required=False, coerce=int, empty_value="30", initial=30,
        choices=[(radius, f"{radius} km") for radius in RADII],
    )  # fmt: skip
    accueil = forms.ChoiceField(
        label="A déjà accueilli", required=False,
        choices=[("", "Peu importe"), (HERE, "Mon école"), (NETWORK, "Une école du réseau")],
    )  # fmt: skip
    tri = forms.ChoiceField(
        label="Ranger par", required=False, choices=[(USEFUL, "Utilité"), (DISTANCE, "Distance"), (NAME, "Nom")]
    )
    places = forms.BooleanField(label="Avec une place ouverte", required=False)
    convention = forms.BooleanField(label="Engagé par une convention", required=False)
    mineurs = forms.BooleanField(label="Accueille des mineurs", required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["q"].widget.input_type = "search"
        self.fields["commune"].help_text = COMMUNE_HELP
        self.trades: list[Trade] = []

    def wanted(self) -> HostsWanted | None:
        """Return what was asked for; None when a box cannot be understood, and it then says why."""
        if not self.is_valid():
            return None
        typed = self.cleaned_data
        return HostsWanted(
            words=typed["q"], trade_codes=self._codes(typed["metier"]), commune=typed["commune"], radius_km=int(typed["rayon"]),
            minors=typed["mineurs"], offers=typed["places"], engaged=typed["convention"], welcomed=typed["accueil"],
            order=typed["tri"] or USEFUL,
        )  # fmt: skip

    def _codes(self, words: str) -> tuple[str, ...] | None:
        if not words:
            return None
        self.trades = list(trades_matching(words)[:MOST_TRADES])
        return tuple(trade.code for trade in self.trades)

    @property
    def trades_told(self) -> str:
        """Return which trades the words were understood as."""
        if len(self.trades) > 6:
            return f"Métiers compris : {len(self.trades)}"
        return f"Métiers compris : {' ; '.join(str(trade) for trade in self.trades)}"

    def centre(self) -> Commune | None:
        """Return the commune that distances are measured from."""
        return self.cleaned_data.get("commune")


class ProfileForm(Revised, forms.ModelForm):
    """What the schools know of a host."""

    trades = TradesField(label="Métiers que l’on y découvre")

    class Meta:
        model = HostProfile
        fields = ("takes_minors", "remarks")
        widgets = {"takes_minors": forms.RadioSelect, "remarks": forms.Textarea({"rows": 4})}

    def __init__(self, profile: HostProfile, data: QueryDict | None = None, *, cancel_url: str) -> None:
        super().__init__(data, instance=profile)
        known = profile.trades.all() if profile.pk else []
        self.initial["trades"] = "\n".join(str(trade) for trade in known)
        seen = ["revision_seen"] if profile.pk else []
        self.helper = PortalHelper(
            self, "takes_minors", "trades", "remarks", *seen, submit="Enregistrer la fiche", cancel_url=cancel_url
        )

    def _post_clean(self) -> None:
        """Leave the checks to the operation; only what was typed is put on the row."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)


class ApproachForm(SentOnce, forms.ModelForm):
    """An approach, as it is noted."""

    trade = TradeField(required=False)

    class Meta:
        model = Approach
        fields = (
            "school", "made_on", "means", "contact", "trainee", "trade", "answer", "note", "next_action", "next_on",
        )  # fmt: skip
        widgets = {"made_on": DateInput, "next_on": DateInput, "note": forms.Textarea({"rows": 2})}

    def __init__(
        self, approach: Approach, data: QueryDict | None = None, *, cancel_url: str, choices: dict[str, Any]
    ) -> None:
        super().__init__(data, initial={"made_on": timezone.localdate()}, instance=approach)
        _limit(self, choices, empty={"contact": "Personne en particulier", "trainee": "Personne en particulier"})
        means: Any = self.fields["means"]
        means.choices = [("", "Choisir"), *Approach.Means.choices]
        self.fields["note"].help_text = "Ce qui a été dit, en une phrase. Aucun numéro de sécurité sociale."
        self.fields["next_on"].label = "Le"
        self.helper = PortalHelper(
            self, *_school_first(self, choices), "made_on", "means", "contact", "trainee", "trade", "answer", "note",
            group("Et ensuite ?", "next_action", "next_on"), "form_token",
            submit="Noter la démarche", cancel_url=cancel_url,
        )  # fmt: skip

    def _post_clean(self) -> None:
        """Leave the checks to the operation, which knows who writes."""
        self.instance = forms.models.construct_instance(self, self.instance, self.fields.keys())


class OfferForm(SentOnce, forms.ModelForm):
    """Places that a company told to a school, or to the Région."""

    trade = TradeField()

    class Meta:
        model = InternshipOffer
        fields = ("school", "trade", "places", "starts_on", "ends_on", "takes_minors", "prerequisites", "contact")
        widgets = {
            "starts_on": DateInput, "ends_on": DateInput, "takes_minors": forms.RadioSelect,
            "prerequisites": forms.Textarea({"rows": 3}),
        }  # fmt: skip

    def __init__(
        self, offer: InternshipOffer, data: QueryDict | None = None, *, cancel_url: str, choices: dict[str, Any]
    ) -> None:
        super().__init__(data, instance=offer)
        _limit(self, choices, empty={"contact": "Personne en particulier"})
        self.helper = PortalHelper(
            self, *_school_first(self, choices), "trade", "places", group("Quand ?", "starts_on", "ends_on"),
            "takes_minors", "prerequisites", "contact", "form_token", submit="Enregistrer l’offre", cancel_url=cancel_url,
        )  # fmt: skip

    def _post_clean(self) -> None:
        """Leave the checks to the operation, which knows who writes."""
        self.instance = forms.models.construct_instance(self, self.instance, self.fields.keys())


class ListForm(forms.Form):
    """Words and a choice, for the lists of approaches, offers and visits."""

    q = forms.CharField(label="Rechercher", required=False, max_length=100)
    voir = forms.ChoiceField(label="Voir", required=False)

    def __init__(self, data: QueryDict, choices: list[tuple[str, str]], label: str = "Rechercher") -> None:
        super().__init__(data)
        self.fields["q"].widget.input_type = "search"
        self.fields["q"].label = label
        field: Any = self.fields["voir"]
        field.choices = choices
        self.first = choices[0][0]

    def words(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("q", "")

    def state(self) -> str:
        """Return the choice; the first one when none, or none that makes sense, was made."""
        self.is_valid()
        return self.cleaned_data.get("voir") or self.first

    @property
    def narrows(self) -> bool:
        return bool(self.words() or self.state() != self.first)


APPROACH_CHOICES = [(TO_FOLLOW, "À faire ou à rappeler"), (LATE, "En retard"), (EVERYTHING, "Toutes les démarches")]
OFFER_CHOICES = [("ouvertes", "Ouvertes"), ("mineurs", "Ouvertes aux mineurs"), ("toutes", "Toutes")]


class VisitForm(SentOnce, forms.ModelForm):
    """Plan a visit."""

    class Meta:
        model = TutorVisit
        fields = ("planned_on", "visitor", "mode")
        widgets = {"planned_on": DateInput, "mode": forms.RadioSelect}

    def __init__(
        self, visit: TutorVisit, data: QueryDict | None = None, *, cancel_url: str, visitors: Any, me: User
    ) -> None:
        super().__init__(data, instance=visit, initial={"visitor": me.pk})
        _limit(self, {"visitor": visitors}, empty={"visitor": "Choisir"})
        self.helper = PortalHelper(self, submit="Prévoir la visite", cancel_url=cancel_url)

    def _post_clean(self) -> None:
        """Leave the checks to the operation, which knows who writes."""
        self.instance = forms.models.construct_instance(self, self.instance, self.fields.keys())


class ReportForm(Revised, forms.ModelForm):
    """Write a visit up."""

    class Meta:
        model = TutorVisit
        fields = ("done_on", "mode", "report", "next_step")
        widgets = {"done_on": DateInput, "mode": forms.RadioSelect, "report": forms.Textarea({"rows": 8})}

    def __init__(self, visit: TutorVisit, data: QueryDict | None = None, *, cancel_url: str) -> None:
        super().__init__(data, instance=visit)
        self.fields["done_on"].required = self.fields["report"].required = True
        if visit.done_on is None:
            self.initial["done_on"] = min(visit.planned_on, timezone.localdate())
        self.fields["report"].help_text = "Ce que disent le tuteur et le stagiaire, ce qui va, ce qui est à reprendre."
        self.helper = PortalHelper(self, submit="Enregistrer le compte rendu", cancel_url=cancel_url)

    def _post_clean(self) -> None:
        """Leave the checks to the operation; only what was typed is put on the row."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)


class ReasonForm(forms.Form):
    """A reason, asked before something ends."""

    reason = forms.CharField(
        label="Pourquoi ?", max_length=250, widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "Écrivez pourquoi."},
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, submit: str, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = PortalHelper(self, submit=submit, cancel_url=cancel_url)


def _limit(form: forms.BaseForm, choices: dict[str, Any], empty: dict[str, str]) -> None:
    """Offer in each list the rows that this person may choose, and nothing else."""
    for name, rows in choices.items():
        if name not in form.fields:
            continue
        field: Any = form.fields[name]
        field.queryset = rows
        field.empty_label = empty.get(name)
    if "school" in form.fields and len(choices["school"]) < 2:
        del form.fields["school"]


def _school_first(form: forms.BaseForm, choices: dict[str, Any]) -> list[str]:
    return ["school"] if "school" in form.fields else []


def school_of(choices: Any) -> School | None:
    """Return the only school that somebody may write for, None when they choose."""
    rows = list(choices[:2])
    return rows[0] if len(rows) == 1 else None
