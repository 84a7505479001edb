"""The messages to registered people: which there are, who receives one, how far it is."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import Lower

from assises.life.registrations import CONFIRMED
from assises.models import Edition, OutboxMessage, Registration
from assises.reads.presence import was_seen
from e2c_portal.mailing.models import Status
from e2c_portal.mailing.queries import mails_of


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
    if message.kept_figures is not None:
        return Outcome(**message.kept_figures)
    rows = mails_of(message).order_by().values_list("status").annotate(n=Count("pk"))
    counts = {Status(status): number for status, number in rows}
    failed = counts.get(Status.FAILED, 0) + counts.get(Status.BOUNCED, 0) + message.refused
    waiting = sum(counts.get(status, 0) for status in (Status.QUEUED, Status.SENDING, Status.GROUPED))
    left = max(message.recipients - message.asked - message.refused, 0) if message.is_under_way else 0
    return Outcome(
        message.recipients, counts.get(Status.SENT, 0), failed, waiting + left, counts.get(Status.CANCELLED, 0)
    )


def default_states() -> list[str]:
    """Return whom a message is written to unless said: those who have their place."""
    return [CONFIRMED]
