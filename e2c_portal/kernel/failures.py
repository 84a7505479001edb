"""What remains of a task that raised, or whose process died over it: one row, told to staff; it goes when the same task succeeds."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from e2c_portal.kernel.json_lines import place_of
from e2c_portal.kernel.models import TaskFailure
from e2c_portal.kernel.requests import current_request_id

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=90)
# A task is given to another process after each death of its own: one that takes all the memory would go on killing for ever.
MOST_DEATHS = 5


class ProcessDied(Exception):
    """The processes that did a task died over it, one after the other."""


def note(task: str, arguments: Mapping[str, Any], error: BaseException) -> None:
    """Write that a task failed: the class of the fault and its place. The database may be what failed: then nothing is written."""
    facts = {
        "error": f"{type(error).__module__}.{type(error).__qualname__}"[:200],
        "place": place_of(error)[:300],
        "last_at": timezone.now(),
        "request_id": current_request_id(),
    }
    try:
        if not connection.in_atomic_block:
            # What failed may have been this very connection.
            connection.close_if_unusable_or_obsolete()
        with transaction.atomic():
            _write(task, dict(arguments), facts)
    except DatabaseError as away:
        logger.warning("the failure of %s was not kept: %s", task, type(away).__name__)


def _write(task: str, arguments: dict[str, Any], facts: dict[str, Any]) -> None:
    """Add one to what is known of it, whoever else writes it at this moment; what was restarted or given up has failed again."""
    row, is_first = TaskFailure.objects.get_or_create(
        task=task, arguments=arguments, defaults={**facts, "first_at": facts["last_at"]}
    )
    if not is_first:
        TaskFailure.objects.filter(pk=row.pk).update(
            **facts, attempts=F("attempts") + 1, state=TaskFailure.State.FAILED
        )


def count_a_death(task: str, arguments: Mapping[str, Any]) -> None:
    """Count one more time that a task is given again. Raises ProcessDied, and it is done no more, after so many times.

    It counts as « relancé » meanwhile: it may still succeed, and nobody has anything to decide.
    """
    name = f"{ProcessDied.__module__}.{ProcessDied.__qualname__}"
    facts: dict[str, Any] = {"error": name, "place": "", "last_at": timezone.now(), "request_id": current_request_id()}
    try:
        with transaction.atomic():
            row, is_first = TaskFailure.objects.select_for_update().get_or_create(
                task=task, arguments=dict(arguments),
                defaults={**facts, "first_at": facts["last_at"], "state": TaskFailure.State.RESTARTED},
            )  # fmt: skip
            row.attempts = row.attempts + 1 if row.error == name and not is_first else 1
            TaskFailure.objects.filter(pk=row.pk).update(
                **facts, attempts=row.attempts, state=TaskFailure.State.RESTARTED
            )
    except DatabaseError as away:
        logger.warning("the death over %s was not counted: %s", task, type(away).__name__)
        return
    if row.attempts >= MOST_DEATHS:
        raise ProcessDied


def forget(task: str, arguments: Mapping[str, Any]) -> None:
    """Remove what is known of a task that has just succeeded."""
    try:
        TaskFailure.objects.filter(task=task, arguments=dict(arguments)).delete()
    except DatabaseError as away:
        logger.warning("the success of %s was not kept: %s", task, type(away).__name__)


def purge_old() -> int:
    """Delete the failures that have not come back for ninety days. Returns how many."""
    return TaskFailure.objects.filter(last_at__lt=timezone.now() - KEPT_FOR).delete()[0]
