"""Send a link again to the address it was made for: asked by whoever holds an old one, or by whoever lost it.

The answer is the same whatever happens, so that nobody learns from it who has a link. The pause between two renewals doubles
each time until the link is opened: a mailbox cannot be flooded through the portal.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.links import attempts
from e2c_portal.links.issuing import Holder, prepare_for
from e2c_portal.links.models import Attempt, LostLinkRequest, PersonalLink
from e2c_portal.links.opening import find_token
from e2c_portal.links.purposes import Purpose, purpose_named
from e2c_portal.links.standing import ClosedLink

logger = logging.getLogger(__name__)

RECOVER = "links.recover"
LONGEST_PAUSE = timedelta(hours=24)
# A link whose life ended longer ago than this is not looked for by its address.
RECOVERABLE_FOR = timedelta(days=90)
RECOVERED_AT_MOST = 20


def request_renewal(raw_token: str, *, visitor: str = "") -> None:
    """Send the link again to its holder's own address, if it may still lead somewhere. Says nothing either way.

    Raises TooManyAttempts only, for a visitor who tries unknown tokens.
    """
    try:
        token = find_token(raw_token, visitor=visitor)
    except ClosedLink:
        return
    renew(token.link)


def renew(link: PersonalLink) -> bool:
    """Ask for the message that carries this link, or the one that replaced it. Returns whether a message was asked for.

    No when it was revoked, when nothing is left to open, when its purpose says no, or too soon after the last time.
    """
    try:
        with transaction.atomic():
            return _renew(link)
    except Refused as refusal:
        logger.info("link %s not renewed: %s", link.pk, refusal.code)
        return False


def _renew(link: PersonalLink) -> bool:
    # The link asked about keeps the count, whatever it is replaced by: its lock makes a double click wait.
    asked = PersonalLink.objects.select_for_update().get(pk=link.pk)
    now = timezone.now()
    purpose = purpose_named(asked.purpose)
    if asked.revoked_at or not purpose.may_renew(asked) or _too_soon(asked, purpose, now):
        return False
    alive = _alive(asked, purpose)
    if alive is None or (alive.not_after and alive.not_after <= now):
        return False
    for row in {asked.pk: asked, alive.pk: alive}.values():
        row.renewals, row.renewal_asked_at = min(row.renewals + 1, 20), now
        row.save(update_fields=["renewals", "renewal_asked_at"])
    purpose.send(alive)
    record(None, "link.renewed", alive, "Nouvel envoi du lien demandé par son destinataire", link_subject=alive.subject)
    return True


def _too_soon(link: PersonalLink, purpose: Purpose, now: datetime) -> bool:
    if link.renewal_asked_at is None:
        return False
    pause = min(purpose.renewal_cooldown * 2 ** max(link.renewals - 1, 0), LONGEST_PAUSE)
    return now < link.renewal_asked_at + pause


def _alive(asked: PersonalLink, purpose: Purpose) -> PersonalLink | None:
    """Return the link to send: the last of those that replaced this one, made for the version of today."""
    last, seen = asked, {asked.pk}
    while last.replaced_by_id and last.replaced_by_id not in seen:
        last = PersonalLink.objects.get(pk=last.replaced_by_id)
        seen.add(last.pk)
    version = purpose.current_version(last)
    if last.revoked_at or version is None:
        return None
    if version == last.version:
        return last
    holder = Holder(last.holder_label, last.email, last.phone)
    return prepare_for(last.purpose, last.subject, version, holder, last.not_after)


@transaction.atomic
def request_lost_links(email: str, *, visitor: str) -> None:
    """Have the links of this address sent again, by a job: the answer takes the same time whether it has any or none.

    Raises TooManyAttempts after five requests of one visitor within fifteen minutes.
    """
    attempts.note(Attempt.What.LOST_LINK, visitor)
    request = LostLinkRequest.objects.create(email=email.strip())
    enqueue_on_commit(RECOVER, request_id=request.pk)


def recover(request_id: int) -> int:
    """Do what a lost-link request asks for, then forget the address. Returns how many messages were asked for."""
    request = LostLinkRequest.objects.filter(pk=request_id).first()
    if request is None:
        return 0
    recent = timezone.now() - RECOVERABLE_FOR
    links = PersonalLink.objects.filter(
        email__iexact=request.email, revoked_at=None, replaced_by=None, expires_at__gt=recent
    )
    sent = sum(renew(link) for link in links.order_by("-issued_at")[:RECOVERED_AT_MOST])
    request.delete()
    return sent
