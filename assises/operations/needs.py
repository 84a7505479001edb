"""Keep the trace of whoever read what somebody needs in order to come: it may tell of their health."""

from assises.models import Registration
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record


def trace_needs_read(row: Registration, actor: User) -> None:
    """Write who read the needs of a registration; nothing when it has none."""
    if row.access_needs:
        record(actor, "registration.needs_read", row, "Besoins pour venir consultés")
