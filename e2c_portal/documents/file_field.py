"""The field of every form that takes a file: the antivirus reads it before anything else does."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from e2c_portal.documents.quarantine import refuse_if_dangerous
from e2c_portal.kernel.errors import PortalError


class ReceivedFileField(forms.FileField):
    """A file from outside. What the antivirus refuses never reaches the form's own checks.

    `kept_apart=False` where anybody may send a file: strangers must not fill the storage with what is refused.
    """

    accept = ""

    def __init__(self, *args: Any, kept_apart: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_apart = kept_apart

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask the browser for what the field takes, when it says so: an iPhone then turns its HEIC photos into JPEG by itself."""
        return super().widget_attrs(widget) | ({"accept": self.accept} if self.accept else {})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the file once the antivirus found nothing in it."""
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            try:
                refuse_if_dangerous(file, kept_apart=self.kept_apart)
            except PortalError as error:
                raise forms.ValidationError(error.message, code=error.code) from error
        return file


class PaperField(ReceivedFileField):
    """A paper scanned or photographed, kept as evidence (received_files.store_received)."""

    accept = "application/pdf,image/jpeg,image/png"
