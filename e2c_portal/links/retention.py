"""Delete what is no longer needed: ended visits, counts, requests, and links a year after their life."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import ProtectedError, Q
from django.utils import timezone

from e2c_portal.links import attempts
from e2c_portal.links.models import LinkVisit, LostLinkRequest, PersonalLink

VISIT_KEPT_FOR = timedelta(days=2)
REQUEST_KEPT_FOR = timedelta(days=1)
LINK_KEPT_FOR = timedelta(days=365)


def purge() -> dict[str, int]:
    """Delete the rows whose time has passed. Returns how many of each."""
    now = timezone.now()
    return {
        "attempts": attempts.purge_attempts(),
        "visits": LinkVisit.objects.filter(last_seen_at__lt=now - VISIT_KEPT_FOR).delete()[0],
        "lost_link_requests": LostLinkRequest.objects.filter(at__lt=now - REQUEST_KEPT_FOR).delete()[0],
        "links": purge_links(),
    }


def before(delay: timedelta) -> datetime:
    """Return the moment that was a delay ago."""
    return timezone.now() - delay


def purge_links(held: Collection[str] = (), limit: int = 1000) -> int:
    """Delete old links, the replaced ones before those that replaced them. A link that another record still holds stays.

    So do those of a record named in `held`.
    """
    limit_day = before(LINK_KEPT_FOR)
    never_sent = Q(issued_at=None, prepared_at__lt=limit_day)
    deleted = 0
    over = PersonalLink.objects.filter(Q(expires_at__lt=limit_day) | never_sent).exclude(subject__in=held)
    for link in over.order_by("pk")[:limit]:
        try:
            link.delete()
        except ProtectedError:
            continue
        deleted += 1
    return deleted
