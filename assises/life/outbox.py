"""The life of a message that the Région writes to registered people."""

from e2c_portal.kernel.workflow import State

DRAFT, PLANNED, SENDING, SENT, CANCELLED = "draft", "planned", "sending", "sent", "cancelled"
STATES = {
    DRAFT: State("En préparation", "Rien ne part tant que vous ne l’envoyez pas.", "info"),
    PLANNED: State("Prévu", "Il partira au moment dit, aux personnes qui répondront alors à ces choix.", "progress"),
    SENDING: State("Envoi en cours", "Les messages partent par petits paquets.", "progress"),
    SENT: State("Envoyé", "Chaque personne a son message, ou le motif pour lequel elle ne l’a pas.", "success"),
    CANCELLED: State("Annulé", "Rien ne part plus.", "neutral"),
}
LIFE = [
    (DRAFT, PLANNED), (DRAFT, SENDING), (DRAFT, CANCELLED), (PLANNED, SENDING), (PLANNED, CANCELLED),
    (SENDING, SENT), (SENDING, CANCELLED),
]  # fmt: skip
CANCELLABLE = (DRAFT, PLANNED, SENDING)
# Messages to people leave between these hours of Paris.
EARLIEST_HOUR, LATEST_HOUR = 8, 20
