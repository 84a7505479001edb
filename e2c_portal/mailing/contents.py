"""Gather what a message needs at the moment it leaves: its secrets, and for the message of the day those of its parts."""

from collections.abc import Mapping

from django.core.mail import EmailMultiAlternatives

from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.log_masking import masked
from e2c_portal.mailing import composing, preferences
from e2c_portal.mailing.message_types import MailType, SmsType, mail_type_named, sms_type_named
from e2c_portal.mailing.models import Mail, Sms, Status
from e2c_portal.mailing.requesting import STOPPED, close

DIGEST = "mailing.digest"
NOTHING_LEFT = "Les messages regroupés ici ont tous perdu leur objet."


class Secrets:
    """The links and codes made for one try. They live as long as the try, and hide themselves in what is written of it."""

    def __init__(self) -> None:
        self._values: list[str] = []

    def make(self, kind: MailType | SmsType, message: Mail | Sms) -> Mapping[str, str]:
        """Make the secrets of a message. Raises Refused when it has lost its object."""
        made = dict(kind.secrets(message))  # type: ignore[arg-type]
        if set(made) != set(kind.examples):
            raise ValueError(f"{kind.name}: secrets {sorted(made)}, examples {sorted(kind.examples)}")
        self._values += [value for value in made.values() if value]
        return made

    def hidden_in(self, text: str) -> str:
        """Return the text without any of these secrets: a mail server may quote what it refuses."""
        for value in self._values:
            text = text.replace(value, "…")
        return masked(text)


def email(mail: Mail, secrets: Secrets) -> EmailMultiAlternatives:
    """Return the e-mail ready to leave. Raises Refused when it was stopped or has lost its object."""
    parts = _digest_parts(mail, secrets) if mail.kind == DIGEST else [_part(mail, secrets)]
    return composing.email_of(mail, parts)


def text_message(sms: Sms, secrets: Secrets) -> str:
    """Return the words of a text message. Raises Refused when it has lost its object."""
    kind = sms_type_named(sms.kind)
    return composing.sms_words(kind, sms.context, secrets.make(kind, sms))


def _part(mail: Mail, secrets: Secrets) -> composing.Part:
    kind = mail_type_named(mail.kind)
    # The person may have said stop while the message waited.
    if preferences.is_stopped(mail.email, kind):
        raise Refused(STOPPED)
    return composing.Part(mail, kind, secrets.make(kind, mail))


def _digest_parts(digest: Mail, secrets: Secrets) -> list[composing.Part]:
    """Return the parts that still have an object; the others are cancelled, each with its reason."""
    parts = []
    for mail in digest.grouped.filter(status=Status.GROUPED).order_by("requested_at", "pk"):
        try:
            parts.append(_part(mail, secrets))
        except Refused as refusal:
            close(mail, Status.CANCELLED, refusal.message)
    if not parts:
        raise Refused(NOTHING_LEFT)
    return parts
