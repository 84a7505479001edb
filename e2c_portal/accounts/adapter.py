"""How people sign in: no public sign-up, addresses that cannot be forged, messages that say what to do."""

import logging
import smtplib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from e2c_portal.accounts.notices import tell

logger = logging.getLogger(__name__)
WAYS = {
    "reauthenticate": "Saisir mon mot de passe",
    "mfa_reauthenticate": "Saisir un code de mon application, ou un code de secours",
    "mfa_reauthenticate:webauthn": "Utiliser ma clé d’accès",
}


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the Région; a visitor can only sign in and renew a lost password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # The same sentence for an unknown address and a wrong password: it must not tell who has an account.
        "email_password_mismatch": (
            "Adresse ou mot de passe incorrect. Vérifiez les deux, ou demandez un nouveau mot de passe."
        ),
        "too_many_login_attempts": (
            "Trop d’essais sans succès : par sécurité, attendez cinq minutes avant de recommencer, "
            "ou demandez un nouveau mot de passe."
        ),
        "enter_current_password": "Ce n’est pas votre mot de passe actuel : saisissez-le à nouveau.",
        "rate_limited": "Trop de demandes en peu de temps : attendez une minute avant de recommencer.",
        "incorrect_code": "Ce code n’est pas le bon. Vérifiez-le dans le dernier message reçu.",
        "incorrect_password": "Ce n’est pas votre mot de passe : saisissez-le à nouveau.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account is opened by the Région."""
        return False

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Tell the owner, who just gave the right password, that the account is closed."""
        return render(request, "account/account_inactive.html", status=403)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to the home page once the password is changed."""
        return reverse("home")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of the message on the portal's own address, never on the one the request claims."""
        uid, token = key.split("-", 1)
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return settings.PORTAL_URL + path

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict]:
        """Return the ways to prove who is there, in French."""
        return [
            {**way, "description": WAYS.get(way["id"], way["description"])}
            for way in super().get_reauthentication_methods(user)
        ]

    def send_notification_mail(
        self, template_prefix: str, user: AbstractBaseUser, context: dict | None = None, email: str | None = None
    ) -> None:
        """Tell the owner that the way in has changed, by the portal's own queue: a mail server away undoes nothing."""
        tell(user, template_prefix)

    def format_email_subject(self, subject: str) -> str:
        """Return the subject as written: the templates name the portal themselves."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send a message; when the mail server is away, say so instead of failing without a word.

        The answer is the same whether the address has an account or not.
        """
        message = self.render_mail(
            template_prefix, email, context | {"email": email, "portal_url": settings.PORTAL_URL}
        )
        try:
            message.send()
        except (OSError, smtplib.SMTPException) as error:
            logger.error("mail server away: %s", type(error).__name__)
            response = render(self.request, "errors/mail_away.html", status=503)
            raise ImmediateHttpResponse(response) from error
