"""The life of a registration to the Assises, as one table.

Attended and absent are never typed: they follow from the scans of the day (reads.attendance).
"""

from assises.permissions import AssisesPermission
from e2c_portal.kernel.workflow import Move, State, Workflow

ASKED, WAITING, OFFERED, CONFIRMED = "asked", "waiting", "offered", "confirmed"
CANCELLED, REFUSED, EXPIRED = "cancelled", "refused", "expired"

STATES = {
    ASKED: State("Demandée", "La Région doit l’accepter.", "info"),
    WAITING: State("Sur liste d’attente", "Une place sera proposée dès qu’elle se libère, dans l’ordre de la liste.", "warning"),
    OFFERED: State("Place proposée", "La place est gardée jusqu’à l’heure dite : il faut l’accepter.", "progress"),
    CONFIRMED: State("Inscrite", "La place est prise.", "success"),
    CANCELLED: State("Annulée", "La place a été rendue.", "neutral"),
    REFUSED: State("Refusée", "La Région ne l’a pas acceptée.", "danger"),
    EXPIRED: State("Proposition échue", "La place proposée n’a pas été acceptée à temps.", "neutral"),
}  # fmt: skip
# One person has one of these at a time in an edition.
ACTIVE = (ASKED, WAITING, OFFERED, CONFIRMED)
# An offer keeps the place it offers.
HOLDING_A_PLACE = (OFFERED, CONFIRMED)

MANAGE = AssisesPermission.MANAGE_REGISTRATIONS
CHANGE = AssisesPermission.CHANGE_REGISTRATION
REGISTRATION_LIFE = Workflow(
    name="inscription aux Assises",
    initial=ASKED,
    states=STATES,
    moves=(
        Move("confirm", "Inscrire", CONFIRMED, frozenset({ASKED, WAITING}), MANAGE,
             consequence="La place est prise, et la personne reçoit sa confirmation."),
        Move("wait", "Mettre sur liste d’attente", WAITING, frozenset({ASKED}), MANAGE),
        Move("offer", "Proposer une place", OFFERED, frozenset({WAITING}), MANAGE,
             consequence="La place est gardée le temps prévu ; la personne reçoit un message pour l’accepter."),
        Move("accept", "Accepter la place", CONFIRMED, frozenset({OFFERED}), CHANGE),
        Move("expire", "Laisser échoir", EXPIRED, frozenset({OFFERED}), MANAGE),
        Move("refuse", "Refuser", REFUSED, frozenset({ASKED}), MANAGE, needs_reason=True,
             consequence="La personne est prévenue, avec ce motif."),
        Move("cancel", "Annuler l’inscription", CANCELLED, frozenset(ACTIVE), CHANGE,
             consequence="La place est rendue et proposée à la personne suivante."),
    ),
)  # fmt: skip
