"""What is stopped at this moment: each question reads an index that holds only what waits or failed."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from e2c_portal.documents.models import Document
from e2c_portal.documents.models import Status as DocumentStatus
from e2c_portal.kernel.clock import difference, older_than
from e2c_portal.kernel.models import Job
from e2c_portal.mailing.models import Mail, Sms
from e2c_portal.mailing.models import Status as MessageStatus
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.models.envelopes import ALIVE
from e2c_portal.upkeep import incidents_words as words

JOB_WAITS = timedelta(seconds=15)
# Less than the lease after which the sweeper asks for a document again, which makes it look younger.
DOCUMENT_WAITS = timedelta(seconds=60)
FAILED_LATELY = timedelta(days=1)
CLOCK_TOLERANCE = timedelta(seconds=30)
# A service often repeats the address, or the telephone number, that it refuses.
ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+|\+\d(?:[ .-]?\d){8,13}|(?<!\d)0\d(?:[ .-]?\d\d){4}(?!\d)")
MESSAGES: tuple[Any, ...] = (Mail, Sms)


@dataclass(frozen=True)
class Fault:
    """One thing that stops work now: how many things are stopped, since when if they say so, and their own words."""

    kind: str
    count: int = 0
    since: datetime | None = None
    reason: str = ""


def faults() -> list[Fault]:
    """Return all that is stopped now; nothing when all is well."""
    return [fault for find in FINDERS for fault in find()]


def clock_fault() -> list[Fault]:
    """Say that this machine is not on time."""
    ahead = difference()
    if abs(ahead) <= CLOCK_TOLERANCE:
        return []
    verb = "avance" if ahead > timedelta(0) else "retarde"
    reason = f"L’horloge d’une machine du portail {verb} de {_lasting(abs(ahead))} sur celle de la base."
    return [Fault(words.CLOCK, reason=reason)]


def _jobs() -> Iterable[Fault]:
    rows = Job.objects.filter(older_than("created_at", JOB_WAITS), published_at=None)
    return _told(words.BROKER, rows, "created_at")


def _waiting_documents() -> Iterable[Fault]:
    rows = Document.objects.filter(older_than("queued_at", DOCUMENT_WAITS), status=DocumentStatus.QUEUED)
    return _told(words.WORKERS, rows, "queued_at")


def _failed_documents() -> Iterable[Fault]:
    failed = Document.objects.filter(status=DocumentStatus.FAILED)
    yield from _told(words.SERVICES, failed.exclude(retry_at=None), "queued_at", "failure")
    # Their reasons may name people: they are read on the documents themselves.
    yield from _told(words.FAILED, failed.filter(retry_at=None), "queued_at")


def _signatures() -> Iterable[Fault]:
    alive = Envelope.objects.filter(status__in=ALIVE)
    yield from _told(words.SIGNING, alive.exclude(failure=""), None, "failure")
    yield from _told(words.INTERRUPTED, alive.filter(older_than("claimed_at", settings.DOCUMENT_CLAIM_LEASE)), None)


def _messages() -> Iterable[Fault]:
    queued, since = Q(status=MessageStatus.QUEUED), timezone.now() - FAILED_LATELY
    mute = queued & Q(unreachable_at__isnull=False)
    later = queued & Q(attempts__gt=0, unreachable_at=None)
    failed = Q(status=MessageStatus.FAILED, finished_at__gte=since)
    for kind, chosen, column, told in (
        (words.MAIL_MUTE, mute, "requested_at", "answer"),
        (words.MAIL_LATER, later, "requested_at", "answer"),
        (words.MAIL_FAILED, failed, "finished_at", None),
    ):
        for model in MESSAGES:
            yield from _told(kind, model._default_manager.filter(chosen), column, told)


def _told(kind: str, rows: QuerySet[Any], since: str | None, reason: str | None = None) -> Iterable[Fault]:
    """Return the fault of these rows, with the latest of their reasons; none when there is no row."""
    found = rows.order_by().aggregate(
        number=Count("pk"),
        **({"first": Min(since)} if since else {}),
        **({"why": Max(reason)} if reason else {}),
    )
    if found["number"]:
        yield Fault(kind, found["number"], found.get("first"), ADDRESS.sub("…", found.get("why") or ""))


def _lasting(delay: timedelta) -> str:
    minutes = round(delay.total_seconds() / 60)
    if minutes < 1:
        return f"{round(delay.total_seconds())} secondes"
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
    return " ".join(part for part in parts if part)


FINDERS: tuple[Callable[[], Iterable[Fault]], ...] = (
    _jobs, _waiting_documents, _failed_documents, _signatures, _messages, clock_fault,
)  # fmt: skip
