"""The forms of sign-in and passwords, in the portal's words."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.accounts.passwords import RULE
from e2c_portal.ui.forms import PortalHelper

EMAIL_LABEL = "Adresse électronique"


def _plain(form: Form, labels: dict[str, str]) -> None:
    """Give the fields their French labels; a placeholder would vanish while typing."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].help_text = ""
        form.fields[name].widget.attrs.pop("placeholder", None)


def _choose_password(form: Form) -> None:
    _plain(form, {"password1": "Nouveau mot de passe", "password2": "Nouveau mot de passe, une seconde fois"})
    form.fields["password1"].help_text = RULE


class SignInForm(allauth_forms.LoginForm):
    """E-mail and password."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"login": EMAIL_LABEL, "password": "Mot de passe"})
        self.helper = PortalHelper(self, submit="Se connecter")


class AskForResetForm(allauth_forms.ResetPasswordForm):
    """The address to which the link for a new password goes."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"email": EMAIL_LABEL})
        self.helper = PortalHelper(self, submit="Recevoir le lien", cancel_url=reverse("account_login"))

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        """Write to the address in every case, so that neither the page nor its speed tells who has an account."""
        if self.users:
            return super().save(request, **kwargs)
        email = self.cleaned_data["email"]
        get_adapter().send_mail("account/email/unknown_account", email, {})
        return email


class ResetPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """A new password, chosen from the link of the message."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _choose_password(self)
        self.helper = PortalHelper(self, submit="Enregistrer ce mot de passe")


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """A new password, for somebody signed in."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"oldpassword": "Mot de passe actuel"})
        _choose_password(self)
        self.helper = PortalHelper(self, submit="Changer mon mot de passe", cancel_url=reverse("home"))


class SetPasswordForm(allauth_forms.SetPasswordForm):
    """A first password, for somebody signed in who has none yet."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _choose_password(self)
        self.helper = PortalHelper(self, submit="Enregistrer ce mot de passe", cancel_url=reverse("home"))


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password again, before a sensitive act."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"password": "Mot de passe"})
        self.helper = PortalHelper(self, submit="Continuer", cancel_url=reverse("home"))


class AskForCodeForm(allauth_forms.RequestLoginCodeForm):
    """The address to which a code to sign in goes."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"email": EMAIL_LABEL})
        self.helper = PortalHelper(self, submit="Recevoir le code", cancel_url=reverse("account_login"))


class ConfirmCodeForm(allauth_forms.ConfirmLoginCodeForm):
    """The code of the message."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"code": "Code à six chiffres"})
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}
        self.helper = PortalHelper(self, submit="Se connecter", cancel_url=reverse("account_login"))


class FirstPasswordForm(forms.Form):
    """The first password of somebody invited, typed twice."""

    password1 = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False)
    password2 = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False)

    def __init__(self, account: User, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        _plain(self, {"password1": "Mot de passe", "password2": "Mot de passe, une seconde fois"})
        self.fields["password1"].help_text = RULE
        self.helper = PortalHelper(self, submit="Enregistrer ce mot de passe")
        # A personal link needs no CSRF cookie: the key of the visit plays that part (links.visits).
        self.helper.disable_csrf = True

    def clean_password1(self) -> str:
        validate_password(self.cleaned_data["password1"], self.account)
        return self.cleaned_data["password1"]

    def clean(self) -> dict:
        cleaned = super().clean()
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Les deux saisies diffèrent : tapez deux fois le même mot de passe.")
        return cleaned
