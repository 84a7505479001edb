"""What every task carries and leaves: the request id handed from its job to its logs, a row when it ends in a fault, no file."""

from collections.abc import Callable
from typing import Any

from celery import shared_task, signals

from e2c_portal.kernel import failures, requests, worker_rooms


@signals.worker_process_init.connect
def have_a_room(**kwargs: object) -> None:
    """Give each process of a worker its own temporary folder, and sweep those of the dead: it may replace one of them."""
    worker_rooms.move_in()


_farewells: list[Callable[[], None]] = []


def before_leaving(farewell: Callable[[], None]) -> None:
    """Have something done when a process of a worker ends in order: it ends without Python's usual farewells."""
    _farewells.append(farewell)


@signals.worker_process_shutdown.connect
def leave_in_order(**kwargs: object) -> None:
    """Do what is left to do, then give the temporary folder back: what is left to do may still write there."""
    for farewell in _farewells:
        farewell()
    worker_rooms.move_out()


@shared_task(name="kernel.sweep_worker_rooms")
def sweep_worker_rooms(**kwargs: object) -> None:
    """Sweep once a night, for the workers that died and that nothing replaced."""
    worker_rooms.sweep()


@signals.task_prerun.connect
def carry_request_id(task: Any = None, task_id: str = "", **kwargs: object) -> None:
    requests._request_id.set(getattr(task.request, "request_id", None) or "-")
    requests._task.set(requests.Task(str(getattr(task, "name", "")), str(task_id)))


@signals.task_postrun.connect
def put_down(**kwargs: object) -> None:
    requests._task.set(None)


@signals.task_failure.connect
def note_failure(sender: Any = None, exception: Any = None, kwargs: Any = None, **more: object) -> None:
    """Keep what failed for good: a task that tries again by itself is not told here (autoretry raises Retry)."""
    if exception is not None and _is_ours(sender):
        failures.note(sender.name, kwargs or {}, exception)


@signals.task_success.connect
def forget_failure(sender: Any = None, **more: object) -> None:
    if _is_ours(sender):
        failures.forget(sender.name, sender.request.kwargs or {})


def _is_ours(task: Any) -> bool:
    return bool(task is not None and not task.name.startswith("celery."))
