"""The life of an application (candidature): where it stands, and what may follow (domain dossier, section 7.2)."""

from e2c_portal.kernel.workflow import State

RECEIVED, MEETING, INTERVIEW, ADMITTED, REFUSED, DROPPED = (
    "received", "meeting", "interview", "admitted", "refused", "dropped",
)  # fmt: skip
WAITING = (RECEIVED, MEETING, INTERVIEW)
DECIDED = (ADMITTED, REFUSED, DROPPED)

STATES = {
    RECEIVED: State("Reçue", "La candidature est arrivée.", "info"),
    MEETING: State("Réunion d’information", "La personne est invitée à une réunion d’information.", "progress"),
    INTERVIEW: State("Entretien", "La personne est reçue en entretien.", "progress"),
    ADMITTED: State("Admise", "L’école admet la personne : un parcours peut s’ouvrir.", "success"),
    REFUSED: State("Refusée", "L’école n’admet pas la personne, et dit pourquoi.", "danger"),
    DROPPED: State("Sans suite", "La personne n’a pas donné suite.", "neutral"),
}

# A meeting or an interview may be skipped; what is decided stays decided, another application follows it.
NEXT: dict[str, tuple[str, ...]] = {
    RECEIVED: (MEETING, INTERVIEW, *DECIDED),
    MEETING: (INTERVIEW, *DECIDED),
    INTERVIEW: DECIDED,
    ADMITTED: (),
    REFUSED: (),
    DROPPED: (),
}


def pairs() -> list[tuple[str, str]]:
    """Return every legal (origin, target): the database's guard is made of it."""
    return sorted((origin, target) for origin, targets in NEXT.items() for target in targets)
