"""Register somebody to an edition, change it, cancel it: by the person's link, by a school, by a company, by the Région."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from assises.life import registrations as life
from assises.models import Answer, Registration, Session, SessionPlace
from assises.operations.places import give_or_queue, held, hold_edition, move, offer_what_is_free, require_managing
from assises.operations.telling import tell, tell_of_workshops
from assises.reads.own_calendar import last_serial
from assises.reads.tickets import make_ticket, sha256_of
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import Overtaken, Refused
from trainees.operations.moving import save_or_refuse


@transaction.atomic
def register(
    registration: Registration, actor: User | None = None, *, answers: Mapping[int, str] | None = None
) -> Registration:
    """Register somebody, as the edition allows: asked where the Région accepts one by one, else confirmed, else waiting.

    Nobody passes before whoever waits for the same places. `answers` are the answers by question. The caller has checked
    that `actor` (nobody when it is the person, by a link) may register there and that registration is open.
    Raises Refused in French for a second registration, or what the rules refuse.
    """
    edition = registration.edition = hold_edition(registration.edition_id)
    _refuse_twice(registration)
    registration.registered_by = actor
    # The calendar of this address may hold the number of an earlier registration: the same events come back under a greater one.
    registration.calendar_serial = last_serial(edition, registration.email)
    registration.ticket_sha256 = sha256_of(make_ticket(registration.public_id, registration.ticket_serial))
    if registration.image_consent is not None:
        registration.image_consent_at = timezone.now()
    save_or_refuse(registration)
    record(actor, "registration.created", registration, f"Inscription demandée : {registration.get_category_display()}")
    write_answers(registration, answers or {})
    if registration.category in edition.categories_on_approval:
        tell(registration, "asked")
    else:
        give_or_queue(registration, actor)
    return registration


def _refuse_twice(registration: Registration) -> None:
    same = Registration.objects.filter(edition=registration.edition_id, status__in=life.ACTIVE)
    if registration.email and same.filter(email__iexact=registration.email).exists():
        raise Refused(
            "Une inscription existe déjà avec cette adresse électronique. Ouvrez le lien reçu pour la changer, ou inscrivez "
            "cette personne avec sa propre adresse.", code="twice",
        )  # fmt: skip
    if registration.trainee_id and same.filter(trainee=registration.trainee_id).exists():
        raise Refused("Ce stagiaire est déjà inscrit.", code="twice")


def write_answers(registration: Registration, answers: Mapping[int, str]) -> None:
    """Keep the answers given to the questions of the edition: an empty one takes the former away. Raises Refused."""
    for question in registration.edition.questions.filter(pk__in=list(answers)):
        value = answers[question.pk].strip()
        if not value:
            registration.answers.filter(question=question).delete()
            continue
        answer = registration.answers.filter(question=question).first() or Answer(
            registration=registration, question=question
        )
        answer.value = value
        save_or_refuse(answer)


@says_why
@transaction.atomic
def cancel_registration(registration_id: int, actor: User | None = None, reason: str = "") -> Registration:
    """Give the place back: it is offered at once to the next person. Cancelling twice changes nothing.

    Raises Overtaken for a registration that ended otherwise.
    """
    registration = held(registration_id)
    if registration.status == life.CANCELLED:
        return registration
    gave = registration.holds_a_place
    # The database gives the workshops back with the place: the message needs them, to take them away from the calendar.
    workshops = sorted(registration.session_places.values_list("session_id", flat=True))
    move(registration, "cancel", actor, reason, facts={"given_back": workshops})
    if gave:
        offer_what_is_free(registration.edition)
    return registration


@transaction.atomic
def accept_request(registration_id: int, actor: User) -> Registration:
    """Accept a registration that waits for the Région's word: a place if one is left, else the list. Raises Overtaken."""
    require_managing(actor)
    registration = held(registration_id)
    if registration.status != life.ASKED:
        raise Overtaken(f"Cette inscription a changé : elle est maintenant « {registration.state.label} ».")
    give_or_queue(registration, actor)
    return registration


@says_why
@transaction.atomic
def refuse_request(registration_id: int, actor: User, reason: str) -> Registration:
    """Refuse a registration that waits for the Région's word. Raises Overtaken, Refused without a reason."""
    require_managing(actor)
    registration = held(registration_id)
    move(registration, "refuse", actor, reason)
    return registration


@transaction.atomic
def choose_sessions(registration_id: int, session_ids: Iterable[int], actor: User | None = None) -> list[Session]:
    """Take and give back places in workshops, all or none. Returns what is chosen now.

    Raises Refused when one is full, at the same time as another, or when the registration has no place in the edition.
    """
    registration = held(registration_id)
    wanted = set(session_ids)
    open_ones = {row.pk: row for row in registration.edition.sessions.filter(takes_registrations=True)}
    if wanted - set(open_ones):
        raise Refused("Un des ateliers choisis n’est plus au programme. Choisissez de nouveau.", code="gone")
    kept = registration.session_places
    before = set(kept.values_list("session_id", flat=True))
    kept.exclude(session_id__in=wanted).delete()
    # In one order for all: two people who choose the same workshops never wait for each other.
    for session_id in sorted(wanted - before):
        save_or_refuse(SessionPlace(registration=registration, session_id=session_id))
    if wanted != before:
        told = ", ".join(open_ones[pk].title for pk in sorted(wanted)) or "aucun"
        record(actor, "registration.sessions", registration, f"Ateliers choisis : {told}")
    return [open_ones[pk] for pk in sorted(wanted)]


@transaction.atomic
def change_sessions(registration_id: int, session_ids: Iterable[int], actor: User | None = None, by: str = "") -> None:
    """Change the workshops of somebody who is registered, and send them their calendar anew when something changed.

    `by` says who did, "" for the person. Raises Refused as choose_sessions does.
    """
    registration = held(registration_id)
    before = set(registration.session_places.values_list("session_id", flat=True))
    chosen = {session.pk for session in choose_sessions(registration_id, session_ids, actor)}
    if chosen == before:
        return
    registration.calendar_serial += 1
    save_or_refuse(registration)
    tell_of_workshops(registration, before - chosen, by)


@says_why
@transaction.atomic
def renew_ticket(registration_id: int, actor: User, reason: str) -> Registration:
    """Make a new ticket: the former one opens nothing any more. For a badge that was lost, or a key that was changed."""
    require_managing(actor)
    registration = held(registration_id)
    registration.ticket_serial += 1
    registration.ticket_sha256 = sha256_of(make_ticket(registration.public_id, registration.ticket_serial))
    save_or_refuse(registration)
    record(actor, "registration.ticket_renewed", registration, f"Nouveau billet : {reason.strip() or 'badge perdu'}")
    tell(registration, "confirm")
    return registration
