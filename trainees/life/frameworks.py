"""The life of a version of a framework of skills (référentiel): prepared, then in force, then closed by a later one."""

from e2c_portal.kernel.workflow import State

DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"

STATES = {
    DRAFT: State("Brouillon", "Il se complète encore ; personne ne s’en sert.", "info"),
    PUBLISHED: State("En vigueur", "Les stages et les évaluations s’en servent. Son texte ne change plus.", "success"),
    RETIRED: State("Fermé", "Il ne sert plus à de nouvelles évaluations ; les anciennes le gardent.", "neutral"),
}
PAIRS = [(DRAFT, PUBLISHED), (PUBLISHED, RETIRED)]
