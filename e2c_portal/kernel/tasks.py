"""The kernel's own timed tasks, and the request id handed from the job to its logs."""

from celery import signals

from e2c_portal.kernel import requests


@signals.task_prerun.connect
def carry_request_id(task=None, **kwargs: object) -> None:
    requests._request_id.set(getattr(task.request, "request_id", None) or "-")
