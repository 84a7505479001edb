"""The forms of a portfolio: add a photo or a paper, say why one is removed."""

import uuid
from typing import Any

from django import forms

from e2c_portal.documents.file_field import ReceivedFileField
from e2c_portal.documents.received_files import SHOWN_LIMIT_BYTES, SHOWN_TOO_LARGE, Upload
from e2c_portal.kernel.nir import REFUSAL as NIR_REFUSAL
from e2c_portal.kernel.nir import holds_nir
from e2c_portal.ui.forms import PortalHelper
from trainees.models import Trainee
from trainees.operations.portfolio import EvidenceText
from trainees.reads.portfolio import skills_to_show, stays_to_show

ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class EvidenceForm(forms.Form):
    """A photo or a paper that shows what somebody can do. Sent twice, it is kept once."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Rechargez la page."})
    title = forms.CharField(
        label="Titre", max_length=120, help_text="Par exemple : le mur que j’ai monté.",
        error_messages={"required": "Donnez un titre à cette preuve.", "max_length": "120 signes au plus."},
    )  # fmt: skip
    words = forms.CharField(
        label="Ce qu’elle montre", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Facultatif : ce qui a été fait, comment, avec qui.", error_messages={"max_length": "1 000 signes au plus."},
    )  # fmt: skip
    skill = forms.TypedChoiceField(label="Compétence", required=False, coerce=int, empty_value=None)
    internship = forms.TypedChoiceField(label="Stage", required=False, coerce=int, empty_value=None)
    file = ReceivedFileField(
        label="Photo ou PDF", widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text="JPEG, PNG, WebP ou PDF, 15 Mo au plus. Le lieu et l’appareil écrits dans la photo sont effacés. Demandez leur "
        "accord aux personnes qu’on y reconnaît.",
        error_messages={"required": "Choisissez une photo ou un PDF.", "empty": "Ce fichier est vide : choisissez-en un autre."},
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, trainee: Trainee, cancel_url: str = "") -> None:
        super().__init__(data, files, initial={"form_key": uuid.uuid4()})
        skills = [(domain.name, [(row.pk, row.name) for row in rows]) for domain, rows in skills_to_show(trainee)]
        stays = [(row.pk, f"{row.establishment}, {row.starts_on:%m/%Y}") for row in stays_to_show(trainee)]
        for name, listed, nothing in (
            ("skill", skills, "Aucune en particulier"),
            ("internship", stays, "Aucun en particulier"),
        ):
            self.fields[name].choices = [("", nothing), *listed]  # type: ignore[attr-defined]
            if not listed:
                del self.fields[name]
        self.helper = PortalHelper(
            self, submit="Ajouter au portefeuille", cancel_url=cancel_url, css_class="form-narrow"
        )

    def clean_file(self) -> Any:
        """Say at once that a file is too heavy: its bytes are read only afterwards."""
        file = self.cleaned_data["file"]
        if file.size > SHOWN_LIMIT_BYTES:
            raise forms.ValidationError(SHOWN_TOO_LARGE)
        return file

    def clean(self) -> dict[str, Any]:
        """Refuse a social security number beside the text that holds it."""
        typed = super().clean() or self.cleaned_data
        for name in ("title", "words"):
            if holds_nir(typed.get(name) or ""):
                self.add_error(name, NIR_REFUSAL)
        return typed

    def text(self) -> EvidenceText:
        """Return what was typed."""
        typed = self.cleaned_data
        return EvidenceText(
            typed["title"], typed["words"], typed.get("skill"), typed.get("internship"), public_id=typed["form_key"]
        )

    def upload(self) -> Upload:
        """Return the file as it was sent."""
        return Upload(self.cleaned_data["file"].read())


class RemovalForm(forms.Form):
    """Say why a piece of evidence is removed."""

    reason = forms.CharField(
        label="Pourquoi la retirer", max_length=250, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Par exemple : une personne s’y reconnaît et ne veut pas y paraître.",
        error_messages={"required": "Écrivez pourquoi vous retirez cette preuve : elle est à la personne."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = PortalHelper(self, submit="Retirer pour de bon", cancel_url=cancel_url, css_class="form-narrow")
