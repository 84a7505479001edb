"""What a person is told of their registration. The link and the ticket are made at the moment of sending, never stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.text import slugify

from assises.life import registrations as life
from assises.models import Edition, ProgrammeVersion, Registration
from assises.reads.calendar import CANCEL, PUBLISH, Line, cancellations_of, media_type
from assises.reads.clock_words import hours_words
from assises.reads.own_calendar import (
    all_it_may_hold,
    chosen_keys,
    had_a_calendar_since,
    own_calendar,
    published_as,
    source_for,
    taken_out,
)
from assises.reads.own_registration import (
    chosen_sessions,
    edition_named,
    living_link,
    moment_in_words,
    opens,
    registration_named,
)
from assises.reads.ticket_drawing import picture_of
from assises.reads.tickets import ticket_of
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import join_with_and
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


def send_step(registration: Registration, event: str, facts: Mapping[str, Any] | None = None) -> Mail:
    """Ask for the message of a step. The registration has an address, and its link is prepared.

    `facts` are what the step knows and the registration no longer says: for "cancel", the workshops given back with the place.
    """
    words = _registration_words(registration) | _step_words(registration, event) | dict(facts or {})
    return send_mail_on_commit(EVENTS[event].kind, _recipient(registration), registration, words)


def send_changes(registration: Registration, version: ProgrammeVersion) -> Mail:
    """Ask for the message that tells what a new version of the programme changes; each person is told once of each version."""
    gone = [line["title"] for line in taken_out(registration, version.number)]
    words = _registration_words(registration) | {
        "changes": version.changes, "note": version.note, "version": version.number, "to_remove": _to_remove(gone),
    }  # fmt: skip
    mark = f"{CHANGED}:{version.pk}:{registration.pk}"
    return send_mail_on_commit(CHANGED, _recipient(registration), registration, words, dedup_key=mark)


def send_workshops(registration: Registration, given_back: Collection[int], by: str) -> Mail:
    """Ask for the message that tells which workshops are chosen now, with the calendar that puts them in place of the others.

    `given_back` are the sessions to take away from the calendar, `by` who changed them ("" for the person). Once for each change.
    """
    chosen = [f"« {one.title} », {hours_words(one.starts_at, one.ends_at)}" for one in chosen_sessions(registration)]
    gone = [line["title"] for line in published_as(registration.edition, given_back)]
    words = _registration_words(registration) | {
        "workshops": chosen, "given_back": sorted(given_back), "by": by, "to_remove": _to_remove(gone),
    }  # fmt: skip
    mark = f"{WORKSHOPS}:{registration.pk}:{registration.calendar_serial}"
    return send_mail_on_commit(WORKSHOPS, _recipient(registration), registration, words, dedup_key=mark)


def send_cancelling(registration: Registration) -> Mail:
    """Ask for the message that tells that the edition will not be held; each person is told once."""
    mark = f"{CALLED_OFF}:{registration.pk}"
    words = {**_day_words(registration.edition), "had_calendar": had_a_calendar_since(registration) is not None}
    return send_mail_on_commit(CALLED_OFF, _recipient(registration), registration, words, dedup_key=mark)


def _to_remove(titles: Sequence[str]) -> str:
    """Say which of the files that go with a message take what away from a calendar; "" when there is nothing to take away."""
    if not titles:
        return ""
    named = join_with_and([f"« {title} »" for title in titles])
    if len(titles) == 1:
        return f"Ouvrez aussi le fichier joint « annulation » : il retire {named} de votre agenda."
    return f"Ouvrez aussi les fichiers joints « annulation » : ils retirent {named} de votre agenda."


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
        had = {"had_calendar": had_a_calendar_since(registration) is not None} if event == "cancel" else {}
        return {"reason": last.reason if last else "", **had}
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
        _calendar(registration),
    ]


def calendar_put_right(mail: Mail) -> list[Attachment]:
    """Make the calendar of the day, and a file for each session that it no longer holds: given back, or out of the programme."""
    registration = _still_true(mail)
    gone = published_as(registration.edition, set(mail.context.get("given_back", ())) - chosen_keys(registration))
    gone += taken_out(registration, mail.context.get("version", 0))
    return [_calendar(registration), *_cancellations(registration, gone)]


def day_given_back(mail: Mail) -> list[Attachment]:
    """Make the files that take the day away from the calendar of somebody who had a place and gave it back."""
    registration = _still_true(mail)
    return _all_taken_away(registration, mail)


def day_called_off(mail: Mail) -> list[Attachment]:
    """Make the files that take the day away from the calendar of whoever had a place; none once their name is erased."""
    registration = registration_named(mail.subject)
    if registration is None or registration.email.lower() != mail.email.lower():
        return []
    return _all_taken_away(registration, mail)


def _calendar(registration: Registration) -> Attachment:
    return Attachment(f"assises-{registration.edition.year}.ics", own_calendar(registration), media_type(PUBLISH))


def _all_taken_away(registration: Registration, mail: Mail) -> list[Attachment]:
    workshops = chosen_keys(registration) | set(mail.context.get("given_back", ()))
    # Those of a message that never left are still in the calendar.
    told = Mail.objects.filter(kind=WORKSHOPS, subject=mail.subject).values_list("context", flat=True)
    workshops.update(key for context in told for key in context.get("given_back", ()))
    return _cancellations(registration, all_it_may_hold(registration, workshops))


def _cancellations(registration: Registration, lines: Iterable[Line]) -> list[Attachment]:
    files = cancellations_of(source_for(registration), lines)
    return [
        Attachment(f"annulation-{rank}-{slugify(title)[:40].strip('-')}.ics", content, media_type(CANCEL))
        for rank, (title, content) in enumerate(files, start=1)
    ]


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
        attachments=day_given_back, sample={"reason": "", "had_calendar": True},
    ),
    MailType(
        CALLED_OFF, "Assises : édition annulée", subject="{{ edition }} : la journée n’aura pas lieu",
        attachments=day_called_off, sample={**DAY, "had_calendar": True},
    ),
    _step(
        "workshops_changed", "Assises : vos ateliers changent", "{{ edition }} : vos ateliers",
        attachments=calendar_put_right,
        sample={"workshops": ["« Entretiens », de 10 h à 12 h"], "given_back": [], "by": "", "to_remove": ""},
    ),
    _step(
        "programme_changed", "Assises : le programme change", "{{ edition }} : le programme change",
        attachments=calendar_put_right,
        sample={
            "changes": ["Retiré : « Table ronde », de 14 h à 15 h."], "note": "Venez un peu plus tôt.",
            "version": 2, "to_remove": _to_remove(["Table ronde"]),
        },
    ),
)  # fmt: skip
