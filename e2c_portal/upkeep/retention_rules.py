"""How long the rows of this floor are kept."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from e2c_portal.kernel.retention import Fate, Rule, kept
from e2c_portal.upkeep.models import Finding, Run

RUN_KEPT_FOR, FINDING_KEPT_FOR = timedelta(days=90), timedelta(days=365)
TECHNICAL = "Sécurité (RGPD, art. 32) : retrouver quand une anomalie a paru et quand elle a été réglée."


def runs_over(limit: datetime) -> QuerySet[Run]:
    """Return the passages that ended before a moment."""
    return Run.objects.filter(ended_at__lt=limit)


def findings_closed(limit: datetime) -> QuerySet[Finding]:
    """Return the findings closed before a moment."""
    return Finding.objects.filter(closed_at__lt=limit)


RULES = (
    Rule(
        "upkeep.Run", Fate.DELETED, "Supprimé quatre-vingt-dix jours après sa fin.", TECHNICAL, counted_from="la fin du passage",
        delay=RUN_KEPT_FOR, due=runs_over,
    ),
    Rule(
        "upkeep.Finding", Fate.DELETED, "Supprimée un an après qu’elle est réglée ; elle nomme une fiche, jamais une personne.",
        TECHNICAL, counted_from="le règlement de l’anomalie", delay=FINDING_KEPT_FOR, due=findings_closed,
    ),
    kept(
        "upkeep.ErasureToNote", "Supprimé dès que l’effacement est noté hors de la base.",
        "Responsabilité (RGPD, art. 5-2) : qu’une restauration n’oublie aucun effacement. La ligne nomme des fiches, jamais une personne.",
    ),
)  # fmt: skip
