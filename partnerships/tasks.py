"""The tasks of partnerships: thin, ids only, safe to run twice."""

from celery import shared_task

from partnerships.operations import reminding, sirene_applying, sirene_reading


@shared_task(name="partnerships.remind")
def remind(**kwargs: object) -> None:
    reminding.remind_of_deadlines()
    reminding.remind_of_actions()


@shared_task(name="partnerships.read_sirene")
def read_sirene(*, import_id: int, **kwargs: object) -> None:
    sirene_reading.read_extract(import_id)


@shared_task(name="partnerships.apply_sirene")
def apply_sirene(*, import_id: int, **kwargs: object) -> None:
    sirene_applying.apply_extract(import_id)
