"""The kernel's own timed tasks, and the request id handed from the job to its logs."""

from celery import shared_task, signals

from e2c_portal.kernel import jobs, requests, submissions


@shared_task(name="kernel.purge_published_jobs")
def purge_published_jobs(**kwargs: object) -> None:
    jobs.purge_published()


@shared_task(name="kernel.purge_submissions")
def purge_submissions(**kwargs: object) -> None:
    submissions.purge_old()


@signals.task_prerun.connect
def carry_request_id(task=None, **kwargs: object) -> None:
    requests._request_id.set(getattr(task.request, "request_id", None) or "-")
