"""How long the rows of this floor are kept."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from e2c_portal.kernel.retention import SUBJECT, Fate, Rule, follows, kept
from e2c_portal.privacy.models import AccessFile

ROW_KEPT_FOR = timedelta(days=365)
PROOF = "Responsabilité (RGPD, art. 5-2) : prouver ce qui a été répondu et décidé."


def files_over(limit: datetime) -> QuerySet[AccessFile]:
    """Return the access files asked for before a moment."""
    return AccessFile.objects.filter(asked_at__lt=limit, file="").exclude(status__in=AccessFile.UNDER_WAY)


def purge_rows(held: Collection[str]) -> int:
    """Delete the rows of the files that expired long ago. Returns how many."""
    return files_over(timezone.now() - ROW_KEPT_FOR).delete()[0]


RULES = (
    kept("privacy.LegalHold", "Conservé : il nomme un enregistrement, jamais une personne.", PROOF),
    follows("privacy.ErasureNotice", SUBJECT, basis=PROOF, rule="Avec le dossier qu’il annonce."),
    Rule(
        "privacy.AccessFile", Fate.DELETED, "Le fichier est supprimé après sept jours, la ligne après un an.", PROOF, follows=(SUBJECT,),
        counted_from="la demande", delay=ROW_KEPT_FOR, due=files_over, purge=purge_rows,
    ),
)  # fmt: skip
