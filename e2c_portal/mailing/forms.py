"""The one form of mailing: which messages somebody still wishes to receive."""

from django import forms

from e2c_portal.mailing.message_types import MailType
from e2c_portal.ui.forms import PortalHelper


class PreferencesForm(forms.Form):
    wanted = forms.MultipleChoiceField(
        label="Je souhaite recevoir",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Décochez ce que vous ne voulez plus recevoir. Vous pourrez revenir sur votre choix avec le même lien.",
    )

    def __init__(self, kinds: list[MailType], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["wanted"].choices = [(kind.name, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.helper = PortalHelper(self, submit="Enregistrer mon choix", css_class="form-narrow")
