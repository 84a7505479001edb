"""The deposit of a Sirene extract."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from e2c_portal.documents.file_field import ReceivedFileField
from e2c_portal.kernel.french import number
from e2c_portal.ui.forms import PortalHelper
from partnerships.models import SireneImport
from partnerships.operations.sirene import SireneOptions


class SireneForm(forms.Form):
    """A file, and what it may change. By default the records that exist, and not the words people chose."""

    file = ReceivedFileField(
        label="Extrait Sirene",
        widget=forms.FileInput({"accept": ".csv,.zip"}),
        error_messages={"required": "Choisissez le fichier de l’Insee.", "empty": "Ce fichier est vide."},
    )
    scope = forms.ChoiceField(
        label="Que faire du fichier",
        choices=SireneImport.Scope,
        initial=SireneImport.Scope.KNOWN,
        widget=forms.RadioSelect,
    )
    replaces_names = forms.BooleanField(
        label="Remplacer aussi les noms et les formes juridiques déjà saisis",
        required=False,
        help_text="Sinon ils sont gardés, et le nom officiel est signalé à côté. Les adresses et les codes sont toujours proposés.",
    )

    def __init__(
        self, data: QueryDict | None = None, files: MultiValueDict | None = None, *, cancel_url: str = ""
    ) -> None:
        super().__init__(data, files)
        self.fields["file"].help_text = (
            f"Fichier CSV de l’Insee (établissements, unités légales, ou les deux), seul ou dans un ZIP : {limit_in_words()} "
            "au plus, 50 Mo une fois décompressé. Déposez-le sans l’ouvrir dans un tableur."
        )
        self.helper = PortalHelper(self, submit="Lire le fichier", cancel_url=cancel_url)

    def options(self) -> SireneOptions:
        """Return what was chosen, once the form is valid."""
        typed: dict[str, Any] = self.cleaned_data
        return SireneOptions(typed["scope"], typed["replaces_names"])


def limit_in_words() -> str:
    """Return the greatest size of an upload, "20 Mo"."""
    return f"{number(settings.UPLOAD_LIMIT_BYTES // 1024**2)} Mo"


def too_large() -> str:
    """Return why a file over the limit is refused, and what to do."""
    return (
        f"Ce fichier dépasse {limit_in_words()} : il n’a pas été lu. Mettez le CSV dans un ZIP, ou faites une extraction plus "
        "étroite."
    )
