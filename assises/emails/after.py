"""The messages around the day: reminders, thanks, « vous nous avez manqué », the cancelling, and what the Région writes.

Their subjects name nobody. Links are made at the moment of sending; a message that lost its object (the person cancelled,
the edition will not be held) does not leave.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from assises.emails.after_links import after_link, registration_link
from assises.life import editions as edition_life
from assises.life import outbox as outbox_life
from assises.life import registrations as life
from assises.life.survey import closes_at
from assises.models import Edition, OutboxMessage, Registration
from assises.reads.attestations import registration_named
from assises.reads.clock_words import hours_words
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import day_in_letters
from e2c_portal.links import issuing
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import send_mail_on_commit

REMINDER, THANKS, MISSED = "assises.reminder", "assises.thanks", "assises.missed"
AFTER_LINK, OUTBOX = "assises.after_link", "assises.outbox"
AFTER_STEP = "after"
EXAMPLE_LINK = {"link": "https://portail.exemple.invalid/lien/exemple/"}
NOT_ANY_MORE = "Cette inscription a changé depuis : ce message n’a plus d’objet."


def key_of(kind: str, step: str, registration_id: int | str) -> str:
    """Return what makes a message of one step leave once to one person."""
    return f"{kind}:{step}:{registration_id}"


def reminder_step(edition: Edition, days: int) -> str:
    """Return the step of a reminder: that of this very day, for an edition that is put off is reminded of anew."""
    return f"{days}-{edition.held_on:%Y%m%d}"


def send_reminder(registration: Registration, days: int) -> Mail:
    """Ask for the reminder sent so many days before; it leaves once, and not once the day has begun."""
    edition = registration.edition
    sessions = edition.sessions.filter(places_taken__registration=registration).select_related("room")
    words = _day_words(edition) | {
        "days": days, "access": edition.access.strip(),
        "sessions": [
            {"title": row.title, "hours": hours_words(row.starts_at, row.ends_at), "room": row.room.name if row.room else ""}
            for row in sessions.order_by("starts_at", "pk")
        ],
    }  # fmt: skip
    begins = edition.moment(edition.starts_at or time.min)
    return _send(REMINDER, registration, words, step=reminder_step(edition, days), not_after=begins)


def send_thanks(registration: Registration) -> Mail:
    """Ask for the thanks to somebody who came, with the link of their attestation and of the survey; it leaves once."""
    closes = day_in_letters(timezone.localdate(closes_at(registration.edition)) - timedelta(days=1))
    return _send(THANKS, registration, _day_words(registration.edition) | {"survey_until": closes}, step=AFTER_STEP)


def send_missed(registration: Registration) -> Mail:
    """Ask for the word to somebody who had a place and was not seen; it leaves once."""
    return _send(MISSED, registration, _day_words(registration.edition), step=AFTER_STEP)


def send_after_link(registration: Registration) -> Mail:
    """Ask for the link of the attestation and of the survey again. Raises Refused within five minutes of the last one."""
    return _send(AFTER_LINK, registration, _day_words(registration.edition))


def send_outbox(message: OutboxMessage, registration: Registration, key: str) -> Mail:
    """Ask for what the Région wrote, for one person; `key` makes it leave once to an address. Raises Refused for a bad one."""
    return send_mail_on_commit(
        OUTBOX, _recipient(registration), message, outbox_words(message), dedup_key=key
    )  # fmt: skip


def outbox_words(message: OutboxMessage) -> dict[str, Any]:
    """Return what a message written by the Région says, the same for everybody but the name it begins with."""
    paragraphs = [part.strip() for part in message.body.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return _day_words(message.edition) | {"object": message.subject_line, "paragraphs": paragraphs}


def _day_words(edition: Edition) -> dict[str, Any]:
    contact = ", ".join(part for part in (edition.contact_email, edition.contact_phone) if part)
    hours = hours_words(edition.starts_at, edition.ends_at) if edition.starts_at and edition.ends_at else ""
    return {
        "year": edition.year, "edition": edition.name, "day": day_in_letters(edition.held_on), "hours": hours,
        "place": edition.place_line, "contact": contact,
    }  # fmt: skip


def _send(
    kind: str,
    registration: Registration,
    words: Mapping[str, Any],
    *,
    step: str = "",
    not_after: datetime | None = None,
) -> Mail:
    key = key_of(kind, step, registration.pk) if step else ""
    return send_mail_on_commit(
        kind, _recipient(registration), registration, words, dedup_key=key, not_after=not_after
    )  # fmt: skip


def _recipient(registration: Registration) -> Recipient:
    return Recipient(registration.email, registration.full_name, registration.edition.contact_email)


def reminder_secrets(mail: Mail) -> dict[str, str]:
    """Make the link by which one cancels. Raises Refused for a place given back, or an edition that is not held."""
    registration = _still(mail, {life.CONFIRMED}, {edition_life.ANNOUNCED})
    return {"link": issuing.rotate(registration_link(registration), delivery=mail.delivery)}


def after_secrets(mail: Mail) -> dict[str, str]:
    """Make the link of the attestation and of the survey. Raises Refused for a registration that ended."""
    registration = _still(mail, set(life.ACTIVE), {edition_life.ANNOUNCED, edition_life.CLOSED})
    return {"link": issuing.rotate(after_link(registration), delivery=mail.delivery)}


def missed_secrets(mail: Mail) -> dict[str, str]:
    """Hold nothing secret; raises Refused for a registration that ended."""
    _still(mail, set(life.ACTIVE), {edition_life.ANNOUNCED, edition_life.CLOSED})
    return {}


def outbox_secrets(mail: Mail) -> dict[str, str]:
    """Hold nothing secret; raises Refused for a message that was cancelled while it waited."""
    _, _, key = mail.subject.rpartition(":")
    if OutboxMessage.objects.filter(pk=key, status=outbox_life.CANCELLED).exists():
        raise Refused("L’envoi de ce message a été annulé.", code="cancelled")
    return {}


def _still(mail: Mail, states: set[str], edition_states: set[str]) -> Registration:
    found = registration_named(mail.subject)
    if found is None or found.purged_at or found.status not in states or found.edition.status not in edition_states:
        raise Refused(NOT_ANY_MORE, code="no_object")
    return found


def link_left(mail: Mail) -> None:
    """Retire the links of earlier messages, now that this one left."""
    issuing.delivered(mail.delivery)


SAMPLE = {
    "year": 2027, "edition": "Assises 2027 (exemple)", "day": "10 décembre 2027", "hours": "de 9 h à 17 h",
    "place": "Hôtel de Région, 34000 Montpellier", "contact": "assises@exemple.invalid",
}  # fmt: skip
TYPES: tuple[MailType, ...] = (
    MailType(
        REMINDER, "Assises : rappel avant la journée", examples=EXAMPLE_LINK, secrets=reminder_secrets, sent=link_left,
        subject="Assises {{ year }} : {% if days == 1 %}c’est demain{% else %}c’est bientôt, le {{ day }}{% endif %}",
        sample=SAMPLE | {"days": 7, "access": "", "sessions": [{"title": "Atelier", "hours": "de 10 h à 12 h", "room": ""}]},
    ),
    MailType(
        THANKS, "Assises : merci d’avoir participé", examples=EXAMPLE_LINK, secrets=after_secrets, sent=link_left,
        subject="Assises {{ year }} : merci, votre attestation et votre avis", sample=SAMPLE | {"survey_until": "9 janvier 2028"},
    ),
    MailType(MISSED, "Assises : vous nous avez manqué", subject="Assises {{ year }} : vous nous avez manqué",
             secrets=missed_secrets, sample=SAMPLE),
    MailType(
        AFTER_LINK, "Assises : lien de l’attestation et de l’avis", subject="Assises {{ year }} : votre lien",
        cool_down=timedelta(minutes=5), examples=EXAMPLE_LINK, secrets=after_secrets, sent=link_left, sample=SAMPLE,
    ),
    MailType(OUTBOX, "Assises : message de la Région aux inscrits", subject="{{ object }}", secrets=outbox_secrets,
             sample=SAMPLE | {"object": "Un changement de salle", "paragraphs": ["L’ouverture aura lieu salle 2."]}),
)  # fmt: skip
