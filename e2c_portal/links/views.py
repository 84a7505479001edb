"""Open personal links. GET shows, POST acts; no address of these pages leaves the browser."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from e2c_portal.kernel.acting import acting
from e2c_portal.links import renewing, visits
from e2c_portal.links.attempts import TooManyAttempts, visitor_key
from e2c_portal.links.forms import LostLinkForm
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.opening import open_link
from e2c_portal.links.purposes import purpose_named
from e2c_portal.links.standing import ClosedLink, OutdatedLink, RevokedLink, UnknownLink

View = Callable[..., HttpResponse]
SEE_OTHER, NOT_FOUND, GONE, TOO_MANY = 303, 404, 410, 429
RETRY_AFTER_SECONDS = "900"
RENEW = "renew"


def link_page(view: View) -> View:
    """Make a page of personal links: open to all, kept nowhere, unseen by search engines, silent about where one came from.

    Whoever holds the link acts, and nobody else: an account signed in within the same browser plays no part, so that no
    right is mixed up on a shared screen. The CSRF cookie is not asked for: see links.visits.
    """

    @login_not_required
    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.user = AnonymousUser()
        try:
            response = view(request, *args, **kwargs)
        except TooManyAttempts as refusal:
            response = _too_many(request, refusal)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return page


@link_page
def open_token(request: HttpRequest, token: str) -> HttpResponse:
    """GET checks the token, moves it out of the address and shows the first page. POST asks for the link again."""
    _forget_token(request)
    if request.method == "POST":
        renewing.request_renewal(token, visitor=visitor_key(request))
        return _see(reverse("links:asked"))
    try:
        opening = open_link(token, visitor=visitor_key(request))
    except ClosedLink as refusal:
        return _closed(request, refusal)
    if request.method == "HEAD":
        return HttpResponse()
    begun = visits.begin(opening, request, request.COOKIES.get(cookie_name()))
    response = _see(begun.visit.url())
    response.set_cookie(
        cookie_name(),
        begun.browser_secret,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@link_page
def visit(request: HttpRequest, key: str, page: str = "", item: str = "") -> HttpResponse:
    """Hand the visit to the page of its purpose, or say why it is over and offer the way back."""
    if request.method == "POST" and RENEW in request.POST:
        return _renewed(key)
    try:
        current = visits.resume(key, request, request.COOKIES.get(cookie_name()), page=page, item=item)
    except (ClosedLink, visits.VisitOver) as refusal:
        return _closed(request, refusal)
    shown = purpose_named(current.link.purpose).pages.get(page)
    if shown is None:
        raise Http404
    with acting(actor=None, link=current.link.pk):
        return shown(request, current)


@link_page
def lost(request: HttpRequest) -> HttpResponse:
    """Ask for the address whose links are to be sent again. The answer never tells whether it has any."""
    form = LostLinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        renewing.request_lost_links(form.cleaned_data["email"], visitor=visitor_key(request))
        return _see(reverse("links:asked"))
    return render(request, "links/lost.html", {"form": form}, status=422 if form.errors else 200)


@link_page
def asked(request: HttpRequest) -> HttpResponse:
    """The one answer to all requests for a link."""
    return render(request, "links/asked.html")


def cookie_name() -> str:
    """Return the name of the browser's cookie; over HTTPS the prefix ties it to this very host."""
    return "__Host-lien" if settings.SESSION_COOKIE_SECURE else "lien"


def _renewed(key: str) -> HttpResponse:
    with suppress(visits.VisitOver):
        renewing.renew(visits.token_of(key).link)
    return _see(reverse("links:asked"))


def _closed(request: HttpRequest, refusal: ClosedLink | visits.VisitOver) -> HttpResponse:
    link = refusal.link
    context = {
        "title": refusal.title,
        "text": refusal.message,
        "tone": "danger" if isinstance(refusal, RevokedLink | UnknownLink) else "warning",
        "renewable": link is not None and not isinstance(refusal, RevokedLink) and _may_renew(link),
        "outdated": isinstance(refusal, OutdatedLink),
        "lost_url": reverse("links:lost") if link is None else "",
        "contact": purpose_named(link.purpose).contact(link) if link else "",
        "renew": RENEW,
    }
    unknown = isinstance(refusal, UnknownLink)
    return render(request, "links/closed.html", context, status=NOT_FOUND if unknown else GONE)


def _may_renew(link: PersonalLink) -> bool:
    return link.revoked_at is None and purpose_named(link.purpose).may_renew(link)


def _too_many(request: HttpRequest, refusal: TooManyAttempts) -> HttpResponse:
    response = render(request, "links/too_many.html", {"text": refusal.message}, status=TOO_MANY)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _see(url: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response


def _forget_token(request: HttpRequest) -> None:
    """Take the token out of the request itself: pages, error reports and logs that quote the address do not find it."""
    request.path = request.path_info = "/lien/"
    for name in ("PATH_INFO", "REQUEST_URI", "RAW_URI"):
        if name in request.META:
            request.META[name] = request.path
