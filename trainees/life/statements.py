"""The life of a monthly attendance statement (état mensuel), as one table (domain dossier, section 7.2).

A version once frozen never changes again. A mistake is corrected by opening the next version, with a reason; once that one is
frozen, the former is « rectifié ».
"""

from e2c_portal.kernel.workflow import Move, State, Workflow
from trainees.permissions import TraineePermission

OPEN, FROZEN, SENT, SUPERSEDED = "open", "frozen", "sent", "superseded"
SETTLED = (FROZEN, SENT)

STATES = {
    OPEN: State("Ouvert", "Les présences du mois se notent encore.", "info"),
    FROZEN: State("Figé", "Les présences du mois ne changent plus.", "success"),
    SENT: State("Transmis", "L’état a été transmis au financeur.", "success"),
    SUPERSEDED: State("Rectifié", "Une version plus récente le remplace ; celle-ci est gardée.", "neutral"),
}


def _move(name: str, label: str, origins: tuple[str, ...], target: str, consequence: str) -> Move:
    return Move(
        name, label, target, frozenset(origins), TraineePermission.FREEZE_ATTENDANCE, consequence=consequence
    )  # fmt: skip


STATEMENT_LIFE = Workflow(
    name="état mensuel de présence",
    initial=OPEN,
    states=STATES,
    moves=(
        _move("freeze", "Figer le mois", (OPEN,), FROZEN,
              "Plus aucune présence du mois ne change, et l’état est scellé. Une erreur se corrige par une nouvelle version."),
        _move("send", "Noter la transmission", (FROZEN,), SENT, "La date de transmission est gardée."),
        _move("supersede", "Remplacer par la nouvelle version", (FROZEN, SENT), SUPERSEDED, "La nouvelle version fait foi."),
    ),
)  # fmt: skip
