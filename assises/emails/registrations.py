"""What a person is told of their registration. The link and the ticket are made at the moment of sending, never stored."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from assises.life import registrations as life
from assises.models import Edition, ProgrammeVersion, Registration
from assises.reads.calendar import Own, calendar_of
from assises.reads.clock_words import hours_words
from assises.reads.own_registration import (
    chosen_sessions,
    edition_named,
    living_link,
    moment_in_words,
    opens,
    registration_named,
)
from assises.reads.programme import last_version
from assises.reads.ticket_drawing import picture_of
from assises.reads.tickets import ticket_of
from e2c_portal.kernel.errors import Refused
from e2c_portal.links import issuing
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import Attachment, MailType
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import send_mail_on_commit

LINK, CHANGED, CALLED_OFF = "assises.registration_link", "assises.programme_changed", "assises.edition_cancelled"
WORKSHOPS = "assises.workshops_changed"
LINK_GONE = "Ce lien n’ouvre plus rien : l’édition n’est plus annoncée."
OVERTAKEN = "Cette inscription a changé depuis : un autre message le dit."
NO_TICKET = "La clé des billets a changé : faites un nouveau billet depuis la fiche de l’inscription."


@dataclass(frozen=True)
class Told:
    """The message of a step: its type, and the only state in which it is still true when it leaves."""

    kind: str
    status: str


EVENTS = {
    "asked": Told("assises.registration_asked", life.ASKED),
    "confirm": Told("assises.registration_confirmed", life.CONFIRMED),
    "accept": Told("assises.registration_confirmed", life.CONFIRMED),
    "wait": Told("assises.registration_waiting", life.WAITING),
    "offer": Told("assises.registration_offered", life.OFFERED),
    "expire": Told("assises.registration_expired", life.EXPIRED),
    "refuse": Told("assises.registration_refused", life.REFUSED),
    "cancel": Told("assises.registration_cancelled", life.CANCELLED),
}
STATUS_OF = {told.kind: told.status for told in EVENTS.values()} | {CHANGED: life.CONFIRMED, WORKSHOPS: life.CONFIRMED}


def send_link(edition: Edition, email: str) -> Mail:
    """Ask for the message that carries the link of an address to an edition."""
    closes = edition.registration_closes_at
    words = {**_day_words(edition), "closes": moment_in_words(closes) if closes else ""}
    return send_mail_on_commit(LINK, Recipient(email, "", edition.contact_email), edition, words)


def send_step(registration: Registration, event: str) -> Mail:
    """Ask for the message of a step. The registration has an address, and its link is prepared."""
    words = _registration_words(registration) | _step_words(registration, event)
    return send_mail_on_commit(EVENTS[event].kind, _recipient(registration), registration, words)


def send_changes(registration: Registration, version: ProgrammeVersion) -> Mail:
    """Ask for the message that tells what a new version of the programme changes; each person is told once of each version."""
    words = {**_registration_words(registration), "changes": version.changes, "note": version.note}
    mark = f"{CHANGED}:{version.pk}:{registration.pk}"
    return send_mail_on_commit(CHANGED, _recipient(registration), registration, words, dedup_key=mark)


def send_workshops(registration: Registration, given_back: Collection[int], by: str) -> Mail:
    """Ask for the message that tells which workshops are chosen now, with the calendar that puts them in place of the others.

    `given_back` are the sessions that the calendar takes away, `by` who changed them ("" for the person). Once for each change.
    """
    chosen = [f"« {one.title} », {hours_words(one.starts_at, one.ends_at)}" for one in chosen_sessions(registration)]
    words = _registration_words(registration) | {"workshops": chosen, "given_back": sorted(given_back), "by": by}
    mark = f"{WORKSHOPS}:{registration.pk}:{registration.calendar_serial}"
    return send_mail_on_commit(WORKSHOPS, _recipient(registration), registration, words, dedup_key=mark)


def send_cancelling(registration: Registration) -> Mail:
    """Ask for the message that tells that the edition will not be held; each person is told once."""
    mark = f"{CALLED_OFF}:{registration.pk}"
    words = _day_words(registration.edition)
    return send_mail_on_commit(CALLED_OFF, _recipient(registration), registration, words, dedup_key=mark)


def _recipient(registration: Registration) -> Recipient:
    return Recipient(registration.email, registration.full_name, registration.edition.contact_email)


def _day_words(edition: Edition) -> dict[str, Any]:
    hours = ""
    if edition.starts_at and edition.ends_at:
        hours = hours_words(edition.starts_at, edition.ends_at)
    return {
        "edition": edition.name, "year": edition.year, "day": date_format(edition.held_on, "l j F Y"), "hours": hours,
        "place": edition.place_line, "access": edition.access, "contact": edition.contact_email,
        "kept_months": edition.people_kept_months,
    }  # fmt: skip


def _registration_words(registration: Registration) -> dict[str, Any]:
    by = registration.get_origin_display().lower() if registration.origin != Registration.Origin.LINK else ""
    return {**_day_words(registration.edition), "registered_by": by}


def _step_words(registration: Registration, event: str) -> dict[str, Any]:
    if event in ("confirm", "accept"):
        # A ticket made anew is another message, even within the same minute.
        return {"serial": registration.ticket_serial}
    if event == "offer" and registration.offered_until:
        return {"until": moment_in_words(registration.offered_until)}
    if event in ("refuse", "cancel"):
        last = registration.moves.order_by("-rank").first()
        return {"reason": last.reason if last else ""}
    return {}


def link_secret(mail: Mail) -> dict[str, str]:
    """Make the link that somebody asked for. Raises Refused when the edition is no longer announced."""
    edition = edition_named(mail.subject)
    return {"link": _fresh_link(edition, mail)}


def step_secret(mail: Mail) -> dict[str, str]:
    """Make the link of a step. Raises Refused when the registration has moved on since."""
    return {"link": _fresh_link(_still_true(mail).edition, mail)}


def ticket_secret(mail: Mail) -> dict[str, str]:
    """Make the link and the ticket of a confirmation. Raises Refused when the registration has moved on since."""
    registration = _still_true(mail)
    return {"link": _fresh_link(registration.edition, mail), "ticket": _ticket(registration)}


def _fresh_link(edition: Edition | None, mail: Mail) -> str:
    link = living_link(edition, mail.email) if edition else None
    if link is None or not opens(link):
        raise Refused(LINK_GONE, code="no_access")
    return issuing.rotate(link, delivery=mail.delivery)


def _still_true(mail: Mail) -> Registration:
    registration = registration_named(mail.subject)
    same = registration is not None and registration.email.lower() == mail.email.lower()
    if registration is None or not same or registration.status != STATUS_OF[mail.kind]:
        raise Refused(OVERTAKEN, code="settled")
    return registration


def _ticket(registration: Registration) -> str:
    try:
        return ticket_of(registration)
    except LookupError:
        raise Refused(NO_TICKET, code="ticket_lost") from None


def link_left(mail: Mail) -> None:
    """Retire the links of earlier messages, now that this one left."""
    issuing.delivered(mail.delivery)


def ticket_and_calendar(mail: Mail) -> list[Attachment]:
    """Make the picture of the ticket and the calendar of the day, as they are when the message leaves."""
    registration = _still_true(mail)
    return [
        Attachment(f"billet-assises-{registration.edition.year}.png", picture_of(_ticket(registration)), "image/png"),
        *calendar_alone(mail),
    ]


def calendar_alone(mail: Mail) -> list[Attachment]:
    """Make the calendar of the day, with the workshops chosen; those that the message says were given back are cancelled in it."""
    registration = _still_true(mail)
    name = f"assises-{registration.edition.year}.ics"
    return [Attachment(name, own_calendar(registration, mail.context.get("given_back", ())), "text/calendar")]


def own_calendar(registration: Registration, given_back: Collection[int] = ()) -> bytes:
    """Return the calendar file of one person: what is open to all, the workshops they chose, cancelled those they gave back."""
    edition = registration.edition
    address = settings.PORTAL_URL + reverse("assises:public", args=[edition.year])
    chosen = {session.pk for session in chosen_sessions(registration)}
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    own = Own(chosen, given_back, registration.calendar_serial)
    return calendar_of(edition, last_version(edition), address, host, own=own)


EXAMPLE_LINK = {"link": "https://portail.exemple.invalid/lien/exemple/"}
DAY = {
    "edition": "Assises 2027 (exemple)", "year": 2027, "day": "vendredi 10 décembre 2027", "hours": "de 9 h à 17 h",
    "place": "Hôtel de Région, Montpellier", "access": "Tramway ligne 1.", "contact": "assises@region.example", "kept_months": 6,
}  # fmt: skip
OWN = {**DAY, "registered_by": ""}


def _step(name: str, label: str, subject: str, **more: Any) -> MailType:
    sample = {**OWN, **more.pop("sample", {})}
    facts = {"examples": EXAMPLE_LINK, "secrets": step_secret, "sent": link_left, **more}
    return MailType(f"assises.{name}", label, subject=subject, sample=sample, **facts)


TYPES: tuple[MailType, ...] = (
    MailType(
        LINK, "Lien pour s’inscrire aux Assises", subject="{{ edition }} : votre lien pour vous inscrire",
        examples=EXAMPLE_LINK, secrets=link_secret, sent=link_left, sample={**DAY, "closes": "3 décembre 2027 à 18 h"},
    ),
    _step("registration_asked", "Inscription aux Assises demandée", "{{ edition }} : votre demande est bien reçue"),
    _step(
        "registration_confirmed", "Inscription aux Assises confirmée", "{{ edition }} : votre place est prise",
        secrets=ticket_secret, attachments=ticket_and_calendar, examples={**EXAMPLE_LINK, "ticket": "ABCD-EFGH-JKMN-PQRS"},
        sample={"serial": 1},
    ),
    _step("registration_waiting", "Assises : sur liste d’attente", "{{ edition }} : vous êtes sur la liste d’attente"),
    _step(
        "registration_offered", "Assises : une place est proposée",
        "{{ edition }} : une place se libère, à accepter avant le {{ until }}", sample={"until": "3 décembre 2027 à 18 h"},
    ),
    _step("registration_expired", "Assises : proposition échue", "{{ edition }} : la place proposée n’a pas été acceptée"),
    _step(
        "registration_refused", "Inscription aux Assises refusée", "{{ edition }} : votre demande d’inscription",
        sample={"reason": "Les places de la presse sont déjà prises."},
    ),
    _step(
        "registration_cancelled", "Inscription aux Assises annulée", "{{ edition }} : votre inscription est annulée",
        sample={"reason": ""},
    ),
    MailType(CALLED_OFF, "Assises : édition annulée", subject="{{ edition }} : la journée n’aura pas lieu", sample=DAY),
    _step(
        "workshops_changed", "Assises : vos ateliers changent", "{{ edition }} : vos ateliers", attachments=calendar_alone,
        sample={"workshops": ["« Entretiens », de 10 h à 12 h"], "given_back": [], "by": ""},
    ),
    _step(
        "programme_changed", "Assises : le programme change", "{{ edition }} : le programme change",
        attachments=calendar_alone,
        sample={"changes": ["Ajouté : « Entretiens », de 10 h à 12 h."], "note": "Venez un peu plus tôt."},
    ),
)  # fmt: skip
