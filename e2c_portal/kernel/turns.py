"""Long work cut in turns: one worker at a time holds the record, for a short while, and gives it back for another turn.

A claim that outlives its lease belongs to a dead worker: the sweeper asks again, and the work goes on from where it stopped.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Now
from django.utils import timezone

from e2c_portal.kernel.clock import older_than
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.kernel.models import Job

logger = logging.getLogger(__name__)

RENEWED_AFTER = timedelta(seconds=5)
LEASE = timedelta(seconds=90)
MAX_ATTEMPTS = 5


class ClaimLost(Exception):
    """Another worker took the work over: nothing more may be written for this one."""


class Turns:
    """The turns of one model of work, which has the columns status, claim, claimed_at, queued_at and attempts.

    `tasks` names the task of each state under way, `argument` that of its id. `give_up(work)` ends, without saving, a work
    that makes no progress, and answers whether it did.
    """

    def __init__(
        self,
        model: type[models.Model],
        tasks: Mapping[str, str],
        argument: str,
        give_up: Callable[[Any], bool],
        *,
        with_rows: tuple[str, ...] = (),
    ) -> None:
        self.model, self.tasks, self.argument, self.give_up, self.with_rows = model, tasks, argument, give_up, with_rows

    @property
    def _rows(self) -> Any:
        return self.model._default_manager

    def take(self, pk: int, status: str) -> UUID | None:
        """Take a work for this worker, None when it is no longer to be done or another worker holds it."""
        claim = uuid4()
        free = Q(claim=None) | older_than("claimed_at", LEASE)
        taken = self._rows.filter(free, pk=pk, status=status).update(
            claim=claim, claimed_at=Now(), attempts=F("attempts") + 1
        )
        return claim if taken else None

    @contextmanager
    def held(self, pk: int, claim: UUID) -> Iterator[Any]:
        """Hold the work for one step, written in one transaction; progress made, the count of attempts starts anew.

        Raises ClaimLost.
        """
        with transaction.atomic():
            work = self._rows.select_for_update().filter(pk=pk, claim=claim).first()
            if work is None:
                raise ClaimLost
            yield work
            work.attempts = 0
            work.claimed_at = Now() if work.claim else None
            work.save()

    @contextmanager
    def still_held(self, pk: int, claim: UUID) -> Iterator[Any]:
        """Hold the work for one line, in one transaction; its own row is only written now and then. Raises ClaimLost."""
        with transaction.atomic():
            rows = self._rows.select_related(*self.with_rows) if self.with_rows else self._rows.all()
            rows = rows.annotate(to_renew=ExpressionWrapper(older_than("claimed_at", RENEWED_AFTER), BooleanField()))
            work = rows.select_for_update(of=("self",)).filter(pk=pk, claim=claim).first()
            if work is None or work.claimed_at is None:
                raise ClaimLost
            yield work
            if work.to_renew:
                self._rows.filter(pk=pk).update(claimed_at=Now(), attempts=0)

    def turn(self, pk: int, status: str, work: Callable[[int, UUID, float], bool], seconds: float) -> bool:
        """Work for one turn of so many seconds; ask for another unless `work` says that all is done. Returns whether it is.

        `work` receives the id, the claim and the moment (monotonic) at which it must stop. When the database goes away the
        error goes through: the claim grows old and the sweeper asks again.
        """
        claim = self.take(pk, status)
        if claim is None:
            return False
        try:
            if work(pk, claim, monotonic() + seconds):
                return True
            with self.held(pk, claim) as asked:
                self.ask_again(asked)
                asked.queued_at = Now()
        except ClaimLost:
            logger.warning("%s %s: claim lost", self.model._meta.label_lower, pk)
        return False

    def sweep(self, limit: int = 50) -> int:
        """Ask again for the works whose worker died or whose job was lost. Returns how many were mended."""
        waiting = Q(status__in=list(self.tasks)) & older_than("queued_at", LEASE)
        stale = waiting & (Q(claim=None) | older_than("claimed_at", LEASE))
        ids = self._rows.filter(stale).order_by("queued_at").values_list("pk", flat=True)[:limit]
        return sum(self._mend(pk, stale) for pk in ids)

    @transaction.atomic
    def _mend(self, pk: int, still_true: Q) -> int:
        work = self._rows.select_for_update(skip_locked=True).filter(still_true, pk=pk).first()
        if work is None:
            return 0
        if not (work.attempts >= MAX_ATTEMPTS and self.give_up(work)):
            self.ask_again(work)
            work.queued_at = Now()
        work.save()
        return 1

    def ask_again(self, work: Any) -> None:
        """Free the work and queue another turn, unless one waits already. The caller saves."""
        work.claim = work.claimed_at = None
        work.queued_at = timezone.now()
        task = self.tasks[work.status]
        if not Job.objects.filter(task=task, published_at=None, arguments={self.argument: work.pk}).exists():
            enqueue_on_commit(task, **{self.argument: work.pk})
