"""The forms of pathways: open, move, plan, and its parts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from e2c_portal.kernel.workflow import Move
from e2c_portal.ui.forms import DateInput, PortalHelper, group
from e2c_portal.ui.revised import Revised
from e2c_portal.ui.sent_once import SentOnce
from trainees.models import EntryProfile, Pathway, PathwayPhase, TrainingContract
from trainees.operations.pathways import BY_DAY, Derogation, facts_open_to_change
from trainees.reads.staff import referents_of

# Weeks of trial and months of pathway proposed: the middle of what schools do (domain dossier, sections 1.2 and 1.4).
TRIAL_WEEKS, WHOLE_WEEKS = 5, 26
OF_PATHWAY = ("site", "entered_on", "trial_ends_on", "planned_ends_on", "referent", "funding")
OF_PLAN = ("site", "entered_on", "trial_ends_on", "planned_ends_on", "funding")
OF_PROFILE = (
    "education_level", "left_school_on", "situation", "worked_before", "driving_licence", "qpv_code", "qpv_vintage",
)  # fmt: skip
DAYS = {
    "summoned_on": "Convoqué par écrit le", "interviewed_on": "Entretien le", "decided_on": "Décision écrite le",
    "ended_on": "Dernier jour",
}  # fmt: skip
DATES = {name: DateInput for name in ("entered_on", "trial_ends_on", "planned_ends_on")}


def _offer(form: forms.ModelForm, pathway: Pathway) -> None:
    """Offer the open sites and the staff of the school of a pathway."""
    fields: dict[str, Any] = form.fields
    if "site" in fields:
        fields["site"].queryset = pathway.school.sites.filter(closed_on=None)
    if "referent" in fields:
        fields["referent"].queryset = referents_of(pathway.school_id)
        fields["referent"].empty_label = "Pas encore désigné"


class PathwayForm(SentOnce, forms.ModelForm):
    """Open a pathway; outside the age bounds, say why the person is admitted."""

    derogation_reason = forms.CharField(label="Motif de la dérogation d’âge", required=False, max_length=250)
    derogation_on = forms.DateField(label="Dérogation décidée le", required=False, widget=DateInput)

    class Meta:
        model = Pathway
        fields = OF_PATHWAY
        widgets = DATES

    def __init__(self, data: QueryDict | None = None, *, pathway: Pathway, derogates: bool, cancel_url: str) -> None:
        today = timezone.localdate()
        initial: dict[str, Any] = {
            "entered_on": today, "trial_ends_on": today + timedelta(weeks=TRIAL_WEEKS),
            "planned_ends_on": today + timedelta(weeks=WHOLE_WEEKS),
        }  # fmt: skip
        super().__init__(data, instance=pathway, initial=initial)
        _offer(self, pathway)
        sites = list(self.fields["site"].queryset[:2])  # type: ignore[attr-defined]
        if len(sites) == 1:
            self.initial["site"] = sites[0].pk
        derogation = group(
            "Dérogation d’âge, si l’âge à l’entrée sort des bornes", "derogation_reason", "derogation_on"
        )
        if not derogates:
            del self.fields["derogation_reason"], self.fields["derogation_on"]
        self.helper = PortalHelper(
            self, "form_token", *OF_PATHWAY, *([derogation] if derogates else []), submit="Ouvrir le parcours",
            cancel_url=cancel_url,
        )  # fmt: skip

    def derogation(self) -> Derogation | None:
        """Return the derogation typed, None without a reason. Only after is_valid."""
        reason = self.cleaned_data.get("derogation_reason", "").strip()
        if not reason:
            return None
        return Derogation(reason, self.cleaned_data.get("derogation_on") or timezone.localdate())


class ReplanForm(Revised, forms.ModelForm):
    """What may still be changed of an open pathway."""

    class Meta:
        model = Pathway
        fields = OF_PLAN
        widgets = DATES

    def __init__(self, data: QueryDict | None = None, *, pathway: Pathway, cancel_url: str) -> None:
        super().__init__(data, instance=pathway)
        _offer(self, pathway)
        for name in set(OF_PLAN) - set(facts_open_to_change(pathway)):
            del self.fields[name]
        self.helper = PortalHelper(self, submit="Enregistrer", cancel_url=cancel_url)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OF_PLAN if name in self.cleaned_data}


class MoveForm(forms.Form):
    """One step in the life of a pathway: its reason and the days it records."""

    seen_state = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, move: Move, pathway: Pathway, data: QueryDict | None = None, *, cancel_url: str) -> None:
        today = timezone.localdate()
        super().__init__(data, initial={"seen_state": pathway.status})
        self.recorded = move.records
        for name in move.records:
            self._add_day(name, DAYS[name], today if name == "ended_on" else None)
        if move.name in BY_DAY:
            self._add_day("day", "Suspendu depuis le" if move.name == "suspend" else "De retour le", today)
        if move.needs_reason:
            words = forms.Textarea({"rows": 3})
            self.fields["reason"] = forms.CharField(label="Motif", required=False, max_length=1000, widget=words)
        self.helper = PortalHelper(self, submit=move.label, cancel_url=cancel_url)

    def _add_day(self, name: str, label: str, initial: Any) -> None:
        self.fields[name] = forms.DateField(label=label, required=False, initial=initial, widget=DateInput)

    def facts(self) -> Mapping[str, Any]:
        """Return the days typed. Only after is_valid."""
        return {name: self.cleaned_data.get(name) for name in (*self.recorded, "day") if name in self.cleaned_data}


class ReferentForm(forms.ModelForm):
    """Who follows the pathway."""

    class Meta:
        model = Pathway
        fields = ("referent",)

    def __init__(self, data: QueryDict | None = None, *, pathway: Pathway, cancel_url: str) -> None:
        super().__init__(data, instance=pathway)
        _offer(self, pathway)
        self.helper = PortalHelper(self, submit="Enregistrer", cancel_url=cancel_url)


class PhaseForm(forms.Form):
    """The phase that begins; the one under way ends the day before."""

    kind = forms.ChoiceField(label="Phase", choices=PathwayPhase.Kind.choices)
    starts_on = forms.DateField(label="À partir du", widget=DateInput)

    def __init__(self, data: QueryDict | None = None, *, proposed: str, cancel_url: str) -> None:
        super().__init__(data, initial={"kind": proposed, "starts_on": timezone.localdate()})
        self.helper = PortalHelper(self, submit="Commencer cette phase", cancel_url=cancel_url)


class ContractForm(Revised, forms.ModelForm):
    """The training contract, as signed by the trainee and the school."""

    class Meta:
        model = TrainingContract
        fields = ("signed_on", "objectives")
        widgets = {"signed_on": DateInput, "objectives": forms.Textarea({"rows": 5})}

    def __init__(self, data: QueryDict | None = None, *, contract: TrainingContract, cancel_url: str) -> None:
        super().__init__(data, instance=contract, initial={} if contract.pk else {"signed_on": timezone.localdate()})
        self.helper = PortalHelper(self, submit="Enregistrer", cancel_url=cancel_url)


class ProfileForm(forms.ModelForm):
    """The situation at entry: what the network counts, and nothing more."""

    class Meta:
        model = EntryProfile
        fields = OF_PROFILE
        widgets = {"left_school_on": DateInput}

    def __init__(self, data: QueryDict | None = None, *, profile: EntryProfile, cancel_url: str) -> None:
        super().__init__(data, instance=profile)
        self.helper = PortalHelper(self, submit="Enregistrer", cancel_url=cancel_url)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OF_PROFILE}
