"""How long the Assises are kept. A new model of this app adds its rule here: the house test names it until then."""

from e2c_portal.kernel.retention import following, kept

EVENT = "Événement public de la Région (RGPD, art. 6-1-e : mission d’intérêt public)."
RULES = (
    kept("assises.Edition", "Conservée : elle ne nomme que son contact.", EVENT),
    *following(
        EVENT, assises__EditionMove="edition", assises__Quota="edition", assises__Room="edition", assises__Session="edition",
        assises__ProgrammeVersion="edition",
    ),
)  # fmt: skip
