"""The forms of internships: the guided entry, the search of the list, a move, a derogation."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from e2c_portal.kernel.french import counted, period_in_letters
from e2c_portal.kernel.workflow import Move
from e2c_portal.ui.forms import DateInput, PortalHelper
from e2c_portal.ui.long_select import LongSelect
from e2c_portal.ui.revised import Revised
from e2c_portal.ui.sent_once import SentOnce
from partnerships.calendar import add_months
from partnerships.models import CompanyContact, Establishment
from schools.scope import Scope
from trainees.models import DangerousWorkDerogation, Internship, InternshipOffer, Trade
from trainees.reads.entry import TRADE_CODE, derogations_at, people_of, staff_of, trades_in_service, trades_searched
from trainees.reads.internship_list import CHOICES, CURRENT, Asking, schools_to_choose
from trainees.reads.offers import offers_to_answer

LINES = {
    "activities": 3,
    "objectives": 3,
    "skills": 3,
    "equipment": 2,
    "safety": 2,
    "benefits": 2,
    "insurance": 2,
    "access": 2,
}
OFFER_GONE = "Cette offre n’a plus de place, ou n’est plus ouverte. Choisissez-en une autre, ou aucune."
NEWCOMER = ("new_tutor_name", "new_tutor_job", "new_tutor_email", "new_tutor_phone")


class OfferField(forms.ModelChoiceField):
    """The offer of a company that an internship answers, with its period and what is left."""

    def label_from_instance(self, offer: InternshipOffer) -> str:
        left = counted(offer.left, "place libre", "places libres")  # type: ignore[attr-defined]
        return f"{offer.trade.label}, {period_in_letters(offer.starts_on, offer.ends_on)} ({left})"


class InternshipForm(SentOnce, Revised, forms.ModelForm):
    """All of an internship but its timetable. The operation checks; what it refuses is told beside what was typed."""

    trade_text = forms.CharField(
        label="Métier", required=False, max_length=220, help_text="Un mot ou un code ROME : cuisine, G1602."
    )
    trade = forms.ModelChoiceField(
        Trade.objects.none(), label="Lequel de ces métiers ?", required=False, widget=forms.RadioSelect
    )
    new_tutor_name = forms.CharField(label="Nom complet", required=False, max_length=150)
    new_tutor_job = forms.CharField(label="Fonction", required=False, max_length=150)
    new_tutor_email = forms.EmailField(label="Adresse électronique", required=False)
    new_tutor_phone = forms.CharField(label="Téléphone", required=False, max_length=20)
    offer = OfferField(
        InternshipOffer.objects.none(), label="Offre de l’entreprise à laquelle ce stage répond", required=False,
        help_text="Le stage prend une place de cette offre, et la rend s’il est annulé.", error_messages={"invalid_choice": OFFER_GONE},
    )  # fmt: skip
    accepted = forms.BooleanField(label="L’entreprise a donné son accord", required=False)

    class Meta:
        model = Internship
        fields = (
            "kind", "regime", "starts_on", "ends_on", "tutor", "host_signatory", "referent", "school_signatory",
            "activities", "objectives", "skills", "equipment", "safety", "benefits", "insurance", "access",
            "delegation_reference", "prescribing_structure", "dangerous_works", "dangerous_work",
        )  # fmt: skip
        widgets = {"starts_on": DateInput, "ends_on": DateInput} | {
            name: forms.Textarea({"rows": rows}) for name, rows in LINES.items()
        }

    def __init__(
        self, data: Any = None, *, instance: Internship, place: Establishment, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, instance=instance, initial=initial)
        self.place = place
        people, staff = people_of(place), staff_of(instance.trainee.school)
        for name in ("tutor", "host_signatory"):
            self._choose(
                name, people | CompanyContact.objects.filter(pk=getattr(instance, f"{name}_id") or 0), "À choisir"
            )
        for name in ("referent", "school_signatory"):
            self._choose(name, staff, "À choisir")
        self._choose("dangerous_work", derogations_at(place), "Aucune")
        if instance.pk:
            del self.fields["accepted"]
        self._choose("offer", offers_to_answer(place, instance.pk), "Aucune")
        # An offer sent that is there no more stays asked for: it is told, never passed over.
        if not len(self.fields["offer"].queryset) and not self.data.get("offer"):  # type: ignore[attr-defined]
            del self.fields["offer"]
        self.fields["trade_text"].widget.attrs |= {
            "list": "metiers", "autocomplete": "off", "hx-get": reverse("trainees:internship_trades"), "hx-target": "#metiers",
            "hx-trigger": "input changed delay:250ms", "hx-sync": "this:replace",
        }  # fmt: skip
        self.candidates = self._candidates()
        self.fields["trade"].queryset = trades_in_service().filter(pk__in=[trade.pk for trade in self.candidates])  # type: ignore[attr-defined]
        self.fields["trade"].empty_label = None  # type: ignore[attr-defined]

    def _choose(self, name: str, rows: Any, empty: str) -> None:
        field: Any = self.fields[name]
        field.queryset, field.empty_label, field.required = rows, empty, False

    def _candidates(self) -> list[Trade]:
        """Return the trades that what was typed may mean, when it means several."""
        typed = str(self.data.get("trade_text", "")) if self.is_bound else ""
        if not typed.strip() or TRADE_CODE.search(typed):
            return []
        found = trades_searched(typed)
        return found if len(found) > 1 else []

    def clean_trade_text(self) -> Trade | None:
        """Return the trade typed: by its code, else by words that only one trade holds, else chosen below."""
        typed = self.cleaned_data["trade_text"].strip()
        if not typed:
            return None
        if code := TRADE_CODE.search(typed):
            found = self._by_code(code[1].upper())
            if found is None:
                raise forms.ValidationError(f"Le code {code[1].upper()} n’est pas dans le référentiel en service.")
            return found
        found_by_words = trades_searched(typed)
        if not found_by_words:
            raise forms.ValidationError("Aucun métier ne correspond : essayez un autre mot, ou le code ROME.")
        return found_by_words[0] if len(found_by_words) == 1 else None

    def _by_code(self, code: str) -> Trade | None:
        kept = self.instance.trade
        return trades_in_service().filter(code=code).first() or (kept if kept and kept.code == code else None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["trade"] = cleaned.get("trade") or cleaned.get("trade_text")
        if self.candidates and not cleaned["trade"] and "trade_text" not in self.errors:
            self.add_error("trade", "Plusieurs métiers correspondent : choisissez-en un.")
        if any(cleaned.get(name) for name in NEWCOMER[1:]) and not cleaned.get("new_tutor_name"):
            self.add_error("new_tutor_name", "Indiquez le nom du nouveau tuteur.")
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "Le dernier jour du stage ne peut pas précéder le premier.")
        return cleaned

    def _post_clean(self) -> None:
        """Leave the checks to the operation; only what was typed is put on the row."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)
        self.instance.establishment = self.place
        self.instance.trade = self.cleaned_data.get("trade") or None

    def offer_id(self) -> int | None:
        """Return the offer that was chosen, None for none. Only after is_valid."""
        offer = self.cleaned_data.get("offer")
        return offer.pk if offer else None

    def newcomer(self) -> CompanyContact | None:
        """Return the tutor that the portal does not know yet, None when one was chosen. Only after is_valid."""
        typed = self.cleaned_data
        if not typed.get("new_tutor_name"):
            return None
        return CompanyContact(
            full_name=typed["new_tutor_name"], job_title=typed["new_tutor_job"], email=typed["new_tutor_email"],
            phone=typed["new_tutor_phone"],
        )  # fmt: skip


