"""The tasks of upkeep: thin, safe to run twice."""

from celery import shared_task

from e2c_portal.kernel.errors import Refused
from e2c_portal.upkeep import incidents
from e2c_portal.upkeep.consistency import passages
from e2c_portal.upkeep.incidents_finding import clock_fault


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


@shared_task(name="upkeep.look_at_clock")
def look_at_clock(**kwargs: object) -> None:
    """Have a worker compare its clock with the database's: the sweeper sees only its own machine."""
    for fault in clock_fault():
        incidents.note(fault)
