"""Registering oneself by a personal link: what the link opens, whether one may register now, the registration it shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.formats import date_format

from assises.life import registrations as life
from assises.life.editions import CANCELLED, DRAFT
from assises.models import Category, Edition, Registration, Session
from assises.reads.editions import FULL_STOP, OPEN, TO_COME, TODAY, situation_of
from assises.reads.places import has_room, places_of, seats_of, somebody_waits
from assises.reads.programme import last_version
from e2c_portal.audit.trail import subject_of
from e2c_portal.links.models import PersonalLink
from schools.models import School

REGISTRATION_LINK = "assises.registration"
# The words of each category, as somebody says it of oneself, and the word of its pages.
OWN_CATEGORIES = {
    Category.TRAINEE: ("stagiaire", "Stagiaire d’une École de la 2e chance"),
    Category.STAFF: ("equipe", "Membre de l’équipe d’une école"),
    Category.COMPANY: ("entreprise", "Entreprise"),
    Category.INSTITUTION: ("institution", "Institution, collectivité, association"),
    Category.PRESS: ("presse", "Presse"),
}
# After the day the same link leads to the attestation of attendance and lets one withdraw one's consent to images.
OPEN_AFTER_THE_DAY = timedelta(days=40)


def edition_named(subject: str) -> Edition | None:
    """Return the edition that a link or a message names as "assises.edition:12", None when it is something else."""
    label, _, number = subject.partition(":")
    if label != Edition._meta.label_lower or not number.isdecimal():
        return None
    return Edition.objects.filter(pk=int(number)).first()


def registration_named(subject: str) -> Registration | None:
    """Return the registration that a message names as "assises.registration:12", None when it is something else."""
    label, _, number = subject.partition(":")
    if label != Registration._meta.label_lower or not number.isdecimal():
        return None
    return Registration.objects.select_related("edition").filter(pk=int(number)).first()


def end_of_link(edition: Edition) -> datetime:
    """Return the last moment at which the links of an edition open: forty days after the end of its day."""
    return edition.moment(datetime.min.time()) + timedelta(days=1) + OPEN_AFTER_THE_DAY


def opens(link: PersonalLink) -> bool:
    """Say whether a link that nobody withdrew leads somewhere: an edition that is not announced (any more) shows nothing."""
    edition = edition_named(link.subject)
    return edition is not None and edition.status != DRAFT


def living_link(edition: Edition, email: str) -> PersonalLink | None:
    """Return the link of an address to an edition, None when none was prepared."""
    links = PersonalLink.objects.filter(purpose=REGISTRATION_LINK, subject=subject_of(edition), email__iexact=email)
    return links.filter(revoked_at=None, replaced_by=None).first()


def registration_of(edition: Edition, email: str) -> Registration | None:
    """Return the registration of an address: the one that holds, else the last that ended; None when there is none."""
    active = Case(When(status__in=life.ACTIVE, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = edition.registrations.filter(email__iexact=email, purged_at=None).order_by(active, "-created_at", "-pk")
    row = rows.select_related("school", "company", "trainee").first()
    if row is not None:
        row.edition = edition
    return row


def why_not_now(edition: Edition, now: datetime | None = None) -> str:
    """Say why nobody registers at this moment and what to do, "" when registration is open."""
    where = situation_of(edition, now)
    if where is OPEN:
        return ""
    if where is TO_COME:
        opens_at = edition.registration_opens_at
        if opens_at is None:
            return "Les inscriptions ne sont pas encore ouvertes : leur date paraîtra sur la page de l’édition."
        return f"Les inscriptions ouvrent le {moment_in_words(opens_at)}. Revenez à partir de ce moment."
    if where is FULL_STOP:
        return (
            f"Les inscriptions sont closes depuis le {moment_in_words(edition.registration_closes_at)}. "  # type: ignore[arg-type]
            "Pour une demande particulière, écrivez à l’adresse de contact."
        )
    if where is TODAY:
        return "La journée a lieu aujourd’hui : présentez-vous à l’accueil, on vous y dira s’il reste une place."
    if edition.status == CANCELLED:
        return "Cette édition n’aura pas lieu : il n’y a plus d’inscription."
    return "La journée a eu lieu : il n’y a plus d’inscription."


def has_begun(edition: Edition, now: datetime | None = None) -> bool:
    """Say whether the day has begun: from then on, nothing of a registration changes by link."""
    return (now or timezone.now()) >= edition.moment(edition.starts_at or datetime.min.time())


def moment_in_words(moment: datetime) -> str:
    """Return a moment as « 3 mars 2027 à 9 h 05 »."""
    local = timezone.localtime(moment)
    clock = f"{local.hour} h {local.minute:02}" if local.minute else f"{local.hour} h"
    return f"{date_format(local, 'j F Y')} à {clock}"


@dataclass(frozen=True)
class Opening:
    """What somebody of a category may expect when registering now. `left` is None without limit."""

    category: str
    label: str
    left: int | None
    waits: bool


def openings_of(edition: Edition) -> list[Opening]:
    """Return, for each category, whether a place is left or one enters the waiting list. Two queries."""
    places = places_of(edition)
    found = []
    for name, label in Category.choices:
        limits = [kind.left for kind in (places[name], places[""]) if kind.left is not None]
        waits = not has_room(places, name) or somebody_waits(places, name)
        found.append(Opening(name, label, min(limits) if limits else None, waits))
    return found


def schools_to_choose() -> QuerySet[School]:
    """Return the schools of the network, by name: they are public facts."""
    return School.objects.order_by("name", "pk")


def seats_to_choose(edition: Edition) -> list[tuple[Session, int, int | None]]:
    """Return the workshops of the programme that was published, with the places taken and left; what is prepared stays unseen."""
    version = last_version(edition)
    published = {line["id"] for line in version.content} if version else set()
    return [seat for seat in seats_of(edition) if seat[0].pk in published]


def chosen_sessions(registration: Registration) -> list[Session]:
    """Return the sessions in which a registration has a place, in the order of the day."""
    rows = Session.objects.filter(places_taken__registration=registration).select_related("room")
    return list(rows.order_by("starts_at", "title", "pk"))


def is_known_minor(registration: Registration) -> bool:
    """Say whether the portal knows that this person is under eighteen on the day: another one consents to images for them."""
    trainee = registration.trainee
    return trainee is not None and trainee.is_minor_on(registration.edition.held_on)
