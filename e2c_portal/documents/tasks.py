"""The tasks of documents: thin, ids only, safe to run twice."""

from celery import shared_task

from e2c_portal.documents import building, signing_steps, sweeping


@shared_task(name="documents.build")
def build(*, document_id: int, **kwargs: object) -> None:
    building.build(document_id)


@shared_task(name="documents.close")
def close(*, document_id: int, **kwargs: object) -> None:
    signing_steps.close(document_id)


@shared_task(name="documents.delete_orphan_files")
def delete_orphan_files(**kwargs: object) -> None:
    sweeping.delete_orphan_files()
