"""The forms of presences: choosing a group, justifying an absence, the statement of a month."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.file_field import PaperField
from e2c_portal.documents.received_files import Upload
from e2c_portal.ui.forms import DateInput, PortalHelper
from schools.models import School, Site
from trainees.models import AttendanceHalfDay
from trainees.models.attendance import Half
from trainees.operations.presence import Justification
from trainees.reads.attendance import AbsencesWanted

DATE_ERRORS = {"required": "Choisissez une date.", "invalid": "Cette date n’existe pas : choisissez-en une autre."}
PROOF_HELP = "PDF, JPEG ou PNG, 10 Mo au plus. Cachez ce qui n’est pas nécessaire : un diagnostic n’a pas à être gardé."


class GroupForm(forms.Form):
    """Whose day is shown."""

    ecole = forms.TypedChoiceField(label="École", required=False, coerce=int, empty_value=None)
    site = forms.TypedChoiceField(label="Site", required=False, coerce=int, empty_value=None)
    referent = forms.TypedChoiceField(label="Formateur référent", required=False, coerce=int, empty_value=None)
    vide = forms.BooleanField(label="Sans rien de noté seulement", required=False)

    def __init__(self, data: QueryDict, schools: list[School], sites: list[Site], referents: list[User]) -> None:
        super().__init__(data)
        choices: dict[str, list[tuple[Any, str]]] = {
            "ecole": [(school.pk, school.name) for school in schools],
            "site": [("", "Tous les sites"), *((site.pk, site.name) for site in sites)],
            "referent": [("", "Tous les référents"), *((user.pk, user.full_name) for user in referents)],
        }
        for name, listed in choices.items():
            field: Any = self.fields[name]
            field.choices = listed
        if len(schools) < 2:
            del self.fields["ecole"]

    def chosen(self, name: str) -> int | None:
        """Return what was chosen; what the list does not know narrows nothing."""
        self.is_valid()
        return self.cleaned_data.get(name)


class JustifyForm(forms.Form):
    """Say whether an absence is justified."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label="Cette absence est", widget=forms.RadioSelect, choices=[("yes", "justifiée"), ("no", "non justifiée")],
        error_messages={"required": "Dites si l’absence est justifiée ou non."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Motif", max_length=250, required=False,
        help_text="Obligatoire pour une absence justifiée. Par exemple : rendez-vous à la mission locale, arrêt maladie. Jamais un diagnostic.",
    )  # fmt: skip
    also = forms.TypedMultipleChoiceField(
        label="Même décision pour", required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    proof = PaperField(label="Justificatif", required=False, help_text=PROOF_HELP)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        absence: AttendanceHalfDay,
        others: list[AttendanceHalfDay],
        cancel_url: str,
    ) -> None:
        verdict = {True: "yes", False: "no", None: None}[absence.justified]
        super().__init__(data, files, initial={"seen": absence.revision, "verdict": verdict, "reason": absence.reason})
        named = [(row.pk, f"{row.day:%d/%m/%Y}, {Half(row.half).label.lower()}") for row in others]
        self.fields["also"].choices = named  # type: ignore[attr-defined]
        if not named:
            del self.fields["also"]
        self.helper = PortalHelper(self, submit="Enregistrer la décision", cancel_url=cancel_url)

    def justification(self) -> Justification:
        """Return what was decided."""
        typed = self.cleaned_data
        upload = Upload(typed["proof"].read()) if typed.get("proof") else None
        return Justification(typed["verdict"] == "yes", typed["reason"], upload, tuple(typed.get("also", [])))


class AbsenceSearchForm(forms.Form):
    """What the list of absences is narrowed to."""

    q = forms.CharField(label="Nom", required=False, max_length=100)
    etat = forms.ChoiceField(
        label="État", required=False,
        choices=[("to_justify", "À justifier"), ("justified", "Justifiées"), ("unjustified", "Non justifiées"), ("all", "Toutes")],
    )  # fmt: skip
    du = forms.DateField(label="Du", required=False, widget=DateInput)
    au = forms.DateField(label="Au", required=False, widget=DateInput)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data or None, initial={"etat": "to_justify"})
        self.fields["q"].widget = forms.TextInput({"type": "search"})

    def wanted(self) -> AbsencesWanted:
        """Return what was chosen; what cannot be read narrows nothing."""
        typed = self.cleaned_data if self.is_bound and (self.is_valid() or True) else {}
        return AbsencesWanted(typed.get("q") or "", typed.get("etat") or "to_justify", typed.get("du"), typed.get("au"))

    @property
    def narrows(self) -> bool:
        """Say whether something was chosen."""
        return self.wanted() != AbsencesWanted()


class ReportSearchForm(forms.Form):
    """Which reports of tutors are shown."""

    etat = forms.ChoiceField(
        label="État", required=False,
        choices=[("", "À traiter"), ("confirmed", "Notés"), ("set_aside", "Écartés"), ("all", "Tous")],
    )  # fmt: skip

    def status(self) -> str:
        """Return the chosen state, those that wait unless said; empty for all."""
        self.is_valid()
        chosen = self.cleaned_data.get("etat") or "reported"
        return "" if chosen == "all" else chosen


class ReasonForm(forms.Form):
    """Say why."""

    reason = forms.CharField(max_length=250, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(
        self, data: Any = None, files: Any = None, *, label: str, submit: str, cancel_url: str = "", help_text: str = ""
    ) -> None:
        super().__init__(data, files)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text
        self.fields["reason"].error_messages["required"] = "Écrivez votre motif."
        self.helper = PortalHelper(self, submit=submit, cancel_url=cancel_url, css_class="form-narrow")


class SendingForm(forms.Form):
    """Record that a statement was sent."""

    sent_on = forms.DateField(label="Transmis le", widget=DateInput, error_messages=DATE_ERRORS)
    sent_to = forms.CharField(
        label="À qui", max_length=150, help_text="Par exemple : Région, service de la rémunération.",
        error_messages={"required": "Écrivez à qui l’état a été transmis."},
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"sent_on": timezone.localdate()})
        self.helper = PortalHelper(self, submit="Noter la transmission", css_class="form-narrow")


def day_named(text: str) -> date | None:
    """Return the day of « 2026-11-03 », None when it is not one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
