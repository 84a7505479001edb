"""Run the checks: one passage at a time, in short turns that a dead worker loses at most one of; write what each found."""

import logging
import time
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.upkeep.consistency.permissions import ConsistencyPermission
from e2c_portal.upkeep.consistency.registry import NIGHTS, Check, Fault, Scope, Step, all_checks
from e2c_portal.upkeep.models import Finding, Run

logger = logging.getLogger(__name__)
TURN = "upkeep.consistency_turn"
# A task has a minute: a turn stops well before, and one question to the database is cut earlier still.
TURN_SECONDS = 25
QUESTION_SECONDS = 25
LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 5
NOT_YOURS = "Les contrôles sont lancés par la Région. Demandez à une personne chargée des partenariats."
UNDER_WAY = "Des contrôles sont déjà en cours : leur avancement est sur cette page."
Status = Run.Status


def ask(actor: User | None) -> Run:
    """Ask for a passage of all the checks; jobs carry it out. Raises NotAllowed, Refused when one is under way.

    Without an actor it is that of the night.
    """
    if actor is not None and not actor.has_perm(ConsistencyPermission.RUN_CHECKS):
        raise NotAllowed(NOT_YOURS)
    share = timezone.localdate().toordinal() % NIGHTS
    try:
        with transaction.atomic():
            run = Run.objects.create(asked_by=actor, share=share, total=len(all_checks()))
            enqueue_on_commit(TURN, run_id=run.pk)
    except IntegrityError as error:
        raise Refused(UNDER_WAY) from error
    return run


def take_turn(run_id: int) -> bool:
    """Carry on with a passage for a while, unless another worker does. Returns whether it is over."""
    claim, now = uuid4(), timezone.now()
    free = Q(claim=None) | Q(moved_at__lt=now - LEASE)
    mine = Run.objects.filter(free, pk=run_id, status__in=Run.UNDER_WAY)
    if not mine.update(claim=claim, moved_at=now, status=Status.RUNNING):
        return False
    run = Run.objects.get(pk=run_id)
    checks, started = all_checks(), time.monotonic()
    while run.done < len(checks) and time.monotonic() - started < TURN_SECONDS:
        _do_a_step(run, checks[run.done])
        if not _kept(run, claim):
            return False
    return _ended(run, claim) if run.done >= len(checks) else _handed_on(run, claim)


def _do_a_step(run: Run, check: Check) -> None:
    """Do one part of a check, and move the run after it. A question cut short leaves what was open as it is."""
    again = list(Finding.objects.filter(check_name=check.name, closed_at=None).values_list("subject", flat=True))
    step = _bounded(check, Scope(run.share, tuple(again), run.after))
    if step is None:
        run.not_finished = [*run.not_finished, check.name]
        run.done, run.after = run.done + 1, ""
        return
    write(check.name, step.faults, run.pk)
    if step.after is not None:
        run.after = step.after
        return
    if check.name not in run.not_finished:
        unseen = Finding.objects.filter(check_name=check.name, closed_at=None).exclude(passage=run.pk)
        unseen.update(closed_at=timezone.now())
    run.done, run.after = run.done + 1, ""


def _bounded(check: Check, scope: Scope) -> Step | None:
    """Look, no question of it longer than its time. None when one was cut, or when the check itself is at fault."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = %s", [QUESTION_SECONDS * 1000])
            return check.look(scope)
    except (DatabaseError, OSError) as error:
        logger.error("check %s stopped: %s", check.name, type(error).__name__)
        return None


def write(name: str, faults: Iterable[Fault], passage: int) -> None:
    """Write what a check found in a passage: what was open stays the same finding, seen again."""
    now = timezone.now()
    said = {fault.subject: fault.sentence[:400] for fault in faults}
    known = {row.subject: row for row in Finding.objects.filter(check_name=name, subject__in=said, closed_at=None)}
    for subject, row in known.items():
        row.last_seen_at, row.sentence, row.passage = max(now, row.first_seen_at), said[subject], passage
    Finding.objects.bulk_update(known.values(), ["last_seen_at", "sentence", "passage"])
    fresh = [
        Finding(
            check_name=name, subject=subject, sentence=sentence, first_seen_at=now, last_seen_at=now, passage=passage
        )
        for subject, sentence in said.items()
        if subject not in known
    ]
    Finding.objects.bulk_create(fresh)


def _kept(run: Run, claim: UUID) -> bool:
    """Write how far the run is; a worker that lost its claim stops there."""
    own = Run.objects.filter(pk=run.pk, claim=claim)
    facts = {"done": run.done, "after": run.after, "not_finished": run.not_finished, "total": len(all_checks())}
    return bool(own.update(moved_at=timezone.now(), **facts))


@transaction.atomic
def _ended(run: Run, claim: UUID) -> bool:
    own = Run.objects.filter(pk=run.pk, claim=claim)
    return bool(own.update(status=Status.DONE, ended_at=timezone.now(), claim=None))


@transaction.atomic
def _handed_on(run: Run, claim: UUID) -> bool:
    Run.objects.filter(pk=run.pk, claim=claim).update(claim=None)
    enqueue_on_commit(TURN, run_id=run.pk)
    return False


def sweep() -> int:
    """Ask again for the turn of a run whose worker died; give up after some tries. Returns how many were mended."""
    lost = Run.objects.filter(status__in=Run.UNDER_WAY, moved_at__lt=timezone.now() - LEASE)
    return sum(_mend(pk) for pk in lost.values_list("pk", flat=True))


@transaction.atomic
def _mend(pk: int) -> int:
    rows = Run.objects.select_for_update(skip_locked=True)
    run = rows.filter(pk=pk, status__in=Run.UNDER_WAY, moved_at__lt=timezone.now() - LEASE).first()
    if run is None:
        return 0
    if run.attempts >= MOST_ATTEMPTS:
        Run.objects.filter(pk=pk).update(status=Status.STOPPED, ended_at=timezone.now(), claim=None)
    else:
        Run.objects.filter(pk=pk).update(claim=None, moved_at=timezone.now(), attempts=F("attempts") + 1)
        enqueue_on_commit(TURN, run_id=pk)
    return 1
