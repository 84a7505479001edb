"""How long incidents, and the signs of life of programs, are kept."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from e2c_portal.kernel.retention import Fate, Rule
from e2c_portal.upkeep import incidents
from e2c_portal.upkeep.incidents_web import OF_PAGES
from e2c_portal.upkeep.models import Pulse

SILENT_FOR = timedelta(days=7)


def silent_since(limit: datetime) -> QuerySet[Pulse]:
    """Return the processes of the pages that gave no sign since a moment: killed with a machine that nothing replaced."""
    return Pulse.objects.filter(watcher__startswith=OF_PAGES, at__lt=limit)


RULES = (
    Rule(
        "upkeep.Incident", Fate.DELETED, "Supprimée un an après sa fin.",
        "Exploitation du portail : comparer une année à l’autre. La ligne ne nomme personne.",
        counted_from="la fin de la panne", delay=incidents.KEPT_FOR, due=incidents.ended_before,
    ),
    Rule(
        "upkeep.Pulse", Fate.DELETED,
        "Celle d’un processus des pages est supprimée par lui, ou sept jours après son dernier signe ; celle d’un veilleur est récrite par lui.",
        "Exploitation du portail. La ligne ne nomme personne.",
        counted_from="le dernier signe", delay=SILENT_FOR, due=silent_since,
    ),
)  # fmt: skip
