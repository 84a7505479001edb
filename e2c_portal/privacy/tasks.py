"""The jobs of personal data."""

from celery import shared_task

from e2c_portal.privacy import access_files, running


@shared_task(name="privacy.retention")
def carry_out_retention(**kwargs: object) -> None:
    """Carry every rule out, a bounded number of rows: the rest goes the night after."""
    for _ in running.carry_out(batches=running.BATCHES_A_TURN):
        continue


@shared_task(name="privacy.hourly_retention")
def carry_out_hourly_retention(**kwargs: object) -> None:
    """Carry out the rules that count in minutes or hours, and delete the access files that expired."""
    for _ in running.carry_out(hourly_only=True):
        continue
    access_files.expire_old()


@shared_task(name="privacy.build_access_file")
def build_access_file(*, access_file_id: int, **kwargs: object) -> None:
    """Make one access file."""
    access_files.build(access_file_id)
