"""The life of an assessment by a company (évaluation en entreprise), as one table (domain dossier, sections 2 and 7.2).

What was sent never changes again: a correction is the next version, asked by the school or begun by the tutor.
"""

from e2c_portal.kernel.workflow import State

OPEN, SUBMITTED, RETURNED, VALIDATED, SUPERSEDED, CANCELLED = (
    "open", "submitted", "returned", "validated", "superseded", "cancelled",
)  # fmt: skip
# The versions that say what the company thinks today, and those that wait for somebody.
SENT = (SUBMITTED, RETURNED, VALIDATED)
TO_DECIDE = (SUBMITTED, RETURNED)

STATES = {
    OPEN: State("À remplir", "L’entreprise n’a pas encore envoyé son évaluation.", "info"),
    SUBMITTED: State("Remise", "L’entreprise l’a envoyée ; le stagiaire la lit, puis l’école décide.", "warning"),
    RETURNED: State("Renvoyée", "L’école a posé une question à l’entreprise.", "warning"),
    VALIDATED: State("Validée", "L’école a décidé des compétences acquises.", "success"),
    SUPERSEDED: State("Remplacée", "Une version plus récente la remplace ; celle-ci est gardée.", "neutral"),
    CANCELLED: State("Sans objet", "Personne ne la remplira ; le motif est gardé.", "neutral"),
}
# From, to. Who does each: the tutor sends and replaces; the school returns, validates, gives up.
PAIRS = [
    (OPEN, SUBMITTED),
    (OPEN, CANCELLED),
    (SUBMITTED, RETURNED),
    (SUBMITTED, VALIDATED),
    (SUBMITTED, SUPERSEDED),
    (RETURNED, VALIDATED),
    (RETURNED, SUPERSEDED),
]
