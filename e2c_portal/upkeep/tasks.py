"""The jobs of operating the portal."""

from celery import shared_task

from e2c_portal.kernel.errors import Refused
from e2c_portal.upkeep.consistency import passages


@shared_task(name="upkeep.check_consistency")
def check_consistency(**kwargs: object) -> None:
    """Begin the checks of the night, unless some are under way."""
    try:
        passages.ask(None)
    except Refused:
        return


@shared_task(name="upkeep.consistency_turn")
def consistency_turn(*, run_id: int, **kwargs: object) -> None:
    """Carry on with the checks for a while."""
    passages.take_turn(run_id)
