"""How long the Assises are kept. A new model of this app adds its rule here: the house test names it until then."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from assises.models import LinkRequest
from e2c_portal.kernel.retention import Fate, Rule, following, kept

EVENT = "Événement public de la Région (RGPD, art. 6-1-e : mission d’intérêt public)."
ASKED = "Répondre à la demande de la personne, puis l’oublier (RGPD, art. 5-1-e)."
REQUEST_KEPT_FOR = timedelta(days=1)


def requests_before(limit: datetime) -> QuerySet[LinkRequest]:
    """Return the addresses typed on the public page before a moment."""
    return LinkRequest.objects.filter(at__lt=limit)


RULES = (
    kept("assises.Edition", "Conservée : elle ne nomme que son contact.", EVENT),
    *following(
        EVENT, assises__EditionMove="edition", assises__Quota="edition", assises__Room="edition", assises__Session="edition",
        assises__ProgrammeVersion="edition",
    ),
    Rule(
        "assises.LinkRequest", Fate.DELETED, "Supprimée une fois le lien envoyé, un jour après au plus.", ASKED,
        counted_from="la demande", delay=REQUEST_KEPT_FOR, due=requests_before, hourly=True,
        purge=lambda held: requests_before(timezone.now() - REQUEST_KEPT_FOR).delete()[0],
    ),
)  # fmt: skip
