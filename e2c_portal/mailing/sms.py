"""How text messages leave: one small interface, chosen by settings.SMS_BACKEND. Codes are never logged.

A backend is a class without arguments and one method: `send(phone, text, reference)` hands the message over and returns what
the service answered; it raises Unreachable, Deferred, Uncertain or Rejected of mailing.outcomes. `reference` is the same at
every try of one message: a service that knows it refuses the second copy.
"""

import os
import sys
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.module_loading import import_string

from e2c_portal.kernel.errors import Refused

NO_SMS = "Le portail n’envoie pas de messages texte : aucun service n’est configuré."


class SmsBackend(Protocol):
    """What carries a text message."""

    def send(self, phone: str, text: str, reference: str) -> str: ...


class ConsoleSms:
    """Write text messages on the terminal, for development. It shows codes: production refuses it."""

    def __init__(self) -> None:
        _refuse_in_production(self)

    def send(self, phone: str, text: str, reference: str) -> str:
        sys.stdout.write(f"\n--- message texte pour {phone}\n{text}\n---\n")
        sys.stdout.flush()
        return "écrit sur le terminal"


class FileSms:
    """Write each text message in a file that its owner alone can read, for the demonstration and the tests."""

    def __init__(self) -> None:
        _refuse_in_production(self)
        self.folder = Path(settings.SMS_FOLDER)

    def send(self, phone: str, text: str, reference: str) -> str:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self.folder / f"{timezone.localtime():%Y%m%d-%H%M%S}-{reference.rpartition(':')[2]}.txt"
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{phone}\n{text}\n")
        return "écrit dans un fichier"


def sms_available() -> bool:
    """Say whether text messages may be offered at all."""
    return bool(settings.SMS_BACKEND)


def hand_over(phone: str, text: str, reference: str) -> str:
    """Send one text message by the configured backend and return what it answered. Raises Refused without one, Undelivered."""
    if not sms_available():
        raise Refused(NO_SMS, code="no_sms")
    backend: SmsBackend = import_string(settings.SMS_BACKEND)()
    return backend.send(phone, text, reference)


def _refuse_in_production(backend: object) -> None:
    if settings.PORTAL_PRODUCTION:
        raise ImproperlyConfigured(
            f"{type(backend).__name__} montre les codes : ce service est réservé à la démonstration."
        )
