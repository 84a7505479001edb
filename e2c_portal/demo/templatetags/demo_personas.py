"""The personas, for the sign-in page of the demonstration."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django import template
from django.conf import settings
from django.http import HttpRequest

from e2c_portal.demo.personas import DEMO_PASSWORD, PERSONAS, Persona

register = template.Library()


@register.simple_tag
def personas() -> tuple[Persona, ...]:
    """`{% personas as people %}`: who can be chosen."""
    return PERSONAS


@register.simple_tag
def demo_password() -> str:
    """`{% demo_password %}`: the password all personas share."""
    return DEMO_PASSWORD


@register.simple_tag(takes_context=True)
def demo_code(context: template.Context, secret: str = "") -> str:
    """`{% demo_code secret as code %}`: what the application of the persona shows now, "" outside the demonstration.

    The secret is the one being set up, else that of whoever is signing in.
    """
    if not settings.DEMO or settings.PORTAL_PRODUCTION:
        return ""
    secret = secret or _secret_of_whoever_comes(context["request"])
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30)) if secret else ""


def _secret_of_whoever_comes(request: HttpRequest) -> str:
    stage = getattr(request, "_login_stage", None)
    user = stage.login.user if stage else request.user
    if user.email not in {persona.email for persona in PERSONAS}:
        return ""
    application = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return decrypt(application.data["secret"]) if application else ""
