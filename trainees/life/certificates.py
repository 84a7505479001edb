"""The life of an attestation of acquired skills (attestation de compétences acquises): never deleted (domain dossier, 7.2)."""

from e2c_portal.kernel.workflow import State

ISSUED, SUPERSEDED, REVOKED = "issued", "superseded", "revoked"

STATES = {
    ISSUED: State("Émise", "Elle vaut ; chacun peut la vérifier.", "success"),
    SUPERSEDED: State("Remplacée", "Une attestation plus récente la remplace.", "neutral"),
    REVOKED: State("Révoquée", "Elle ne vaut plus ; la page de vérification dit pourquoi.", "danger"),
}
PAIRS = [(ISSUED, SUPERSEDED), (ISSUED, REVOKED), (SUPERSEDED, REVOKED)]
