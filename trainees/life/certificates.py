"""The life of an attestation of acquired skills (attestation de compétences acquises): never deleted (domain dossier, 7.2)."""

from e2c_portal.kernel.workflow import State

ISSUED, SUPERSEDED, REVOKED = "issued", "superseded", "revoked"

STATES = {
    ISSUED: State("Émise", "Elle vaut ; chacun peut la vérifier.", "success"),
    SUPERSEDED: State("Remplacée", "Une attestation plus récente la remplace.", "neutral"),
    REVOKED: State("Révoquée", "Elle ne vaut plus ; la page de vérification dit pourquoi.", "danger"),
}
PAIRS = [(ISSUED, SUPERSEDED), (ISSUED, REVOKED), (SUPERSEDED, REVOKED)]

# What the trainee may let the page of verification show, beside the number, the state and the dates. Nothing by default.
NAME, HOURS, SKILLS, COMPANIES = "name", "hours", "skills", "companies"
PARTS = {
    NAME: "Le nom",
    HOURS: "Les heures à l’école et en entreprise",
    SKILLS: "Les compétences et leur niveau",
    COMPANIES: "Les entreprises où elles ont été vues",
}
