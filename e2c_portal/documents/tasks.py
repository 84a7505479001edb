"""The tasks of documents: thin, ids only, safe to run twice."""

from celery import shared_task

from e2c_portal.documents import building, signing_steps, sweeping
from e2c_portal.documents.lookups import purge_failed_lookups


@shared_task(name="documents.build")
def build(*, document_id: int, **kwargs: object) -> None:
    building.build(document_id)


@shared_task(name="documents.close")
def close(*, document_id: int, **kwargs: object) -> None:
    signing_steps.close(document_id)


@shared_task(name="documents.delete_orphan_files")
def delete_orphan_files(**kwargs: object) -> None:
    sweeping.delete_orphan_files()


@shared_task(name="documents.purge_failed_lookups")
def purge_lookups(**kwargs: object) -> None:
    purge_failed_lookups()
