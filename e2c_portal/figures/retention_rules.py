"""How long what the figures keep is kept: numbers alone, about nobody."""

from e2c_portal.kernel.retention import kept

STATISTICS = "Statistiques (RGPD, art. 89) : des nombres, sans personne."
RULES = (
    kept("figures.FigureCell", "Récrit à chaque comptage d’après les lignes.", STATISTICS),
    kept("figures.FigureChange", "Supprimé dès que l’école est recomptée.", "Une marque technique : aucune donnée de personne."),
    kept("figures.FigureCount", "Une seule ligne, récrite à chaque comptage.", "Aucune donnée de personne."),
    kept("figures.ErasedCount", "Conservé : ce que des dossiers effacés comptent encore, par école et par année.", STATISTICS),
    kept("figures.ErasedHost", "Conservé : un établissement, une école, une année.", STATISTICS),
    kept("figures.PublishedYear", "Conservé : des nombres publiés, les petits masqués.", STATISTICS),
)  # fmt: skip
