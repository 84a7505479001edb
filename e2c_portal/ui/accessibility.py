"""The state of accessibility that French law wants at the foot of every page (decree 2019-768, art. 5)."""

from django.conf import settings

STATES = {"non": "non conforme", "partielle": "partiellement conforme", "totale": "totalement conforme"}


def accessibility_words() -> str:
    """Return the mention of the footer."""
    return f"Accessibilité : {STATES.get(settings.LEGAL_ACCESSIBILITY_STATE, STATES['non'])}"
