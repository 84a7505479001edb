"""Send one message: claim it, leave the transaction, make its secrets and its words, hand it over, then record.

A message leaves once: one UPDATE gives it to one worker. Two cases remain where nobody can know whether it left: the server
fell silent after the content, or the worker died between the server's answer and the record. The message is then tried
again under the same Message-ID, by which mailboxes recognise a copy, and staff see « peut-être déjà reçu »: a link received
twice costs nothing, a link never received stops a signature.
"""

import logging
import re
import traceback
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now
from django.utils import timezone

from e2c_portal.kernel.clock import agreed_now
from e2c_portal.kernel.errors import PortalError, Refused
from e2c_portal.mailing import contents, sms, smtp, telling
from e2c_portal.mailing.models import Mail, Message, Sms, Status
from e2c_portal.mailing.outcomes import Rejected, Uncertain, Undelivered, Unreachable

logger = logging.getLogger(__name__)

SECONDS = (15, 30, 60, 120, 300, 600, 900, 1800, 3600)
GIVE_UP_AFTER = timedelta(days=2)
# While the service is mute, one message tries for all at this pace: the others wait without opening a connection each.
QUIET = timedelta(seconds=30)
ANSWER_LIMIT = 500

TOO_LATE = "Ce message n’a pas pu partir à temps : il ne servirait plus à rien."
GAVE_UP = "Le service d’envoi a refusé ou n’a pas répondu pendant deux jours. Prévenez l’exploitant, puis relancez."
UNEXPECTED = "Une erreur imprévue a arrêté l’envoi. L’exploitant la trouvera dans les journaux ; vous pouvez relancer le message."
REJECTED = (
    "Le serveur du destinataire refuse ce message ou cette adresse. Vérifiez l’adresse, ou choisissez un autre moyen."
)


def send_mail(mail_id: int) -> bool:
    """Send an e-mail unless somebody else does or did. Returns True when this call sent it; nothing is raised."""
    return _send(Mail, mail_id)


def send_sms(sms_id: int) -> bool:
    """Send a text message unless somebody else does or did. Returns True when this call sent it; nothing is raised."""
    return _send(Sms, sms_id)


def _send(model: type[Message], message_id: int) -> bool:
    if _service_is_mute(model):
        _wait(model, message_id)
        return False
    claim = _claim(model, message_id)
    if claim is None:
        return False
    message = model._default_manager.get(pk=message_id)
    secrets = contents.Secrets()
    try:
        answer = _hand_over(message, secrets)
    except Undelivered as failure:
        _record_trouble(message, claim, failure, secrets)
    except Refused as refusal:
        _record_end(message, claim, Status.CANCELLED, refusal.message)
    except PortalError as error:
        _record_end(message, claim, Status.FAILED, error.message)
    except SoftTimeLimitExceeded:
        _record_trouble(message, claim, Uncertain("délai dépassé"), secrets)
    except Exception as error:
        _log_without_words(message, error)
        _record_end(message, claim, Status.FAILED, UNEXPECTED)
    else:
        return _record_sent(message, claim, secrets.hidden_in(answer))
    return False


def _hand_over(message: Message, secrets: contents.Secrets) -> str:
    """Make the words and give them to the service. Touches no row of the message."""
    if message.is_too_late(agreed_now()):
        raise Refused(TOO_LATE)
    if isinstance(message, Mail):
        return smtp.hand_over(contents.email(message, secrets))
    assert isinstance(message, Sms)  # noqa: S101  there are two kinds of messages
    return sms.hand_over(message.phone, contents.text_message(message, secrets), message.delivery)


def last_silence(model: type[Message]) -> datetime | None:
    """Return when the service was last found mute, None when it has answered since."""
    return model._default_manager.filter(status=Status.QUEUED).aggregate(last=Max("unreachable_at"))["last"]


def _service_is_mute(model: type[Message]) -> bool:
    last = last_silence(model)
    return last is not None and timezone.now() < last + QUIET


def _wait(model: type[Message], message_id: int) -> None:
    """Put a message off without counting a try; the sweeper asks for it again when it is due."""
    due = timezone.now() + QUIET
    model._default_manager.filter(pk=message_id, status=Status.QUEUED, due_at__lt=due).update(due_at=due)


def _service_answers(model: type[Message]) -> None:
    """The service speaks again: whatever waited for it is due now."""
    waiting = model._default_manager.filter(status=Status.QUEUED, unreachable_at__isnull=False)
    waiting.update(unreachable_at=None, due_at=timezone.now())


