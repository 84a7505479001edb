"""Who works on an import, for how long, and what happens when a worker dies: one claim at a time, given back often."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone

from e2c_portal.documents import storage
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.kernel.models import Job
from partnerships.models import SireneImport
from partnerships.operations.sirene import APPLY, READ

logger = logging.getLogger(__name__)
Status = SireneImport.Status

# A turn ends well before the hard limit of a task; a claim that outlives it belongs to a dead worker.
TURN_SECONDS = 15
RENEWED_AFTER = timedelta(seconds=5)
LEASE = timedelta(seconds=90)
MAX_ATTEMPTS = 5
GAVE_UP = (
    "La lecture a été interrompue plusieurs fois de suite. Prévenez l’exploitant, puis déposez de nouveau le fichier."
)
TASKS = {Status.READING: READ, Status.APPLYING: APPLY}


class ClaimLost(Exception):
    """Another worker took the import over: nothing more may be written for this one."""


def take(import_id: int, status: str) -> UUID | None:
    """Take an import for this worker, None when it is no longer to be done or another worker holds it."""
    claim, now = uuid4(), timezone.now()
    free = Q(claim=None) | Q(claimed_at__lt=now - LEASE)
    taken = SireneImport.objects.filter(free, pk=import_id, status=status).update(
        claim=claim, claimed_at=now, attempts=F("attempts") + 1
    )
    return claim if taken else None


@contextmanager
def held(import_id: int, claim: UUID) -> Iterator[SireneImport]:
    """Hold the import for one step, written in one transaction; progress made, the count of attempts starts anew.

    Raises ClaimLost.
    """
    with transaction.atomic():
        asked = SireneImport.objects.select_for_update().filter(pk=import_id, claim=claim).first()
        if asked is None:
            raise ClaimLost
        yield asked
        asked.attempts = 0
        asked.claimed_at = timezone.now() if asked.claim else None
        asked.save()


@contextmanager
def still_held(import_id: int, claim: UUID) -> Iterator[SireneImport]:
    """Hold the import for one line, in one transaction; its own row is only written now and then. Raises ClaimLost."""
    with transaction.atomic():
        imports = SireneImport.objects.select_related("applied_by").select_for_update(of=("self",))
        asked = imports.filter(pk=import_id, claim=claim).first()
        if asked is None or asked.claimed_at is None:
            raise ClaimLost
        yield asked
        if asked.claimed_at < timezone.now() - RENEWED_AFTER:
            SireneImport.objects.filter(pk=import_id).update(claimed_at=timezone.now(), attempts=0)


def turn(import_id: int, status: str, work: Callable[[int, UUID, float], bool]) -> bool:
    """Work on an import for one turn; ask for another unless `work` says that all is done. Returns whether it is.

    `work` receives the import, the claim and the moment at which it must stop.
    """
    claim = take(import_id, status)
    if claim is None:
        return False
    try:
        if work(import_id, claim, monotonic() + TURN_SECONDS):
            return True
        with held(import_id, claim) as asked:
            _ask_again(asked)
    except ClaimLost:
        logger.warning("sirene import %s: claim lost", import_id)
    except (OperationalError, InterfaceError):
        # The database went away: the claim grows old and the sweeper asks again.
        raise
    return False


def end(asked: SireneImport, status: str, failure: str = "") -> None:
    """Write how an import held by this worker ended; its file goes once that is committed."""
    key, asked.file = asked.file, ""
    asked.status, asked.failure = status, failure
    asked.claim = asked.claimed_at = None
    asked.finished_at = timezone.now()
    if key:
        transaction.on_commit(lambda: storage.discard(key))


def sweep(limit: int = 50) -> int:
    """Ask again for the imports whose worker died or whose job was lost. Returns how many were mended."""
    old = timezone.now() - LEASE
    waiting = Q(status__in=SireneImport.UNDER_WAY) & Q(queued_at__lt=old)
    stale = waiting & (Q(claim=None) | Q(claimed_at__lt=old))
    ids = SireneImport.objects.filter(stale).order_by("queued_at").values_list("pk", flat=True)[:limit]
    return sum(_mend(import_id, stale) for import_id in ids)


@transaction.atomic
def _mend(import_id: int, still_true: Q) -> int:
    asked = SireneImport.objects.select_for_update(skip_locked=True).filter(still_true, pk=import_id).first()
    if asked is None:
        return 0
    if asked.status == Status.READING and asked.attempts >= MAX_ATTEMPTS:
        end(asked, Status.FAILED, GAVE_UP)
    else:
        _ask_again(asked)
    asked.save()
    return 1


def _ask_again(asked: SireneImport) -> None:
    """Free the import and queue another turn, unless one waits already."""
    asked.claim = asked.claimed_at = None
    asked.queued_at = timezone.now()
    task = TASKS[Status(asked.status)]
    if not Job.objects.filter(task=task, published_at=None, arguments={"import_id": asked.pk}).exists():
        enqueue_on_commit(task, import_id=asked.pk)
