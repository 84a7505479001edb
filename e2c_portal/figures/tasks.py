"""The jobs of the figures."""

from celery import shared_task

from e2c_portal.figures import refreshing


@shared_task(name="figures.count_daily")
def count_daily(**kwargs: object) -> None:
    """Count everything again when the day has changed: what was to come yesterday may have begun."""
    refreshing.count_daily()
