"""Read messages: those of a record, and in words where each stands and what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.search import fold, folded
from e2c_portal.kernel.workflow import State
from e2c_portal.mailing.models import MAIL_WORDS, SMS_WORDS, Mail, Message, Sms, Status

STATES = {
    Status.QUEUED: State("En attente", "Le message va partir.", "progress"),
    Status.SENDING: State("Envoi en cours", "Le service d’envoi le reçoit en ce moment.", "progress"),
    Status.GROUPED: State("Dans le message du jour", "Il part avec d’autres, en un seul message.", "progress"),
    Status.SENT: State("Envoyé", "Le service d’envoi l’a accepté.", "success"),
    Status.FAILED: State("En échec", "Il n’est pas parti.", "danger"),
    Status.BOUNCED: State("Revenu", "Le destinataire ne l’a pas reçu.", "danger"),
    Status.CANCELLED: State("Annulé", "Il ne partira pas.", "neutral"),
}


@dataclass(frozen=True)
class Reach:
    """Whether an address still answers: shown beside a person, with the next best channel to think of."""

    works: bool
    sentence: str


def mails_of(subject: Model) -> QuerySet[Mail]:
    """Return the e-mails about a record, latest first."""
    return Mail.objects.filter(subject=subject_of(subject))


def sms_of(subject: Model) -> QuerySet[Sms]:
    """Return the text messages about a record, latest first."""
    return Sms.objects.filter(subject=subject_of(subject))


def keys_asked(kind: str, records: Iterable[Model]) -> list[str]:
    """Return the `dedup_key` of every e-mail of a type asked for about some records, whatever became of it. One query."""
    mails = Mail.objects.filter(kind=kind, subject__in=[subject_of(record) for record in records])
    return list(mails.exclude(dedup_key="").values_list("dedup_key", flat=True))


def messages_searched(messages: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Keep the messages that hold every word, accents and case aside: subject, name or address; the number of a text message."""
    found = messages.alias(folded=folded(*(MAIL_WORDS if messages.model is Mail else SMS_WORDS)))
    for word in fold(words).split():
        found = found.filter(folded__contains=word)
    return found


def state_of(message: Message) -> State:
    """Return the state of a message as people read it."""
    return STATES[Status(message.status)]


def next_step(message: Message) -> str:
    """Return in one French sentence what happens next, or what to do."""
    if message.status == Status.QUEUED:
        return _waiting(message)
    if message.failure:
        return message.failure
    if message.status == Status.SENT:
        return "Rien à faire : il est dans les mains du serveur du destinataire."
    return "Rien à faire : il part dans quelques instants."


def reach_of(email: str) -> Reach:
    """Say whether the last message to this address arrived as far as is known."""
    last = Mail.objects.filter(email__iexact=email, status__in=[Status.SENT, Status.BOUNCED, Status.FAILED]).first()
    if last is None:
        return Reach(True, "Aucun message ne lui a encore été envoyé.")
    if last.status == Status.SENT:
        return Reach(True, f"Dernier message envoyé le {_moment(last.sent_at)}.")
    return Reach(False, last.failure)


def _waiting(message: Message) -> str:
    due = message.due_at
    if isinstance(message, Mail) and message.waits_for_digest:
        return f"Part avec le message du jour, le {_moment(due)}."
    if message.unreachable_at:
        return "Le service d’envoi ne répond pas. Rien à faire : le message repartira tout seul dès son retour."
    if message.attempts == 0:
        return f"Part le {_moment(due)}." if due > timezone.now() else "Part dans quelques instants."
    times = "Un essai n’a" if message.attempts == 1 else f"{message.attempts} essais n’ont"
    return f"{times} pas abouti ; prochain essai le {_moment(due)}. Rien à faire : il repartira tout seul."


def _moment(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""
