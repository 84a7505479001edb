"""The forms of the second factor, in the portal's words. A key is read by the browser: its forms are sent by a script."""

from allauth.mfa.base import forms as base_forms
from allauth.mfa.recovery_codes import forms as recovery_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django.forms import CharField, Form
from django.urls import reverse

from e2c_portal.ui.forms import PortalHelper

NAME_LENGTH = 60
DIGITS = {"inputmode": "numeric", "autocomplete": "one-time-code"}


def _code(form: Form, label: str, help_text: str = "", **attributes: str) -> None:
    field = form.fields["code"]
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= attributes


class ShowFactorForm(base_forms.AuthenticateForm):
    """The code of the application, or a recovery code, to finish signing in."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "Code de votre application, ou code de secours", autocomplete="one-time-code")
        self.helper = PortalHelper(self, submit="Continuer")


class ShowFactorAgainForm(base_forms.ReauthenticateForm):
    """The same code, before a sensitive act."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "Code de votre application, ou code de secours", autocomplete="one-time-code")
        self.helper = PortalHelper(self, submit="Continuer")


class ActivateApplicationForm(totp_forms.ActivateTOTPForm):
    """The first code of an application, which proves that it read the secret."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "Code affiché par l’application", "Six chiffres ; ils changent toutes les 30 secondes.", **DIGITS)
        self.helper = PortalHelper(self, submit="Activer", cancel_url=reverse("mfa_index"))


class RemoveApplicationForm(totp_forms.DeactivateTOTPForm):
    """Nothing to type: the page says what follows."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalHelper(self, submit="Retirer l’application", cancel_url=reverse("mfa_index"))


class NewCodesForm(recovery_forms.GenerateRecoveryCodesForm):
    """Nothing to type: the page says what follows."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalHelper(self, submit="Créer de nouveaux codes", cancel_url=reverse("mfa_index"))


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    """A name for the key; the browser fills in the rest. A key opens the portal by itself: it must check who holds it."""

    name = CharField(
        label="Nom de la clé",
        required=False,
        max_length=NAME_LENGTH,
        help_text="Pour la reconnaître : « téléphone », « clé du bureau »…",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)

    def clean(self) -> dict:
        """Have allauth refuse a key that did not check who holds it."""
        self.cleaned_data["passwordless"] = True
        return super().clean()


class RenamePasskeyForm(webauthn_forms.EditWebAuthnForm):
    """Another name for a key."""

    name = CharField(label="Nom de la clé", max_length=NAME_LENGTH)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalHelper(self, submit="Enregistrer", cancel_url=reverse("mfa_index"))
