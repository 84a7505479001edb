"""The tasks of signatures: thin, ids only, safe to run twice."""

from celery import shared_task

from e2c_portal.signing import roots
from e2c_portal.signing.operations import applying, reminding


@shared_task(name="signing.apply")
def apply(*, envelope_id: int, **kwargs: object) -> None:
    applying.apply(envelope_id)


@shared_task(name="signing.remind")
def remind(**kwargs: object) -> None:
    reminding.remind_signatories()
    reminding.warn_followers()


@shared_task(name="signing.note_root")
def note_root(**kwargs: object) -> None:
    """Note the root of yesterday and have it stamped; asked for every hour and done once."""
    roots.note_root()
    roots.stamp_roots()


@shared_task(name="signing.check_roots")
def check_roots(**kwargs: object) -> None:
    """Read the daily roots and their stamps again; whoever watches is told of what no longer holds."""
    roots.check_roots()
