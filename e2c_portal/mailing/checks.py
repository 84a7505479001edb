"""What the portal refuses when it starts: messages that would be printed instead of sent, types without their words."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from e2c_portal.mailing.message_types import all_mail_types, all_sms_types

SHOWN = ("console", "locmem", "filebased", "dummy")
SHOWN_SMS = ("e2c_portal.mailing.sms.ConsoleSms", "e2c_portal.mailing.sms.FileSms")


@register()
def messages_really_leave(app_configs: Sequence[AppConfig] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Refuse, in production, the services that write messages where their links and codes can be read."""
    if not settings.PORTAL_PRODUCTION:
        return []
    errors: list[CheckMessage] = []
    if settings.EMAIL_BACKEND.split(".")[-2] in SHOWN:
        errors.append(
            Error(
                "EMAIL_URL ne désigne pas un serveur d’envoi : les messages et leurs liens seraient écrits sur place.",
                hint="Donnez un serveur, par exemple smtp+tls://utilisateur:secret@serveur:587",
                id="mailing.E001",
            )
        )
    if settings.SMS_BACKEND in SHOWN_SMS:
        errors.append(
            Error(
                "SMS_BACKEND écrit les messages texte sur place, avec leurs codes : il est réservé à la démonstration.",
                hint="Laissez SMS_BACKEND vide, ou nommez le service qui envoie vraiment.",
                id="mailing.E002",
            )
        )
    return errors


@register()
def every_type_has_its_words(app_configs: Sequence[AppConfig] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Refuse a type of message whose templates are missing: it would fail on the day it is needed."""
    names = [f"{kind.template}{ending}" for kind in all_mail_types() for ending in (".txt", ".html")]
    names += [f"{kind.template}.sms.txt" for kind in all_sms_types()]
    return [Error(f"Il manque le modèle de message {name}.", id="mailing.E003") for name in names if not _exists(name)]


def _exists(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True