def _claim(model: type[Message], message_id: int) -> UUID | None:
    """Take the message for this worker: one UPDATE decides, whatever the number of workers."""
    claim = uuid4()
    # Whoever asked since it became due had the right time: a worker whose clock is late does as it is told.
    free = Q(status=Status.QUEUED) & (Q(due_at__lte=timezone.now()) | Q(asked_at__gte=F("due_at")))
    if model is Mail:
        free &= Q(waits_for_digest=False)
    taken = model._default_manager.filter(free, pk=message_id).update(
        status=Status.SENDING, claim=claim, claimed_at=Now(), attempts=F("attempts") + 1
    )
    return claim if taken else None


def _record_sent(message: Message, claim: UUID, answer: str) -> bool:
    """Write that the message left, if the claim still holds."""
    now = timezone.now()
    changes = {"status": Status.SENT, "sent_at": now, "finished_at": now, "failure": "", "unreachable_at": None}
    if not _record(message, claim, answer=answer[:ANSWER_LIMIT], **changes):
        logger.warning("%s: claim lost after sending", message.delivery)
        return False
    _service_answers(type(message))
    telling.tell(message)
    return True


def _record_trouble(message: Message, claim: UUID, failure: Undelivered, secrets: contents.Secrets) -> None:
    """Plan the next try, or write that there is none."""
    now = timezone.now()
    answer = secrets.hidden_in(failure.answer)[:ANSWER_LIMIT]
    logger.warning("%s not sent (%s): %s", message.delivery, type(failure).__name__, _code_of(answer))
    if isinstance(failure, Rejected):
        _record_end(message, claim, Status.FAILED, REJECTED, answer=answer)
    elif message.trying_since and now > message.trying_since + GIVE_UP_AFTER:
        _record_end(message, claim, Status.FAILED, GAVE_UP, answer=answer)
    else:
        _record(message, claim, status=Status.QUEUED, answer=answer, **_next(message, failure, now))
    if not isinstance(failure, Unreachable):
        _service_answers(type(message))


def _code_of(answer: str) -> str:
    """Return the code of an answer ("550 5.1.1") for the log: its words quote the address, and often the person."""
    found = re.match(r"\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?", answer)
    return found[0] if found else "no code"


def _next(message: Message, failure: Undelivered, now: datetime) -> dict[str, Any]:
    """Plan the next try. A mute service is no fault of the message: it keeps its count, and its place."""
    if isinstance(failure, Unreachable):
        return {"due_at": now + QUIET, "unreachable_at": now, "attempts": message.attempts - 1}
    doubt = message.maybe_delivered or isinstance(failure, Uncertain)
    return {"due_at": next_try(message.attempts, now), "unreachable_at": None, "maybe_delivered": doubt}


def next_try(attempts: int, now: datetime) -> datetime:
    """Return when to try again after so many tries: soon at first, then every hour."""
    return now + timedelta(seconds=SECONDS[min(max(attempts, 1), len(SECONDS)) - 1])


def _record_end(message: Message, claim: UUID, status: Status, reason: str, **changes: Any) -> None:
    """Write why the message will not leave, if the claim still holds."""
    if _record(message, claim, status=status, failure=reason, finished_at=timezone.now(), **changes):
        telling.tell(message)


@transaction.atomic
def _record(message: Message, claim: UUID, **changes: Any) -> bool:
    """Write an outcome, if the claim still holds, on the message and on those it groups."""
    model = type(message)
    held = model._default_manager.filter(pk=message.pk, claim=claim, status=Status.SENDING)
    if not held.update(claim=None, claimed_at=None, **changes):
        return False
    if changes["status"] != Status.QUEUED and isinstance(message, Mail):
        follow_group(message.pk, changes)
    return True


def follow_group(mail_id: int, changes: dict[str, Any], statuses: Iterable[str] = (Status.GROUPED,)) -> None:
    """Give the outcome of a message of the day to the messages it groups."""
    names = ("status", "sent_at", "finished_at", "failure", "answer", "maybe_delivered")
    followed = {name: value for name, value in changes.items() if name in names}
    Mail.objects.filter(grouped_in=mail_id, status__in=statuses).update(**followed)


def _log_without_words(message: Message, error: Exception) -> None:
    """Log where an unexpected error happened, without its words: they may quote a link or a code."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s failed: %s\n%s", message.delivery, type(error).__name__, where)
