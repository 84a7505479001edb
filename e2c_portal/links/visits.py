"""The visit: what stands in the address once a link is open, so that the token does not.

A token left in the address bar would stay in the history, on shared screens and in pictures of them. So opening a link
makes a visit with a key of its own and redirects to /lien/visite/<key>/. The key alone opens nothing:

* a browser that keeps cookies shows, with the key, the cookie it received at that moment (first arrival: hold=cookie);
* a browser without cookies is known by its network address and its name (hold=address), for half an hour at a time.

The first arrival decides, once. A key copied into another browser is refused with the way back: the link of the message.
As the key cannot be guessed, it also proves that a form was sent from a page of the visit: no CSRF cookie is needed, and
a browser without cookies can act. Each tab has its own key: two links open side by side are never mixed up.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse

from e2c_portal.kernel.clock import agreed_now
from e2c_portal.kernel.errors import Refused
from e2c_portal.links import attempts, issuing, tokens
from e2c_portal.links.models import Hold, LinkToken, LinkVisit, PersonalLink
from e2c_portal.links.opening import LinkOpening
from e2c_portal.links.purposes import purpose_named
from e2c_portal.links.standing import EXPIRED, ExpiredLink, end_of, refuse_withdrawn

IDLE = {Hold.COOKIE: timedelta(hours=2), Hold.ADDRESS: timedelta(minutes=30), Hold.PENDING: timedelta(minutes=2)}
LONGEST = timedelta(hours=12)
# Whoever opened the link in time may finish what is being typed.
GRACE = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=1)
OVER = "Cette visite est terminée. Pour revenir à la page, ouvrez de nouveau le lien de votre message."
ELSEWHERE = "Cette page a été ouverte dans un autre navigateur. Ouvrez-la depuis le lien de votre message."


class VisitOver(Refused):
    """The page belongs to a visit that ended, or to another browser. `link` is known unless the key is not."""

    code = "visit_over"
    title = "Rouvrez le lien de votre message"

    def __init__(self, message: str, link: PersonalLink | None = None) -> None:
        super().__init__(message)
        self.link = link


@dataclass(frozen=True)
class Visit:
    """What the pages of a purpose receive: the link, and the addresses of the other pages of the same visit."""

    link: PersonalLink
    key: str
    page: str = ""
    item: str = ""

    def url(self, page: str = "", item: str = "") -> str:
        """Return the address of a page of the purpose, for links and forms of the pages themselves only."""
        arguments = [self.key, *([page] if page else []), *([item] if item else [])]
        return reverse(f"links:visit{len(arguments)}", args=arguments)


@dataclass(frozen=True)
class Begun:
    """A visit just made: its key goes to the address, the browser's secret to the cookie."""

    visit: Visit
    browser_secret: str


def begin(opening: LinkOpening, request: HttpRequest, browser_secret: str | None) -> Begun:
    """Make a visit through an open link, for a browser that shows its secret or receives one."""
    key, now = tokens.new_token(), agreed_now()
    secret = browser_secret if browser_secret and tokens.normalised(browser_secret) else tokens.new_token()
    LinkVisit.objects.create(
        token=opening.token, key_sha256=tokens.sha256_of(key), browser_sha256=tokens.sha256_of(secret),
        visitor=attempts.browser_key(request), opened_at=now, last_seen_at=now,
    )  # fmt: skip
    return Begun(Visit(opening.link, key), secret)


def find_visit(key: str) -> LinkVisit:
    """Return the visit of that key, over or not. Raises VisitOver when there is none."""
    visits = LinkVisit.objects.select_related("token__link")
    visit = visits.filter(key_sha256=tokens.sha256_of(key)).first()
    if visit is None:
        raise VisitOver(OVER)
    return visit


def resume(key: str, request: HttpRequest, browser_secret: str | None, *, page: str = "", item: str = "") -> Visit:
    """Return the visit that this browser makes now.

    Raises VisitOver when it ended or belongs to another browser, RevokedLink, ReplacedLink or OutdatedLink when the link was
    withdrawn meanwhile, ExpiredLink an hour after the end of its life. A link sent again meanwhile does not end it: a
    reminder must not cost somebody the form being filled in.
    """
    visit, now = find_visit(key), agreed_now()
    link = visit.token.link
    refuse_withdrawn(link)
    hold = _hold(visit, request, browser_secret)
    if now > visit.last_seen_at + IDLE[Hold(visit.hold)] or now > visit.opened_at + LONGEST:
        raise VisitOver(OVER, link)
    if now >= end_of(visit.token) + GRACE:
        raise ExpiredLink(purpose_named(link.purpose).expired_text or EXPIRED, link)
    _note_seen(visit, hold, now)
    return Visit(link, key, page, item)


def _hold(visit: LinkVisit, request: HttpRequest, browser_secret: str | None) -> Hold:
    """Return what ties the request to the visit. Raises VisitOver when nothing does."""
    known = hmac.compare_digest(tokens.sha256_of(browser_secret or ""), visit.browser_sha256)
    if visit.hold != Hold.ADDRESS and known:
        return Hold.COOKIE
    same_place = hmac.compare_digest(attempts.browser_key(request), visit.visitor)
    # A browser that shows another cookie does keep them: it is not the one that opened the link.
    if visit.hold == Hold.COOKIE or not same_place or (browser_secret and visit.hold == Hold.PENDING):
        raise VisitOver(ELSEWHERE, visit.token.link)
    return Hold.ADDRESS


def _note_seen(visit: LinkVisit, hold: Hold, now: datetime) -> None:
    visits = LinkVisit.objects.filter(pk=visit.pk)
    if visit.hold == Hold.PENDING:
        # One UPDATE decides who arrives first, and counts the opening once.
        if visits.filter(hold=Hold.PENDING).update(hold=hold, last_seen_at=now):
            issuing.note_opened(visit.token.link_id, now)
    elif now > visit.last_seen_at + SEEN_EVERY:
        visits.update(last_seen_at=now)


def token_of(key: str) -> LinkToken:
    """Return the token behind a visit, to send the link again from a visit that ended. Raises VisitOver."""
    return find_visit(key).token
