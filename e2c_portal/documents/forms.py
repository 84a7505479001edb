"""The two ways to verify a document: its code, or the file itself."""

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from e2c_portal.documents.file_field import ReceivedFileField
from e2c_portal.kernel.french import number
from e2c_portal.ui.forms import PortalHelper

NOT_VERIFIED = "La vérification n’a pas eu lieu"


class CodeForm(forms.Form):
    """The code printed on the document, however it is typed."""

    code = forms.CharField(
        label="Code du document",
        max_length=40,
        help_text="Dix lettres et chiffres, en bas de chaque page. Majuscules, tirets et espaces n’ont pas d’importance.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-words"}
        ),
        error_messages={
            "required": "Tapez le code imprimé en bas du document.",
            "max_length": "C’est trop long pour un code : il compte dix lettres et chiffres.",
        },
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.helper = PortalHelper(self, submit="Vérifier ce code")
        self.helper.form_id = "par-code"
        self.helper.form_action = "documents:verify"
        self.helper.form_error_title = NOT_VERIFIED


class FileForm(forms.Form):
    """The PDF itself. The field `way` comes first: it still says what was meant when the file is over the limit."""

    way = forms.CharField(widget=forms.HiddenInput, initial="file", required=False)
    file = ReceivedFileField(
        kept_apart=False,
        label="Fichier à vérifier",
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": "Choisissez le fichier PDF à vérifier.",
            "missing": "Choisissez le fichier PDF à vérifier.",
            "empty": "Ce fichier est vide : choisissez le fichier PDF tel que vous l’avez reçu.",
        },
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields[
            "file"
        ].help_text = f"{limit_in_words()} au plus. Le fichier est lu puis oublié : il n’est ni conservé ni transmis."
        self.fields["file"].widget.attrs["data-limit"] = settings.VERIFICATION_UPLOAD_LIMIT_BYTES
        self.helper = PortalHelper(self, submit="Vérifier ce fichier")
        self.helper.form_id = "par-fichier"
        self.helper.form_action = "documents:verify"
        self.helper.form_error_title = NOT_VERIFIED

    def clean_file(self) -> UploadedFile:
        """Refuse a file over the limit before anything reads it."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > settings.VERIFICATION_UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(too_large())
        return file


def limit_in_words() -> str:
    """Return the greatest size of a file to verify, "15 Mo"."""
    return f"{number(settings.VERIFICATION_UPLOAD_LIMIT_BYTES // 1024**2)} Mo"


def too_large() -> str:
    """Return why a file over the limit is refused, and what to do."""
    return (
        f"Ce fichier dépasse {limit_in_words()} : il n’a pas été lu. Les documents du portail sont bien plus légers ; "
        "déposez le fichier d’origine ou tapez le code imprimé en bas de page."
    )
