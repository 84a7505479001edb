"""The life of a transfer: asked by the school of today, answered once by the school that would receive the person."""

from e2c_portal.kernel.workflow import State

ASKED, ACCEPTED, REFUSED, WITHDRAWN = "asked", "accepted", "refused", "withdrawn"

STATES = {
    ASKED: State("À accepter", "L’école d’accueil n’a pas encore répondu.", "warning"),
    ACCEPTED: State("Accepté", "La personne est désormais stagiaire de l’école d’accueil.", "success"),
    REFUSED: State("Refusé", "L’école d’accueil a répondu non, et dit pourquoi.", "danger"),
    WITHDRAWN: State("Retiré", "L’école qui l’avait demandé y a renoncé.", "neutral"),
}
PAIRS = [(ASKED, ACCEPTED), (ASKED, REFUSED), (ASKED, WITHDRAWN)]
