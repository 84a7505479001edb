"""Each request counted, and told in one line of the log: the name of the page, never its address, which may hold what was typed."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse

from e2c_portal.upkeep import metrics_store as store

logger = logging.getLogger("e2c_portal.requests")

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Asked every few seconds by machines: counted, not written down.
SILENT = ("health", "metrics", "static")


class RequestMetricsMiddleware:
    """Stands first after the request id: it sees redirections, refusals and faults too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        took = time.perf_counter() - started
        view, method = view_of(request), request.method if request.method in METHODS else "other"
        store.requests.labels(view, method, str(response.status_code)).inc()
        store.durations.labels(view).observe(took)
        if view not in SILENT:
            facts = {"view": view, "method": method, "status": response.status_code, "duration_ms": round(took * 1000)}
            logger.info("%s %s %s", method, view, response.status_code, extra=facts)
        return response


def view_of(request: HttpRequest) -> str:
    """Return the name of the page asked for: one of a closed list, whatever the address."""
    match = request.resolver_match
    if match is None:
        # The files are served before any address is looked up.
        return "static" if request.path_info.startswith(f"/{settings.STATIC_URL.strip('/')}/") else "unknown"
    return match.view_name or "unnamed"


def count_refused_password(sender: Any = None, **kwargs: Any) -> None:
    store.refusals.labels("password").inc()


def count_refused_code(sender: Any = None, **kwargs: Any) -> None:
    store.refusals.labels("code").inc()


def count_refused_factor(sender: Any = None, **kwargs: Any) -> None:
    store.refusals.labels("factor").inc()


def connect() -> None:
    """Listen to refused sign-ins, once the apps are loaded."""
    from allauth.account.signals import login_code_rejected  # noqa: PLC0415  needs the apps
    from allauth.mfa.signals import authentication_failed  # noqa: PLC0415

    authentication_failed.connect(count_refused_factor, dispatch_uid="upkeep.factor_refused")
    user_login_failed.connect(count_refused_password, dispatch_uid="upkeep.password_refused")
    login_code_rejected.connect(count_refused_code, dispatch_uid="upkeep.code_refused")
