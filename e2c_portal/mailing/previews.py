"""What each type of message says, over a likely sample: for staff to read before anybody receives it. Nothing is written."""

from e2c_portal.kernel.errors import PortalError
from e2c_portal.mailing.composing import EXAMPLE_STOP_URL, Part, Words, preview, preview_sms, subject_line, words_of
from e2c_portal.mailing.contents import DIGEST
from e2c_portal.mailing.message_types import MailType, SmsType, all_mail_types, all_sms_types
from e2c_portal.mailing.models import Mail

SAMPLE_NAME = "Camille Exemple"
# A message of the day with as many parts shows what it looks like.
PARTS_SHOWN = 3


def sample_words(kind: MailType) -> Words:
    """Return the words of a type of e-mail over its sample."""
    if kind.name == DIGEST:
        return _sample_digest(kind)
    return preview(kind.name, kind.sample, recipient_name=SAMPLE_NAME)


def sample_text(kind: SmsType) -> str:
    """Return the words of a type of text message over its sample."""
    return preview_sms(kind.name, kind.sample)


def mail_type_or_none(name: str) -> MailType | None:
    """Return a type of e-mail by its name, None when there is none."""
    return next((kind for kind in all_mail_types() if kind.name == name), None)


def sms_type_or_none(name: str) -> SmsType | None:
    """Return a type of text message by its name, None when there is none."""
    return next((kind for kind in all_sms_types() if kind.name == name), None)


def _sample_digest(digest: MailType) -> Words:
    """Return a message of the day made of samples. Raises PortalError while no type waits for it."""
    kinds = [kind for kind in all_mail_types() if kind.digestable][:PARTS_SHOWN]
    if len(kinds) < 2:
        raise PortalError("Aucun type de message ne se regroupe encore dans le message du jour.", code="no_part")
    whole = _sample_mail(digest, subject_line(digest, digest.sample))
    parts = [Part(_sample_mail(kind, subject_line(kind, kind.sample)), kind, kind.examples) for kind in kinds]
    return words_of(whole, parts, EXAMPLE_STOP_URL)


def _sample_mail(kind: MailType, line: str) -> Mail:
    return Mail(kind=kind.name, name=SAMPLE_NAME, subject_line=line, context=dict(kind.sample))
