"""How long documents are kept: as long as the record they speak of."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from e2c_portal.documents import lookups
from e2c_portal.documents.models import Batch, FailedLookup, QuarantinedFile, Status
from e2c_portal.kernel.retention import SUBJECT, Fate, Rule, follows

BATCH_KEPT_FOR = timedelta(days=30)
QUARANTINED_FOR = timedelta(days=30)
WITH_SUBJECT = "Pièce de la fiche dont il parle : même fondement, même durée."


def failed_before(limit: datetime) -> QuerySet[FailedLookup]:
    """Return the wrong codes typed before a moment."""
    return FailedLookup.objects.filter(at__lt=limit)


def batches_over(limit: datetime) -> QuerySet[Batch]:
    """Return the batches asked for before a moment, of which nothing is under way."""
    open_ones = Batch.objects.filter(
        documents__status__in=[Status.QUEUED, Status.BUILDING, Status.CLOSING, Status.READY]
    )
    return Batch.objects.filter(requested_at__lt=limit).exclude(pk__in=open_ones)


def set_apart_before(limit: datetime) -> QuerySet[QuarantinedFile]:
    """Return the files that the antivirus set apart before a moment."""
    return QuarantinedFile.objects.filter(at__lt=limit)


RULES = (
    follows(
        "documents.Document", SUBJECT, basis=WITH_SUBJECT,
        rule="Avec la fiche dont il parle, fichier compris ; jamais autrement, ni pendant un gel.",
    ),
    follows("documents.Revision", "document", basis=WITH_SUBJECT),
    Rule(
        "documents.Batch", Fate.DELETED, "Supprimée trente jours après la demande, une fois terminée.",
        "Minimisation (RGPD, art. 5-1-e) : le suivi ne sert plus.", counted_from="la demande", delay=BATCH_KEPT_FOR, due=batches_over,
    ),
    follows("documents.BatchItem", "batch", "document", basis="Ligne d’une fabrication groupée.", mentions=("label", "refusal")),
    Rule(
        "documents.FailedLookup", Fate.DELETED, "Supprimé après quinze minutes.", "Sécurité : compter les essais d’un même visiteur.",
        counted_from="l’essai", delay=lookups.WINDOW, due=failed_before, hourly=True,
        purge=lambda held: lookups.purge_failed_lookups(),
    ),
    Rule(
        "documents.QuarantinedFile", Fate.DELETED, "Détruit, fichier compris, trente jours après sa mise à l’écart.",
        "Sécurité (RGPD, art. 32) : le temps de comprendre d’où il vient.",
        counted_from="la mise à l’écart", delay=QUARANTINED_FOR, due=set_apart_before,
    ),
)  # fmt: skip
