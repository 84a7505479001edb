"""The forms of frameworks of skills: the search of the list, the file, then what was read of it, to be loaded."""

from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from e2c_portal.documents.file_field import ReceivedFileField
from e2c_portal.ui.forms import PortalHelper
from e2c_portal.ui.sent_once import SentOnce
from trainees.reads.framework_content import FrameworkSaid, from_data
from trainees.reads.frameworks import ALL, IN_FORCE

LARGEST_FILE = 2 * 1024 * 1024
TOO_LARGE = "Ce fichier est trop lourd : 2 Mo au plus. Gardez la feuille du référentiel seule."
STALE = "Cette vérification date de plus d’un jour : déposez de nouveau le fichier."
SALT = "trainees.framework"
KEPT_SECONDS = 24 * 3600


class FrameworkSearchForm(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label="Nom ou code", required=False, max_length=100)
    versions = forms.ChoiceField(
        label="Versions",
        required=False,
        choices=[(IN_FORCE, "En vigueur ou en préparation"), (ALL, "Toutes, fermées comprises")],
    )

    def asked(self) -> tuple[str, str]:
        """Return the words and the versions asked for; what is not understood narrows nothing."""
        self.is_valid()
        return self.cleaned_data.get("q", ""), self.cleaned_data.get("versions") or IN_FORCE


class FrameworkFileForm(forms.Form):
    """A file of skills to be read."""

    file = ReceivedFileField(
        label="Fichier du référentiel", widget=forms.FileInput({"accept": ".xlsx,.csv,.txt"}),
        help_text="Classeur Excel (.xlsx) ou CSV, 2 Mo au plus. Rien ne s’enregistre à cette étape.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> None:
        super().__init__(data, files)
        self.helper = PortalHelper(self, submit="Vérifier le fichier", cancel_url=reverse("trainees:frameworks"))

    def clean_file(self) -> Any:
        """Refuse a file too heavy to be a framework."""
        if self.cleaned_data["file"].size > LARGEST_FILE:
            raise forms.ValidationError(TOO_LARGE)
        return self.cleaned_data["file"]


class FrameworkLoadForm(SentOnce):
    """What was read of a file, carried by the page itself and sealed: what is loaded is what was shown, and no file is kept."""

    content = forms.CharField(widget=forms.HiddenInput, strip=False)

    def __init__(self, data: QueryDict | None = None, *, said: FrameworkSaid | None = None, sha256: str = "") -> None:
        super().__init__(data)
        if said:
            told = {"said": said.as_data(), "sha256": sha256}
            self.initial["content"] = signing.dumps(told, salt=SALT, compress=True)
        self.helper = PortalHelper(
            self, submit="Charger ce brouillon", cancel_url=reverse("trainees:framework_load")
        )  # fmt: skip

    def clean_content(self) -> tuple[FrameworkSaid, str]:
        """Return what the page carried. Refuses what it did not seal, or sealed too long ago."""
        try:
            told = signing.loads(self.cleaned_data["content"], salt=SALT, max_age=KEPT_SECONDS)
        except signing.BadSignature as error:
            raise forms.ValidationError(STALE) from error
        return from_data(told["said"]), told["sha256"]
