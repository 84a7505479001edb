"""What the portal remembers of its own life."""

from e2c_portal.upkeep.models.incident import Incident, Pulse

__all__ = ["Incident", "Pulse"]
