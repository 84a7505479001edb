"""How long personal links are kept."""

from datetime import datetime

from django.db.models import Q, QuerySet

from e2c_portal.kernel.retention import SUBJECT, Fate, Rule, follows
from e2c_portal.links import attempts, retention
from e2c_portal.links.models import Attempt, LinkVisit, LostLinkRequest, PersonalLink

LINK_BASIS = "Savoir qui a pu ouvrir quoi (RGPD, art. 32), un an après la fin de validité."
SHORT = "Sécurité des liens (RGPD, art. 32) : le temps de compter les essais."


def attempts_before(limit: datetime) -> QuerySet[Attempt]:
    """Return what visitors tried before a moment."""
    return Attempt.objects.filter(at__lt=limit)


def visits_before(limit: datetime) -> QuerySet[LinkVisit]:
    """Return the visits last seen before a moment."""
    return LinkVisit.objects.filter(last_seen_at__lt=limit)


def asked_before(limit: datetime) -> QuerySet[LostLinkRequest]:
    """Return the addresses typed before a moment."""
    return LostLinkRequest.objects.filter(at__lt=limit)


def links_over(limit: datetime) -> QuerySet[PersonalLink]:
    """Return the links that could no longer be opened before a moment."""
    return PersonalLink.objects.filter(Q(expires_at__lt=limit) | Q(issued_at=None, prepared_at__lt=limit))


RULES = (
    Rule(
        "links.PersonalLink", Fate.DELETED, "Supprimé un an après sa fin de validité, ou avec la fiche qu’il ouvre.", LINK_BASIS,
        follows=(SUBJECT,), counted_from="la fin de validité", delay=retention.LINK_KEPT_FOR, due=links_over,
        purge=retention.purge_links, mentions=("holder_label", "revoked_reason"),
    ),
    follows("links.LinkToken", "link", basis=LINK_BASIS, rule="Avec son lien : une empreinte, jamais le jeton."),
    Rule(
        "links.LinkVisit", Fate.DELETED, "Supprimée deux jours après la dernière page vue.", LINK_BASIS, follows=("token",),
        counted_from="la dernière page vue", delay=retention.VISIT_KEPT_FOR, due=visits_before, hourly=True,
        purge=lambda held: visits_before(retention.before(retention.VISIT_KEPT_FOR)).delete()[0],
    ),
    Rule(
        "links.Attempt", Fate.DELETED, "Supprimé après quinze minutes.", SHORT, counted_from="l’essai", delay=attempts.WINDOW,
        due=attempts_before, hourly=True, purge=lambda held: attempts.purge_attempts(),
    ),
    Rule(
        "links.LostLinkRequest", Fate.DELETED, "Supprimée une fois traitée, un jour après au plus.", SHORT, counted_from="la demande",
        delay=retention.REQUEST_KEPT_FOR, due=asked_before, hourly=True,
        purge=lambda held: asked_before(retention.before(retention.REQUEST_KEPT_FOR)).delete()[0],
    ),
)  # fmt: skip
