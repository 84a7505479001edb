"""The tasks of upkeep: thin, safe to run twice."""

from celery import shared_task

from e2c_portal.upkeep import incidents
from e2c_portal.upkeep.incidents_finding import clock_fault


@shared_task(name="upkeep.look_at_clock")
def look_at_clock(**kwargs: object) -> None:
    """Have a worker compare its clock with the database's: the sweeper sees only its own machine."""
    for fault in clock_fault():
        incidents.note(fault)
