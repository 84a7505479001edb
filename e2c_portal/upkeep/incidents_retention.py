"""How long incidents are kept."""

from e2c_portal.kernel.retention import Fate, Rule, kept
from e2c_portal.upkeep import incidents

RULES = (
    Rule(
        "upkeep.Incident", Fate.DELETED, "Supprimée un an après sa fin.",
        "Exploitation du portail : comparer une année à l’autre. La ligne ne nomme personne.",
        counted_from="la fin de la panne", delay=incidents.KEPT_FOR, due=incidents.ended_before,
    ),
    kept(
        "upkeep.Pulse", "Conservée : une ligne par veilleur ou processus, récrite ou supprimée par lui.",
        "Exploitation du portail. La ligne ne nomme personne.",
    ),
)  # fmt: skip
