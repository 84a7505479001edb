"""The states of a document as people read them."""

from collections.abc import Mapping

from e2c_portal.documents.models import Status
from e2c_portal.kernel.workflow import State

STATES: Mapping[str, State] = {
    Status.QUEUED: State("En attente", "Le document est en file : sa fabrication commence dans un instant.", "neutral"),
    Status.BUILDING: State("En fabrication", "Le document est mis en page, scellé puis vérifié.", "progress"),
    Status.READY: State("Prêt à signer", "Le document attend ses signatures ; son texte ne peut plus changer.", "info"),
    Status.CLOSING: State(
        "Cachet en cours", "Toutes les signatures sont là : le cachet de la Région ferme le document.", "progress"
    ),
    Status.SEALED: State("Scellé", "Le document est scellé et peut être téléchargé.", "success"),
    Status.FAILED: State("En échec", "La fabrication s’est arrêtée.", "danger"),
    Status.ABANDONED: State(
        "Remplacé", "Une demande plus récente a remplacé celle-ci avant que le document soit scellé.", "neutral"
    ),
}
REFUSED = State("Refusé", "Ce document n’a pas été demandé.", "warning")


def state_named(status: str) -> State:
    """Return the state of that status as people read it."""
    return STATES[status]
