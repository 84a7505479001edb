"""Write a message to registered people, send it now or later, cancel it while it waits. One transaction each.

It leaves by turns of a worker (kernel.turns), a few people in each transaction: what a killed worker did not commit is done
again, and the key of each e-mail makes it leave once to an address, whoever asks.
"""

import hashlib
import logging
from datetime import datetime
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from assises.emails.after import send_outbox
from assises.life import outbox as life
from assises.models import OutboxMessage, Registration
from assises.operations.editions import OVERTAKEN
from assises.operations.places import require_managing
from assises.reads.outbox import addresses_count, recipients_of
from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_over_what_was_seen
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import Overtaken, PortalError, Refused
from e2c_portal.kernel.log_masking import masked
from e2c_portal.kernel.submissions import Sending, once
from e2c_portal.kernel.turns import Turns
from e2c_portal.mailing.models import Mail
from trainees.operations.moving import save_or_refuse

logger = logging.getLogger(__name__)

SEND = "assises.send_outbox"
# A turn ends well before the hard limit of a task.
TURN_SECONDS = 15
AT_ONCE = 20
HOLDS_A_LINK = (
    "Ce message contient un lien personnel du portail : il ouvrirait à tous la page d’une seule personne. Retirez-le."
)


@transaction.atomic
def write_message(message: OutboxMessage, actor: User, *, sending: Sending | None = None) -> OutboxMessage:
    """Keep a new message, which does not leave yet. Raises NotAllowed, Refused, ValidationError by field."""
    require_managing(actor)
    message.written_by = actor
    return once(sending, actor, OutboxMessage, lambda: _kept(message, actor, "outbox.written", "Message préparé"))


@transaction.atomic
def change_message(message: OutboxMessage, seen: int | None, actor: User) -> OutboxMessage:
    """Save what was changed of a message that did not leave. Raises NotAllowed, Overtaken, Refused, ValidationError."""
    require_managing(actor)
    if _held(message.pk).status != life.DRAFT:
        raise Overtaken("Ce message est déjà prévu ou parti : il ne change plus.")
    save_over_what_was_seen(
        message, seen, lambda: _kept(message, actor, "outbox.changed", "Message changé"), overtaken=OVERTAKEN
    )
    return message


def _kept(message: OutboxMessage, actor: User, act: str, told: str) -> OutboxMessage:
    if masked(message.body) != message.body or masked(message.subject_line) != message.subject_line:
        raise Refused(HOLDS_A_LINK, code="personal_link")
    message.full_clean()
    message.save()
    record(actor, act, message, told)
    return message


@transaction.atomic
def send_now(message_id: int, actor: User) -> OutboxMessage:
    """Have a message leave now. Raises NotAllowed, Overtaken when it left already, Refused when nobody would receive it."""
    require_managing(actor)
    message = _held(message_id)
    _refuse_unless(message, (life.DRAFT, life.PLANNED))
    _start(message)
    save_or_refuse(message)
    record(actor, "outbox.sent", message, f"Envoi demandé à {message.recipients} adresses")
    return message


@transaction.atomic
def send_later(message_id: int, send_at: datetime, actor: User) -> OutboxMessage:
    """Have a message leave at a moment to come, between 8 and 20 h. Raises NotAllowed, Overtaken, Refused."""
    require_managing(actor)
    message = _held(message_id)
    _refuse_unless(message, (life.DRAFT,))
    if send_at <= timezone.now():
        raise Refused("Ce moment est passé : choisissez-en un à venir, ou envoyez maintenant.", code="past")
    if not life.EARLIEST_HOUR <= timezone.localtime(send_at).hour < life.LATEST_HOUR:
        raise Refused(
            f"Un message part entre {life.EARLIEST_HOUR} h et {life.LATEST_HOUR} h : choisissez une autre heure.",
            code="at_night",
        )
    message.status, message.send_at = life.PLANNED, send_at
    save_or_refuse(message)
    record(actor, "outbox.planned", message, f"Envoi prévu le {timezone.localtime(send_at):%d/%m/%Y à %H:%M}")
    return message


