"""How many things wait, are under way or failed: each answer goes through an index that holds nothing else."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, DateTimeField, F, Max, Min, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from e2c_portal.documents.models import Document
from e2c_portal.documents.models import Status as DocumentStatus
from e2c_portal.kernel.models import Job, TaskFailure
from e2c_portal.mailing.models import Mail, Message, Sms
from e2c_portal.mailing.models import Status as MessageStatus

# A message that failed a month ago no longer waits for the operator: it stays in the list of messages.
TROUBLE_LASTS = timedelta(days=30)
# « More than a thousand » is all that a page says beyond.
COUNTED_UP_TO = 1000
OPEN_DOCUMENTS = (DocumentStatus.QUEUED, DocumentStatus.BUILDING, DocumentStatus.CLOSING)
IN_TROUBLE = (MessageStatus.FAILED, MessageStatus.BOUNCED)
UNDER_WAY = (MessageStatus.QUEUED, MessageStatus.SENDING)
CHANNELS: dict[str, type[Message]] = {"mail": Mail, "sms": Sms}


def troubled(model: type[Message]) -> QuerySet:
    """Return the messages that failed or came back within the last thirty days."""
    since = timezone.now() - TROUBLE_LASTS
    return model._default_manager.filter(status__in=IN_TROUBLE, finished_at__gte=since)


def documents_by_state() -> dict[str, int]:
    """Count the documents that are not sealed nor replaced, by state."""
    states = (*OPEN_DOCUMENTS, DocumentStatus.FAILED, DocumentStatus.READY)
    rows = Document.objects.filter(status__in=states).order_by().values_list("status").annotate(number=Count("pk"))
    return {str(state): 0 for state in states} | dict(rows)


def sealed_last_hour() -> int:
    """Count the documents sealed within an hour."""
    return Document.objects.filter(sealed_at__gte=timezone.now() - timedelta(hours=1)).count()


def documents_kept(others: int) -> int:
    """Return about how many documents are sealed or replaced, from PostgreSQL's own statistics: nothing is counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_live_tup), 0)::bigint FROM pg_stat_user_tables WHERE relid = %s::regclass",
            [Document._meta.db_table],
        )
        return max(0, int(cursor.fetchone()[0]) - others)


def oldest_document() -> float:
    """Return for how many seconds the oldest document has waited, 0 when none does."""
    firsts = [rows.order_by().aggregate(first=Min("waits_since"))["first"] for rows in waiting_documents()]
    return _age(min((first for first in firsts if first), default=None))


def waiting_documents() -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Return the documents to be made, then those to be closed, each with `waits_since`.

    Not since `queued_at`: the sweeper asks again at each lease and writes it anew, so that what nobody does looks young for ever.
    """
    to_make = Document.objects.filter(status__in=(DocumentStatus.QUEUED, DocumentStatus.BUILDING))
    to_close = Document.objects.filter(status=DocumentStatus.CLOSING)
    last_signed: Coalesce = Coalesce(Max("revisions__made_at"), "queued_at", output_field=DateTimeField())
    return to_make.annotate(waits_since=F("requested_at")), to_close.annotate(waits_since=last_signed)


def jobs_waiting() -> int:
    """Count the jobs that have not left."""
    return Job.objects.filter(published_at=None).count()


def oldest_job() -> float:
    """Return for how many seconds the oldest job has waited, 0 when none does."""
    return _age(Job.objects.filter(published_at=None).aggregate(first=Min("created_at"))["first"])


def failed_tasks() -> int:
    """Count the tasks that failed and that nobody restarted or gave up."""
    return TaskFailure.objects.filter(state=TaskFailure.State.FAILED).count()


def messages_by_state() -> dict[tuple[str, str], float | None]:
    """Count the messages by channel and state: those under way, and those in trouble for less than thirty days."""
    counts: dict[tuple[str, str], float | None] = {}
    for channel, model in CHANNELS.items():
        waiting = model._default_manager.filter(status__in=UNDER_WAY).count()
        states = dict(troubled(model).order_by().values_list("status").annotate(number=Count("pk")))
        counts[channel, "waiting"] = waiting
        counts |= {(channel, str(state)): states.get(state, 0) for state in IN_TROUBLE}
    return counts


def late_messages() -> dict[str, float]:
    """Return by how many seconds the latest message of each channel is overdue, 0 when none is."""
    now = timezone.now()
    due = {
        channel: model._default_manager.filter(status__in=UNDER_WAY, due_at__lt=now).aggregate(first=Min("due_at"))
        for channel, model in CHANNELS.items()
    }
    return {channel: _age(found["first"]) for channel, found in due.items()}


def failed_work() -> int:
    """Count what waits for the operator: failed tasks and documents, messages failed or returned. At most a thousand of each."""
    failed: list[QuerySet] = [
        TaskFailure.objects.filter(state=TaskFailure.State.FAILED),
        Document.objects.filter(status=DocumentStatus.FAILED),
        troubled(Mail), troubled(Sms),
    ]  # fmt: skip
    return sum(bounded_count(rows) for rows in failed)


def bounded_count(rows: QuerySet) -> int:
    """Count no further than a page says."""
    return rows.order_by().values("pk")[:COUNTED_UP_TO].count()


def _age(moment: datetime | None) -> float:
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0
