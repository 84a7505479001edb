"""The messages to registered people: which there are, who receives one, how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import Lower

from assises.life.registrations import CONFIRMED
from assises.models import Edition, OutboxMessage, Registration
from assises.reads.presence import was_seen
from e2c_portal.audit.trail import subject_of
from e2c_portal.mailing.models import Mail, Status


@dataclass(frozen=True)
class Outcome:
    """How far the e-mails of a message are, in numbers of people."""

    recipients: int
    sent: int
    failed: int
    waiting: int
    cancelled: int

    @property
    def done(self) -> int:
        return self.sent + self.failed + self.cancelled


def messages_of(edition: Edition) -> QuerySet[OutboxMessage]:
    """Return the messages of an edition, the latest first."""
    return OutboxMessage.objects.filter(edition=edition).select_related("edition", "school", "written_by")


def message_of(edition: Edition, pk: int) -> OutboxMessage | None:
    """Return a message of an edition, None when it has none of that number."""
    return messages_of(edition).filter(pk=pk).first()


def recipients_of(message: OutboxMessage) -> QuerySet[Registration]:
    """Return the registrations that answer to the choices of a message today, in the order of their keys.

    Two of them may share an address (one cancelled, one active): it is written to once.
    """
    rows = Registration.objects.filter(edition=message.edition_id, status__in=message.states, purged_at=None)
    rows = rows.exclude(email="").order_by("pk")
    if message.categories:
        rows = rows.filter(category__in=message.categories)
    if message.school_id:
        rows = rows.filter(school=message.school_id)
    if message.presence == OutboxMessage.Presence.CAME:
        rows = rows.filter(was_seen())
    elif message.presence == OutboxMessage.Presence.ABSENT:
        rows = rows.exclude(was_seen())
    return rows


def addresses_count(message: OutboxMessage) -> int:
    """Return how many addresses a message would reach now. One query."""
    return recipients_of(message).order_by().aggregate(n=Count(Lower("email"), distinct=True))["n"]


def somebody_of(message: OutboxMessage, pk: int | None = None) -> Registration | None:
    """Return the recipient of that number for a preview, else the first one; None when nobody answers to the choices."""
    rows = recipients_of(message)
    return (rows.filter(pk=pk).first() if pk else None) or rows.first()


def next_of(message: OutboxMessage, registration: Registration) -> Registration | None:
    """Return the recipient after this one, to preview another."""
    return recipients_of(message).filter(pk__gt=registration.pk).first()


def outcome_of(message: OutboxMessage) -> Outcome:
    """Return how far a message is: what its e-mails say today, or what they said when they were erased. One query."""
    return outcomes_of([message])[message.pk]


def outcomes_of(messages: Sequence[OutboxMessage]) -> dict[int, Outcome]:
    """Return how far each message is, by its key. One query, however many they are."""
    subjects = {subject_of(row): row for row in messages if row.kept_figures is None}
    counts: dict[str, dict[Status, int]] = {name: {} for name in subjects}
    rows = Mail.objects.filter(subject__in=list(subjects)).order_by().values_list("subject", "status")
    for subject, status, number in rows.annotate(n=Count("pk")):
        counts[subject][Status(status)] = number
    found = {row.pk: Outcome(**row.kept_figures) for row in messages if row.kept_figures is not None}
    return found | {row.pk: _outcome(row, counts[name]) for name, row in subjects.items()}


def _outcome(message: OutboxMessage, counts: dict[Status, int]) -> Outcome:
    failed = counts.get(Status.FAILED, 0) + counts.get(Status.BOUNCED, 0) + message.refused
    waiting = sum(counts.get(status, 0) for status in (Status.QUEUED, Status.SENDING, Status.GROUPED))
    left = max(message.recipients - message.asked - message.refused, 0) if message.is_under_way else 0
    return Outcome(
        message.recipients, counts.get(Status.SENT, 0), failed, waiting + left, counts.get(Status.CANCELLED, 0)
    )


def default_states() -> list[str]:
    """Return whom a message is written to unless said: those who have their place."""
    return [CONFIRMED]