@transaction.atomic
def cancel_message(message_id: int, actor: User) -> OutboxMessage:
    """Stop a message: what has not left does not leave. Cancelling twice changes nothing. Raises NotAllowed, Overtaken."""
    require_managing(actor)
    message = _held(message_id)
    if message.status == life.CANCELLED:
        return message
    _refuse_unless(message, life.CANCELLABLE)
    _end(message, life.CANCELLED)
    save_or_refuse(message)
    record(actor, "outbox.cancelled", message, "Envoi annulé")
    return message


def _held(message_id: int) -> OutboxMessage:
    rows = OutboxMessage.objects.select_for_update(of=("self",)).select_related("edition")
    return rows.get(pk=message_id)


def _refuse_unless(message: OutboxMessage, states: tuple[str, ...]) -> None:
    if message.status not in states:
        raise Overtaken(f"Ce message est maintenant « {message.state.label.lower()} ». Rechargez la page.")


def _start(message: OutboxMessage) -> None:
    message.recipients = addresses_count(message)
    if not message.recipients:
        raise Refused("Personne ne répond à ces choix : changez-les avant d’envoyer.", code="nobody")
    message.status = life.SENDING
    TURNS.ask_again(message)


def _end(message: OutboxMessage, status: str) -> None:
    message.status, message.finished_at = status, timezone.now()
    message.claim = message.claimed_at = None


def _never_given_up(message: OutboxMessage) -> bool:
    """A message is taken up again, always: half of the people would have it and the others not."""
    return False


TURNS = Turns(OutboxMessage, {life.SENDING: SEND}, "message_id", _never_given_up)


def send_turn(message_id: int, seconds: float = TURN_SECONDS) -> bool:
    """Ask for the e-mails of a message, for one turn. Returns whether all are asked for."""
    return TURNS.turn(message_id, life.SENDING, _work, seconds)


def _work(message_id: int, claim: UUID, stop: float) -> bool:
    while monotonic() < stop:
        with TURNS.held(message_id, claim) as message:
            people = list(recipients_of(message).filter(pk__gt=message.reached)[:AT_ONCE])
            if not people:
                _end(message, life.SENT)
                return True
            for registration in people:
                _ask(message, registration)
            message.reached = people[-1].pk
    return False


def _ask(message: OutboxMessage, registration: Registration) -> None:
    key = key_of(message, registration.email)
    # An address shared by two registrations is written to once, under the name of the first.
    if Mail.objects.filter(dedup_key=key).exists():
        return
    registration.edition = message.edition
    try:
        with transaction.atomic():
            send_outbox(message, registration, key)
    except PortalError as refusal:
        logger.warning("outbox message %s, registration %s: %s", message.pk, registration.pk, refusal.code)
        message.refused += 1
        return
    message.asked += 1


def key_of(message: OutboxMessage, email: str) -> str:
    """Return what makes a message leave once to an address, without naming it."""
    return f"assises.outbox:{message.pk}:{hashlib.sha256(email.casefold().encode()).hexdigest()[:40]}"


def start_planned(limit: int = 20) -> int:
    """Start the planned messages whose moment has come; one that reaches nobody any more is cancelled. Returns how many."""
    due = OutboxMessage.objects.filter(status=life.PLANNED, send_at__lte=timezone.now())
    return sum(_start_planned(pk) for pk in due.order_by("send_at").values_list("pk", flat=True)[:limit])


@transaction.atomic
def _start_planned(message_id: int) -> int:
    rows = OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",)).select_related("edition")
    message = rows.filter(pk=message_id, status=life.PLANNED).first()
    if message is None:
        return 0
    try:
        _start(message)
    except Refused:
        _end(message, life.CANCELLED)
        record(None, "outbox.cancelled", message, "Envoi annulé : plus personne ne répond à ces choix")
    message.save()
    return 1


def sweep() -> int:
    """Start what is due and take up what a dead worker left. Returns how many messages."""
    return start_planned() + TURNS.sweep()
