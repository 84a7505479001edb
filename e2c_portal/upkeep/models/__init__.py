"""What operating the portal keeps: the nightly checks and what they found, faults, erasures to note, programs alive."""

from e2c_portal.upkeep.models.consistency import Finding, Run
from e2c_portal.upkeep.models.erasure import ErasureToNote
from e2c_portal.upkeep.models.incident import Incident, Pulse

__all__ = ["ErasureToNote", "Finding", "Incident", "Pulse", "Run"]
