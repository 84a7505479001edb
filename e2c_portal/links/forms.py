"""The one form of links: the address whose links were lost."""

from django import forms

from e2c_portal.ui.forms import PortalHelper


class LostLinkForm(forms.Form):
    email = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Celle où vous avez reçu le message du portail, par exemple nom@domaine.fr",
        error_messages={
            "required": "Écrivez votre adresse électronique.",
            "invalid": "Cette adresse n’est pas complète : elle s’écrit comme nom@domaine.fr",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.helper = PortalHelper(self, submit="Recevoir mes liens", css_class="form-narrow")
