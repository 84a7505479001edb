"""Watch over documents without the broker: free the claims of dead workers, ask again for lost jobs."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from e2c_portal.documents import storage
from e2c_portal.documents.building import RETRY_AFTER
from e2c_portal.documents.models import Document, Revision, Status
from e2c_portal.documents.requesting import BUILD
from e2c_portal.documents.signing_steps import CLOSE
from e2c_portal.kernel.clock import older_than
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.kernel.models import Job

logger = logging.getLogger(__name__)

GAVE_UP = "La fabrication a été interrompue plusieurs fois de suite. Prévenez l’exploitant, puis relancez."
# A service that comes back is not given all that waits at once.
TRIED_AT_ONCE = 20
ORPHAN_AGE = timedelta(days=1)
FILES_AT_ONCE = 1000
# A worker is given a minute (settings.CELERY_TASK_TIME_LIMIT); a national network has a million files.
TURN_SECONDS = 30
ORPHANS = "documents.delete_orphan_files"
Owner = Callable[[list[str]], Iterable[str]]


def _documents_own(keys: list[str]) -> set[str]:
    own = set(Document.objects.filter(file__in=keys).values_list("file", flat=True))
    return own | set(Revision.objects.filter(file__in=keys).values_list("file", flat=True))


_owners: dict[str, Owner] = {"documents": _documents_own}


def register_owner(name: str, owns: Owner) -> None:
    """Add somebody who keeps files in the storage of documents: `owns(keys)` returns those of the keys that are its own."""
    _owners[name] = owns


def owned_among(keys: list[str]) -> set[str]:
    """Return those of the keys that somebody owns."""
    return {key for owns in _owners.values() for key in owns(keys)}


def sweep(limit: int = 100) -> int:
    """Mend all that needs it. Returns how many documents were mended."""
    return free_interrupted(limit) + ask_for_lost(limit) + try_again()


def free_interrupted(limit: int = 100) -> int:
    """Take documents back from the workers that died over them. Returns how many."""
    stale = older_than("claimed_at", settings.DOCUMENT_CLAIM_LEASE)
    closing = Q(status=Status.CLOSING) & older_than("queued_at", settings.DOCUMENT_CLAIM_LEASE)
    return _mend_all(stale & (Q(status=Status.BUILDING) | closing), limit)


def ask_for_lost(limit: int = 100) -> int:
    """Ask again for documents whose job was lost. Returns how many.

    Claimed or not: a closing that lasts longer than a lease has lost its worker or its job.
    """
    waiting = Q(status__in=[Status.QUEUED, Status.CLOSING])
    return _mend_all(waiting & older_than("queued_at", settings.DOCUMENT_CLAIM_LEASE), limit)


def _mend_all(broken: Q, limit: int) -> int:
    ids = Document.objects.filter(broken).order_by("queued_at", "pk").values_list("pk", flat=True)[:limit]
    return sum(_mend(document_id, broken) for document_id in ids)


@transaction.atomic
def _mend(document_id: int, still_true: Q) -> int:
    """Mend one document, read again under lock: its worker may have finished meanwhile."""
    document = Document.objects.select_for_update(skip_locked=True).filter(still_true, pk=document_id).first()
    if document is None:
        return 0
    if document.status == Status.CLOSING:
        return _ask_to_close_again(document)
    document.claim = document.claimed_at = None
    if document.status == Status.BUILDING and document.attempts >= settings.DOCUMENT_MAX_ATTEMPTS:
        document.status = Status.FAILED
        document.failure = GAVE_UP
        document.save(update_fields=["status", "failure", "claim", "claimed_at"])
        return 1
    document.status = Status.QUEUED
    document.queued_at = Now()
    document.save(update_fields=["status", "queued_at", "claim", "claimed_at"])
    # While the broker is away the first job still waits: another one at each lease would only pile up.
    if not Job.objects.filter(task=BUILD, published_at=None, arguments={"document_id": document.pk}).exists():
        enqueue_on_commit(BUILD, document_id=document.pk)
    return 1


def try_again() -> int:
    """Put back some of the documents that a service made fail, unless it has refused again within the last minute."""
    failed = Document.objects.filter(status=Status.FAILED, retry_at__isnull=False)
    if failed.filter(retry_at__gt=Now(), retry_at__lte=Now() + RETRY_AFTER).exists():
        return 0
    return sum(_put_back(pk) for pk in failed.order_by("retry_at", "pk").values_list("pk", flat=True)[:TRIED_AT_ONCE])


@transaction.atomic
def _put_back(document_id: int) -> int:
    failed = Document.objects.select_for_update(skip_locked=True).filter(status=Status.FAILED, pk=document_id)
    document = failed.exclude(retry_at=None).first()
    if document is None:
        return 0
    document.status, document.queued_at, document.attempts = Status.QUEUED, Now(), 0
    document.failure, document.retry_at = "", None
    document.save(update_fields=["status", "queued_at", "attempts", "failure", "retry_at"])
    enqueue_on_commit(BUILD, document_id=document.pk)
    return 1


def _ask_to_close_again(document: Document) -> int:
    """Publish another job for a closing: a worker that still holds a fresh claim makes it do nothing."""
    document.queued_at = Now()
    document.save(update_fields=["queued_at"])
    if not Job.objects.filter(task=CLOSE, published_at=None, arguments={"document_id": document.pk}).exists():
        enqueue_on_commit(CLOSE, document_id=document.pk)
    return 1


def delete_orphan_files(after: str = "") -> int:
    """Delete files that nobody owns, left by workers killed between the write and the record. Returns how many.

    One turn: what `TURN_SECONDS` do not reach is asked for again, from the last key read (`after`).
    """
    limit, until = timezone.now() - ORPHAN_AGE, monotonic() + TURN_SECONDS
    keys, removed = storage.every_key(after=after), 0
    while some := list(islice(keys, FILES_AT_ONCE)):
        removed += _delete_unowned(some, limit)
        if monotonic() > until:
            with transaction.atomic():
                enqueue_on_commit(ORPHANS, after=some[-1])
            break
    return removed


def _delete_unowned(keys: list[str], limit: datetime) -> int:
    owned, kept = owned_among(keys), storage.document_storage()
    orphans = [key for key in keys if key not in owned and kept.get_modified_time(key) < limit]
    for key in orphans:
        storage.discard(key)
        logger.info("orphan file removed: %s", key)
    return len(orphans)
