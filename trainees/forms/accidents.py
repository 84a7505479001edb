"""The forms of accidents: the file, its declaration, its passing on."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from e2c_portal.documents.file_field import PaperField
from e2c_portal.documents.received_files import Upload
from e2c_portal.ui.forms import DateTimeInput, PortalHelper, group
from e2c_portal.ui.revised import REVISION, Revised
from e2c_portal.ui.sent_once import TOKEN, SentOnce
from trainees.models import AccidentReport, Internship, Pathway
from trainees.models.accidents import STATES

MOMENT_ERRORS = {
    "required": "Indiquez le jour et l’heure.",
    "invalid": "Ce jour ou cette heure n’existe pas : vérifiez.",
}


class AccidentForm(Revised, SentOnce, forms.ModelForm):
    """The facts of an accident, in plain words."""

    class Meta:
        model = AccidentReport
        fields = (
            "place", "internship", "occurred_at", "place_words", "activity", "circumstances", "witnesses", "injuries",
            "victim_told_at", "host_knew_at", "known_at",
        )  # fmt: skip
        widgets = {name: DateTimeInput for name in ("occurred_at", "victim_told_at", "host_knew_at", "known_at")} | {
            "place": forms.RadioSelect, "circumstances": forms.Textarea(attrs={"rows": 4}),
        }  # fmt: skip
        help_texts = {
            "known_at": "Les 48 heures courent à partir de là ; dimanches et jours fériés ne comptent pas.",
            "victim_told_at": "La victime prévient dans la journée, 24 heures au plus (code de la sécurité sociale, art. R441-2).",
            "host_knew_at": "Pour un accident en entreprise.",
            "circumstances": "Ce qui s’est passé, simplement. Ce texte sert à la déclaration.",
        }  # fmt: skip
        error_messages = {
            **{name: MOMENT_ERRORS for name in ("occurred_at", "known_at", "victim_told_at", "host_knew_at")},
            "place": {"required": "Choisissez où l’accident est survenu."},
            "place_words": {"required": "Indiquez l’endroit précis."},
            "circumstances": {"required": "Écrivez ce qui s’est passé."},
        }  # fmt: skip

    def __init__(
        self, *args: Any, pathway: Pathway, internships: list[Internship], cancel_url: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pathway = pathway
        places: Any = self.fields["place"]
        stays: Any = self.fields["internship"]
        places.choices = AccidentReport.Place.choices
        stays.queryset = stays.queryset.filter(pk__in=[row.pk for row in internships])
        stays.label_from_instance = _stay_words
        stays.empty_label = "Aucun"
        if not self.instance.pk:
            self.initial["known_at"] = timezone.localtime()
        self.helper = PortalHelper(
            self,
            group("L’accident", "place", "internship", "occurred_at", "place_words", "activity", "circumstances", "witnesses", "injuries"),
            group("Qui l’a su, et quand", "victim_told_at", "host_knew_at", "known_at"),
            *[name for name in (TOKEN, REVISION) if name in self.fields],
            submit="Enregistrer", cancel_url=cancel_url,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for the internship of an accident in company."""
        typed = super().clean() or self.cleaned_data
        if (
            typed.get("place") == AccidentReport.Place.COMPANY
            and not typed.get("internship")
            and "internship" not in self.errors
        ):
            self.add_error("internship", "Choisissez le stage pendant lequel l’accident est survenu.")
        return typed

    def _post_clean(self) -> None:
        self.instance.pathway = self.pathway
        super()._post_clean()  # type: ignore[misc]


def _stay_words(row: Internship) -> str:
    return f"{row.establishment}, du {row.starts_on:%d/%m/%Y} au {row.last_day:%d/%m/%Y}"


class AccidentSearchForm(forms.Form):
    """What the list of accidents is narrowed to."""

    q = forms.CharField(label="Nom", required=False, max_length=100, widget=forms.TextInput({"type": "search"}))
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *((name, state.label) for name, state in STATES.items())]
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.is_valid()

    @property
    def words(self) -> str:
        return self.cleaned_data.get("q", "")

    @property
    def status(self) -> str:
        return self.cleaned_data.get("etat", "")

    @property
    def narrows(self) -> bool:
        """Say whether something was chosen."""
        return bool(self.words or self.status)


class DeclarationForm(forms.Form):
    """The declaration that was sent."""

    declared_at = forms.DateTimeField(label="Déclaré le", widget=DateTimeInput, error_messages=MOMENT_ERRORS)
    reference = forms.CharField(
        label="Référence de la déclaration", max_length=100, help_text="Le numéro donné par net-entreprises, ou celui du recommandé.",
        error_messages={"required": "Écrivez la référence de la déclaration."},
    )  # fmt: skip
    proof = PaperField(label="Accusé de réception", required=False, help_text="PDF, JPEG ou PNG, 10 Mo au plus.")

    def __init__(self, data: Any = None, files: Any = None, *, cancel_url: str) -> None:
        super().__init__(data, files, initial={"declared_at": timezone.localtime()})
        self.helper = PortalHelper(
            self, submit="Enregistrer la déclaration", cancel_url=cancel_url, css_class="form-narrow"
        )

    def upload(self) -> Upload | None:
        """Return the receipt, None when there is none yet."""
        return Upload(self.cleaned_data["proof"].read()) if self.cleaned_data.get("proof") else None


class PassOnForm(forms.Form):
    """To whom the accident of a PMSMP was passed on."""

    to = forms.CharField(
        label="Transmis à", max_length=200, error_messages={"required": "Écrivez à qui vous l’avez transmis."}
    )
    at = forms.DateTimeField(label="Le", widget=DateTimeInput, error_messages=MOMENT_ERRORS)

    def __init__(self, data: Any = None, files: Any = None, *, structure: str, cancel_url: str) -> None:
        super().__init__(data, files, initial={"to": structure, "at": timezone.localtime()})
        self.helper = PortalHelper(
            self, submit="Enregistrer la transmission", cancel_url=cancel_url, css_class="form-narrow"
        )
