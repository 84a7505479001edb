"""What operating the portal keeps: the nightly checks and what they found, the faults, and which programs are alive."""

from e2c_portal.upkeep.models.consistency import Finding, Run
from e2c_portal.upkeep.models.incident import Incident, Pulse

__all__ = ["Finding", "Incident", "Pulse", "Run"]
