"""Open a link from the token that somebody holds. Reading changes nothing: mail scanners open links too."""

import hmac
from dataclasses import dataclass

from django.utils import timezone

from e2c_portal.links import attempts, tokens
from e2c_portal.links.models import Attempt, LinkToken, PersonalLink
from e2c_portal.links.standing import UNKNOWN, UnknownLink, refuse_closed


@dataclass(frozen=True)
class LinkOpening:
    """A link that opens now, by the token that was just checked."""

    link: PersonalLink
    token: LinkToken


def open_link(raw_token: str, *, visitor: str = "") -> LinkOpening:
    """Return what this token opens now. Writes nothing, but for the count of unknown tokens of a visitor.

    Raises UnknownLink, ExpiredLink (ReplacedLink when a newer message holds the good one), RevokedLink, OutdatedLink; each
    carries its French sentence and, except the first, the link. Raises TooManyAttempts after twenty unknown tokens within
    fifteen minutes. `visitor` is `attempts.visitor_key`; empty counts nothing.
    """
    token = find_token(raw_token, visitor=visitor)
    refuse_closed(token, timezone.now())
    return LinkOpening(token.link, token)


def find_token(raw_token: str, *, visitor: str = "") -> LinkToken:
    """Return the stored token, alive or not. Raises UnknownLink or TooManyAttempts.

    A token that exists is always let through, whatever its neighbours did: a school shares one address, and twenty wrong
    links typed there must not close the portal to a tutor. Guessing 256 bits gains nothing from that.
    """
    token = tokens.normalised(raw_token)
    sha256 = tokens.sha256_of(token or raw_token)
    found = LinkToken.objects.select_related("link").filter(sha256=sha256).first()
    # The index compares hashes, of which a visitor chooses no letter; this comparison owes nothing to the index.
    if token is None or found is None or not hmac.compare_digest(found.sha256, sha256):
        if visitor:
            attempts.note(Attempt.What.UNKNOWN_LINK, visitor)
        raise UnknownLink(UNKNOWN)
    return found
