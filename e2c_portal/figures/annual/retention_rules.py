"""How long the reports are kept."""

from e2c_portal.kernel.retention import kept

GROUND = "Archive publique : des chiffres publiés, sans personne."
RULES = (
    kept("figures.AnnualReport", "Conservé : un rapport publié ne change plus et ne nomme aucun particulier.", GROUND),
    kept("figures.AnnualReportDraft", "Conservée : l’introduction publique d’un rapport.", GROUND),
)
