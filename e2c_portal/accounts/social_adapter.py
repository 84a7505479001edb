"""Whom an outside sign-in lets in: people whose account the Région opened, and nobody new."""

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import Provider
from django.http import HttpRequest


class ClosedSocialAdapter(DefaultSocialAccountAdapter):
    """The server named by the settings is trusted for the addresses it gives: it is how an account is found the first time."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def is_email_verified(self, provider: Provider, email: str) -> bool:
        return True

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return True
