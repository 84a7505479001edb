"""What every task is called by: the id of the request that asked for it follows it, and whoever asked acts in it."""

from typing import Any

from celery import Task

from e2c_portal.kernel.acting import acting
from e2c_portal.kernel.requests import current_request_id, request_id_set
from e2c_portal.kernel.stack_room import with_room


class PortalTask(Task):
    """A task run by a worker carries on what the request began; called directly, it is part of what calls it."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        asked = getattr(self.request, "acting", None) or {}
        # A task of the timetable was asked for by no request: its own id gathers what it does.
        request_id = getattr(self.request, "request_id", None) or self.request.id or current_request_id()
        with (
            request_id_set(request_id),
            acting(actor=asked.get("actor"), link=asked.get("link"), source=f"tâche {self.name}"),
        ):
            if (self.request.delivery_info or {}).get("redelivered"):
                _given_again(str(self.name), kwargs)
            return with_room(super().__call__, *args, **kwargs)


def _given_again(name: str, arguments: dict[str, Any]) -> None:
    """Count a task that a process left, dead over it or not: what comes of it tells. Raises ProcessDied after some times."""
    from e2c_portal.kernel import failures  # noqa: PLC0415  models are loaded only now

    failures.count_a_death(name, arguments)
