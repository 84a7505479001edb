"""The tasks of the imports of trainees."""

from celery import shared_task

from trainees.operations import import_applying, import_checking, import_undoing


@shared_task(name="trainees.check_import")
def check_import(*, import_id: int, **kwargs: object) -> None:
    import_checking.check_import(import_id)


@shared_task(name="trainees.apply_import")
def apply_import(*, import_id: int, **kwargs: object) -> None:
    import_applying.apply_import(import_id)


@shared_task(name="trainees.undo_import")
def undo_import(*, import_id: int, **kwargs: object) -> None:
    import_undoing.undo_import(import_id)
