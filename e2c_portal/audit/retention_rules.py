"""How long the trail is kept."""

from e2c_portal.kernel.retention import SUBJECT, follows

RULES = (
    follows(
        "audit.Entry", SUBJECT, rule="Avec la fiche dont elle parle ; le nom d’une personne effacée en est retiré ailleurs.",
        basis="Journal des accès et des changements : recommandation de la CNIL d’octobre 2021 sur la journalisation.",
        mentions=("summary", "detail"),
    ),
)  # fmt: skip
