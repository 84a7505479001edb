"""The tasks of documents: thin, ids only, safe to run twice."""

import gc

from celery import shared_task
from celery.signals import worker_process_init

from e2c_portal.documents import building, finishing, signing_steps, sweeping
from e2c_portal.documents.rendering import forget_styles
from e2c_portal.kernel.tasks import before_leaving


@worker_process_init.connect
def leave_what_was_loaded(**kwargs: object) -> None:
    """Keep the code loaded before the fork out of every collection: it stays as long as the process, and walking it costs."""
    gc.freeze()


@worker_process_init.connect
def finish_beside(**kwargs: object) -> None:
    """Finish one document while the next is drawn."""
    finishing.start()


# The document in hand is finished, then the temporary files of fonts go.
before_leaving(finishing.stop)
before_leaving(forget_styles)


@shared_task(name="documents.build")
def build(*, document_id: int, **kwargs: object) -> None:
    building.build(document_id)


@shared_task(name="documents.close")
def close(*, document_id: int, **kwargs: object) -> None:
    signing_steps.close(document_id)


@shared_task(name=sweeping.ORPHANS)
def delete_orphan_files(*, after: str = "", **kwargs: object) -> None:
    sweeping.delete_orphan_files(after)
