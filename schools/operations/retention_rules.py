"""How long the network and those who work in it are kept."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from e2c_portal.kernel.retention import Fate, Rule, kept
from schools.models import Membership

MEMBERSHIP_KEPT_FOR = timedelta(days=5 * 365)
PUBLIC = "Données publiques d’une personne morale."


def memberships_over(limit: datetime) -> QuerySet[Membership]:
    """Return the memberships that ended before a day."""
    return Membership.objects.filter(ends_on__lt=timezone.localdate(limit))


RULES = (
    kept("schools.Network", "Conservé.", PUBLIC),
    kept("schools.School", "Conservée.", PUBLIC),
    kept("schools.Site", "Conservé.", PUBLIC),
    Rule(
        "schools.Membership", Fate.DELETED, "Supprimée cinq ans après sa fin.",
        "Savoir qui a agi pour une école, aussi longtemps que les conventions de stage sont conservées.",
        counted_from="la fin de l’appartenance", delay=MEMBERSHIP_KEPT_FOR, due=memberships_over,
    ),
)  # fmt: skip
