"""How long the trail is kept: with its record at the longest, and for the time the Région sets."""

from datetime import datetime

from django.db.models import Q, QuerySet

from e2c_portal.audit.models import Change, Entry
from e2c_portal.kernel.retention import SUBJECT, Fate, Rule


def accesses_before(limit: datetime) -> QuerySet[Entry]:
    """Return the traces of readings and exports made before a moment: what tells a change stays with its record."""
    access = Q(action="export") | Q(action__endswith="read") | Q(action__endswith="downloaded")
    return Entry.objects.filter(access, at__lt=limit)


def changes_before(limit: datetime) -> QuerySet[Change]:
    """Return the changes made before a moment."""
    return Change.objects.filter(at__lt=limit)


LOGS = "Journalisation : recommandation de la CNIL d’octobre 2021, six à douze mois, trois ans si le contrôle interne l’exige."
RULES = (
    Rule(
        "audit.Entry", Fate.DELETED,
        "La trace d’un changement part avec la fiche dont elle parle ; celle d’une lecture ou d’un export, après la durée que fixe la "
        "Région. Le nom d’une personne effacée est retiré des autres traces.",
        LOGS, follows=(SUBJECT,), counted_from="la lecture ou l’export", to_be_set=True, due=accesses_before,
        mentions=("summary", "detail"),
    ),
    Rule(
        "audit.Change", Fate.DELETED,
        "L’historique d’une fiche part avec elle, celui de ses lignes retirées compris, et au plus tard après la durée que fixe la "
        "Région. Le nom d’une personne effacée est retiré de l’historique des autres fiches.",
        LOGS, follows=(SUBJECT,), counted_from="le changement", to_be_set=True, due=changes_before,
        mentions=("before", "after", "reason"),
    ),
)  # fmt: skip