class InternshipSearchForm(forms.Form):
    """What the list of internships is narrowed to."""

    q = forms.CharField(label="Stagiaire ou entreprise", required=False, max_length=100)
    situation = forms.ChoiceField(label="Situation", required=False, choices=CHOICES)
    ecole = forms.ChoiceField(label="École", required=False, widget=LongSelect)
    du = forms.DateField(label="Du", required=False, widget=DateInput)
    au = forms.DateField(label="Au", required=False, widget=DateInput)
    entreprise = forms.IntegerField(required=False, widget=forms.HiddenInput)
    convention = forms.IntegerField(required=False, widget=forms.HiddenInput)
    engagement = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, scope: Scope) -> None:
        super().__init__(data)
        schools: Any = self.fields["ecole"]
        schools.choices = [("", "Toutes"), *schools_to_choose(scope)]
        self.shows_schools = len(schools.choices) > 1
        self.fields["q"].widget.input_type = "search"

    def asking(self) -> Asking:
        """Return what is asked for; what cannot be read narrows nothing."""
        self.is_valid()
        asked = self.cleaned_data
        return Asking(
            situation=asked.get("situation") or CURRENT, words=asked.get("q", ""),
            school_id=int(asked["ecole"]) if asked.get("ecole") else None, company_id=asked.get("entreprise"),
            convention_id=asked.get("convention"), starts_from=asked.get("du"), starts_to=asked.get("au"),
            promise_of=asked.get("engagement"),
        )  # fmt: skip

    @property
    def narrows(self) -> bool:
        """Say whether something was asked for."""
        return any(value for value in self.cleaned_data.values()) if self.is_valid() else bool(self.data)


class MoveForm(forms.Form):
    """What a move of an internship asks for: its reason, and what it records."""

    seen_state = forms.CharField(widget=forms.HiddenInput, required=False)
    ended_early_on = forms.DateField(label="Dernier jour de présence", required=False, widget=DateInput)
    broken_by = forms.ChoiceField(
        label="Qui met fin au stage ?", required=False, choices=[("", "À choisir"), *Internship.Side.choices]
    )
    reason = forms.CharField(label="Motif", required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, move: Move, internship: Internship, data: Any = None) -> None:
        super().__init__(data, initial={"seen_state": internship.status})
        for name in ("ended_early_on", "broken_by"):
            if name not in move.records:
                del self.fields[name]
        if not move.needs_reason:
            del self.fields["reason"]
        self.helper = PortalHelper(self, submit=move.label, cancel_url=internship.get_absolute_url())

    def facts(self) -> dict[str, Any]:
        """Return what the move records. Only after is_valid."""
        return {name: self.cleaned_data[name] for name in ("ended_early_on", "broken_by") if name in self.fields}


class DerogationForm(forms.ModelForm):
    """What a host declared to the labour inspection so that minors may do regulated work."""

    class Meta:
        model = DangerousWorkDerogation
        fields = ("reference", "declared_on", "expires_on", "works")
        widgets = {"declared_on": DateInput, "expires_on": DateInput, "works": forms.Textarea({"rows": 3})}
        help_texts = {"reference": "Numéro du recommandé, ou de l’envoi électronique à l’inspection du travail."}

    def __init__(self, place: Establishment, data: Any = None, *, cancel_url: str) -> None:
        today = timezone.localdate()
        super().__init__(
            data,
            instance=DangerousWorkDerogation(establishment=place),
            initial={"declared_on": today, "expires_on": add_months(today, 36)},
        )
        self.helper = PortalHelper(self, submit="Enregistrer la dérogation", cancel_url=cancel_url)

    def _post_clean(self) -> None:
        """Leave the checks to the operation, which knows who writes."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)
