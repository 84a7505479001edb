"""The pages of refusals and faults: in French, with what to do and the number to quote.

A fault may be the database itself, so its page asks nothing of the session, the user or the menu.
"""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from redis.exceptions import RedisError

from e2c_portal.documents.disk import FULL_FOR_A_PAGE, fault_of_the_disk
from e2c_portal.documents.storage import StorageFault, tell
from e2c_portal.kernel.requests import current_request_id
from e2c_portal.kernel.uploads import let_go

RETRY_AFTER_SECONDS = "60"
# A service that comes back by itself: the visitor is asked to wait, not to call.
SERVICES_AWAY = (OperationalError, InterfaceError, RedisError)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400, or 413 when the request was bigger than Django reads."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return render(request, "errors/400.html", status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403; a sentence given with PermissionDenied is shown, for the portal writes them in French."""
    return render(request, "errors/403.html", {"reason": str(exception or "")}, status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404, which also stands for what this person may not see."""
    return render(request, "errors/404.html", status=404)


@requires_csrf_token
def too_large(request: HttpRequest) -> HttpResponse:
    """Answer 413: the file is over the limit."""
    return render(request, "errors/413.html", status=413)


@requires_csrf_token
def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 429: too many tries in a short time."""
    response = render(request, "errors/429.html", status=429)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form whose protection failed: most often a page left open too long. Nothing was written."""
    return render(request, "errors/csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 when a service the portal needs does not answer for now, or has no room."""
    met = sys.exception()
    if isinstance(met, SERVICES_AWAY):
        return service_away(request)
    if isinstance(met, StorageFault):
        return storage_away(request, met.message)
    if met is not None and (fault := fault_of_the_disk(met)):
        tell(fault)
        let_go(request)
        return storage_away(request, FULL_FOR_A_PAGE)
    return _bare("errors/500.html", status=500)


def service_away(request: HttpRequest) -> HttpResponse:
    """Answer 503: come back in a minute."""
    response = _bare("errors/503.html", status=503)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def storage_away(request: HttpRequest, reason: str) -> HttpResponse:
    """Answer 503: no file is taken nor given for now. What was typed is still in the browser, one page back."""
    was_sent = request.method not in ("GET", "HEAD", "OPTIONS")
    address = "" if was_sent else request.get_full_path()
    response = _bare("errors/storage.html", status=503, reason=reason, was_sent=was_sent, address=address)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _bare(template: str, status: int, **context: object) -> HttpResponse:
    return HttpResponse(render_to_string(template, {"request_id": current_request_id(), **context}), status=status)
