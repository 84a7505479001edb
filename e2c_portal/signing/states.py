"""The states of envelopes and signatories as people read them."""

from collections.abc import Mapping

from e2c_portal.kernel.workflow import State
from e2c_portal.signing.models import Envelope, EnvelopeStatus, Signatory, SignatoryStatus

ENVELOPE_STATES: Mapping[str, State] = {
    EnvelopeStatus.PREPARING: State(
        "En préparation", "Le document se fabrique ; les invitations partent ensuite toutes seules.", "progress"
    ),
    EnvelopeStatus.OPEN: State("En signature", "Le document attend des signatures.", "info"),
    EnvelopeStatus.COMPLETED: State("Signé par tous", "Le document est signé et scellé.", "success"),
    EnvelopeStatus.REFUSED: State("Refusé", "Une personne a refusé de signer.", "danger"),
    EnvelopeStatus.VOIDED: State("Annulé", "Cette version ne se signe plus.", "neutral"),
    EnvelopeStatus.EXPIRED: State(
        "Délai dépassé", "La date limite est passée avant toutes les signatures : prolongez, ou annulez.", "warning"
    ),
}
SEALING = State("Cachet en cours", "Tout le monde a signé ; le cachet de la Région ferme le document.", "progress")
SIGNATORY_STATES: Mapping[str, State] = {
    SignatoryStatus.WAITING: State("Pas encore son tour", "Une autre personne signe avant.", "neutral"),
    SignatoryStatus.INVITED: State("Signature attendue", "Cette personne peut signer dès maintenant.", "info"),
    SignatoryStatus.TO_CHECK: State("Papier à contrôler", "Une seconde personne doit contrôler le papier.", "warning"),
    SignatoryStatus.SIGNED: State("Signé", "La signature est enregistrée.", "success"),
    SignatoryStatus.REFUSED: State("Refusé", "Cette personne a refusé de signer.", "danger"),
    SignatoryStatus.REPLACED: State("Remplacé", "Une autre personne signe à sa place.", "neutral"),
    SignatoryStatus.VOID: State("Sans objet", "La signature n’est plus demandée.", "neutral"),
}


def envelope_state(envelope: Envelope) -> State:
    """Return the state of an envelope as people read it."""
    if envelope.is_open and envelope.document.status == "closing":
        return SEALING
    return ENVELOPE_STATES[envelope.status]


def signatory_state(signatory: Signatory) -> State:
    """Return the state of a signatory as people read it."""
    return SIGNATORY_STATES[signatory.status]
