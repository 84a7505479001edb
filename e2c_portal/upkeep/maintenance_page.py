"""The page that everybody meets during a maintenance: it asks nothing of the database, the session or the queue.

What was typed in a form that arrives meanwhile is given back on the page, ready to be sent again: nothing is lost, and nothing
is written.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string

from e2c_portal.kernel.requests import current_request_id
from e2c_portal.upkeep.maintenance import PASS_COOKIE, PASS_PATH, Notice, current, is_pass

# Asked by the reverse proxy and the supervision: they must go on seeing how the portal is.
STAY_OPEN = ("/sante/", "/metriques/", "/.well-known/")
LINK = "/lien/"
# Never written in a page, even for the person who has just typed it.
SECRETS = ("password", "passe", "code", "secret", "credential", "token")
MOST_GIVEN_BACK = 200_000
UNREADABLE = (RequestDataTooBig, TooManyFieldsSent, MultiPartParserError, UnreadablePostError)


class MaintenanceMiddleware:
    """Answer 503 during a maintenance, everywhere but where programs look and for whoever holds the pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        notice = current()
        if (
            notice is None
            or request.path.startswith(STAY_OPEN)
            or is_pass(request.COOKIES.get(PASS_COOKIE, ""), notice)
        ):
            return self.get_response(request)
        if request.path.startswith(PASS_PATH) and is_pass(request.path.removeprefix(PASS_PATH).rstrip("/"), notice):
            return _entered(request)
        return _closed(request, notice)


def _entered(request: HttpRequest) -> HttpResponse:
    answer = HttpResponseRedirect("/")
    key = request.path.removeprefix(PASS_PATH).rstrip("/")
    answer.set_cookie(PASS_COOKIE, key, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return answer


def _closed(request: HttpRequest, notice: Notice) -> HttpResponse:
    context: dict[str, object] = {
        "notice": notice,
        "request_id": current_request_id(),
        "by_link": request.path.startswith(LINK),
        "address": request.get_full_path() if request.method in ("GET", "HEAD") else "",
        "was_sent": False,
        "lost": False,
        "fields": [],
        "action": "",
    }
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        context |= _typed(request)
    answer = HttpResponse(render_to_string("upkeep/maintenance.html", context), status=503)
    answer["Retry-After"] = str(notice.retry_after)
    answer["Cache-Control"] = "no-store"
    return answer


def _typed(request: HttpRequest) -> dict[str, object]:
    """Return what a form carried, to be sent again by one button; files and secrets are never given back."""
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        files = bool(request.FILES)
    except UNREADABLE:
        return {"was_sent": True, "lost": True}
    lost = files or any(word in name.lower() for name, _ in fields for word in SECRETS if name != "csrfmiddlewaretoken")
    kept = [(name, value) for name, value in fields if name == "csrfmiddlewaretoken" or not _is_secret(name)]
    if sum(len(value) for _, value in kept) > MOST_GIVEN_BACK:
        return {"was_sent": True, "lost": True}
    return {"was_sent": True, "lost": lost, "fields": kept, "action": request.get_full_path()}


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRETS)
