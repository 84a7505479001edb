"""The forms of a report: why it is corrected, a photo and who is on it, a fact with its source."""

import uuid
from typing import Any

from django import forms
from django.utils.text import slugify

from assises.models import Edition, ToldFact
from assises.operations.photos import PhotoText
from e2c_portal.documents.file_field import ReceivedFileField
from e2c_portal.documents.received_files import SHOWN_LIMIT_BYTES, SHOWN_TOO_LARGE, Upload
from e2c_portal.ui.forms import PortalHelper

ACCEPTED = "image/jpeg,image/png,image/webp"


class ReviseForm(forms.Form):
    """Why a report is corrected."""

    reason = forms.CharField(
        label="Pourquoi corriger le bilan ?", max_length=250, widget=forms.Textarea({"rows": 2}),
        help_text="Cette phrase est imprimée dans la nouvelle version, avec chaque chiffre qui change.",
        error_messages={"required": "Écrivez pourquoi le bilan est corrigé.", "max_length": "250 signes au plus."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = PortalHelper(self, submit="Établir la nouvelle version", cancel_url=cancel_url)


class PhotoForm(forms.Form):
    """A photo, what it shows, and who is recognised on it. Sent twice, it is kept once."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Rechargez la page."})
    file = ReceivedFileField(
        label="Photo", widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text="JPEG, PNG ou WebP, 15 Mo au plus. Le lieu et l’appareil écrits dans la photo sont effacés.",
        error_messages={"required": "Choisissez une photo.", "empty": "Ce fichier est vide : choisissez-en un autre."},
    )  # fmt: skip
    caption = forms.CharField(
        label="Légende", max_length=200, help_text="Imprimée sous la photo.",
        error_messages={"required": "Écrivez la légende.", "max_length": "200 signes au plus."},
    )  # fmt: skip
    alt_text = forms.CharField(
        label="Ce que montre la photo", max_length=300, widget=forms.Textarea({"rows": 2}),
        help_text="Pour qui ne la voit pas : décrivez la scène en une phrase.",
        error_messages={"required": "Décrivez la photo en une phrase.", "max_length": "300 signes au plus."},
    )  # fmt: skip
    nobody_recognisable = forms.BooleanField(label="On ne reconnaît personne sur cette photo", required=False)
    people = forms.CharField(
        label="Personnes que l’on reconnaît", required=False, max_length=3000, widget=forms.Textarea({"rows": 4}),
        help_text="Une par ligne : prénom et nom comme à l’inscription, ou adresse électronique. Chacune doit avoir accepté d’être "
        "prise en photo ; sinon la photo n’est pas gardée.",
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, cancel_url: str) -> None:
        super().__init__(data, files, initial={"form_key": uuid.uuid4()})
        self.helper = PortalHelper(self, submit="Ajouter la photo", cancel_url=cancel_url)

    def clean_file(self) -> Any:
        """Say at once that a file is too heavy: its bytes are read only afterwards."""
        file = self.cleaned_data["file"]
        if file.size > SHOWN_LIMIT_BYTES:
            raise forms.ValidationError(SHOWN_TOO_LARGE)
        return file

    def text(self) -> PhotoText:
        """Return what was typed."""
        typed = self.cleaned_data
        return PhotoText(
            typed["caption"],
            typed["alt_text"],
            typed["people"].splitlines(),
            typed["nobody_recognisable"],
            typed["form_key"],
        )

    def upload(self) -> Upload:
        """Return the file as it was sent."""
        return Upload(self.cleaned_data["file"].read())


class FactForm(forms.ModelForm):
    """A fact told by a source: a number with its nuance, or words."""

    class Meta:
        model = ToldFact
        fields = ("label", "qualifier", "value", "words", "source")
        help_texts = {"words": "Quand ce n’est pas un nombre.", "value": "Quand la source en donne un."}

    def __init__(self, data: Any = None, *, edition: Edition, cancel_url: str) -> None:
        super().__init__(data, instance=ToldFact(edition=edition))
        self.helper = PortalHelper(self, submit="Noter ce fait", cancel_url=cancel_url)

    def _post_clean(self) -> None:
        """Leave the checks to the operation, which knows who writes; only what was typed is put on the row."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)
        self.instance.key = slugify(self.cleaned_data.get("label", ""))[:40] or "fait"
