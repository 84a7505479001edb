"""One's registration as its holder reads it: where it stands, the ticket, what was written, the workshops."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.safestring import SafeString

from assises.life import registrations as life
from assises.life.editions import CANCELLED
from assises.models import Category, Registration, Session
from assises.reads.own_registration import OWN_CATEGORIES, chosen_sessions, is_known_minor, moment_in_words
from assises.reads.ticket_drawing import drawing_of
from assises.reads.tickets import ticket_of
from e2c_portal.kernel.workflow import State

# The states of a registration, said to the person whom it concerns.
OWN_WORDS = {
    life.ASKED: State("Demande envoyée", "La Région doit l’accepter. Sa réponse vous arrive par message.", "info"),
    life.WAITING: State(
        "Sur liste d’attente",
        "Dès qu’une place se libère, elle est proposée dans l’ordre de la liste. Vous recevrez alors un message pour l’accepter.",
        "warning",
    ),
    life.OFFERED: State("Une place vous est proposée", "Acceptez-la avant l’heure dite, ou laissez-la à quelqu’un d’autre.", "progress"),
    life.CONFIRMED: State("Votre place est prise", "Présentez votre billet à l’entrée, sur votre téléphone ou imprimé.", "success"),
    life.CANCELLED: State("Inscription annulée", "La place a été rendue.", "neutral"),
    life.REFUSED: State("Demande refusée", "La Région ne l’a pas acceptée.", "danger"),
    life.EXPIRED: State("Proposition échue", "La place proposée n’a pas été acceptée à temps.", "neutral"),
}  # fmt: skip
# Once there is nothing left to come to, whatever the state was.
GONE = State("La journée n’aura pas lieu", "L’édition est annulée : vous n’avez rien à faire.", "neutral")
OVER = State("La journée a eu lieu", "Vous pouvez encore changer d’avis sur les photos.", "neutral")
CONSENT_WORDS = {True: "Vous acceptez d’être pris en photo.", False: "Vous refusez d’être pris en photo.", None: ""}


@dataclass(frozen=True)
class OwnSheet:
    """What the first page says of a registration."""

    state: State
    until: str
    reason: str
    ticket: str
    drawing: SafeString | None
    ticket_lost: bool
    facts: list[tuple[str, str]]
    workshops: list[Session]


def own_sheet(registration: Registration) -> OwnSheet:
    """Return the page of a registration. The ticket is shown with a place that is confirmed, and to nobody else."""
    state = _state(registration)
    shows_ticket = registration.status == life.CONFIRMED and state not in (GONE, OVER)
    ticket = _ticket(registration) if shows_ticket else ""
    return OwnSheet(
        state=state,
        until=moment_in_words(registration.offered_until) if registration.offered_until else "",
        reason=_reason(registration),
        ticket=ticket,
        drawing=drawing_of(ticket) if ticket else None,
        ticket_lost=shows_ticket and not ticket,
        facts=facts_of(registration),
        workshops=chosen_sessions(registration),
    )


def _state(registration: Registration) -> State:
    if registration.is_active and registration.edition.status == CANCELLED:
        return GONE
    if registration.is_active and registration.edition.held_on < timezone.localdate():
        return OVER
    return OWN_WORDS[registration.status]


def _ticket(registration: Registration) -> str:
    """Return the ticket, "" when the key of the server was changed and a new one must be made."""
    try:
        return ticket_of(registration)
    except LookupError:
        return ""


def _reason(registration: Registration) -> str:
    if registration.status not in (life.REFUSED, life.CANCELLED):
        return ""
    last = registration.moves.order_by("-rank").first()
    return last.reason if last else ""


def facts_of(registration: Registration) -> list[tuple[str, str]]:
    """Return what was written, as terms and values, without what is empty."""
    photos = CONSENT_WORDS[registration.image_consent]
    if not photos:
        by_the_school = is_known_minor(registration)
        photos = (
            "L’accord de votre représentant légal se donne à l’école." if by_the_school else "Pas encore de réponse."
        )
    facts = [
        ("Nom", registration.full_name),
        ("Vous venez en tant que", OWN_CATEGORIES[Category(registration.category)][1]),
        ("École", registration.school.name if registration.school else ""),
        ("Organisme", registration.company.legal_name if registration.company else registration.organisation),
        ("Fonction", registration.job_title),
        *((answer.question.label, answer.value) for answer in _answers(registration)),
        ("Pour venir et participer", registration.access_needs),
        ("Photos", photos),
    ]
    return [(term, value) for term, value in facts if value]


def _answers(registration: Registration) -> list:
    return list(registration.answers.select_related("question").order_by("question__position", "question"))
