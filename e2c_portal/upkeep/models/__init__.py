"""What operating the portal keeps: the nightly checks and what they found."""

from e2c_portal.upkeep.models.consistency import Finding, Run

__all__ = ["Finding", "Run"]
