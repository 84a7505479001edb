"""One id follows a request through web, queue and logs."""

import logging
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
SAFE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

_request_id: ContextVar[str] = ContextVar("request_id", default="-")
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


@dataclass(frozen=True)
class Task:
    """The task that this process is doing: its name and its number in the queue."""

    name: str
    number: str


_task: ContextVar[Task | None] = ContextVar("task", default=None)


def current_request_id() -> str:
    """Return the id of the request or job being served, "-" outside of one."""
    return _request_id.get()


def current_task() -> Task | None:
    """Return the task being done, None outside of one."""
    return _task.get()


def current_user() -> int | None:
    """Return the number of the account that the request is known to come from, without asking for it: None before it is."""
    user = getattr(_request.get(), "_cached_user", None)
    return getattr(user, "pk", None)


def current_view() -> str:
    """Return the name of the page asked for, "unknown" for an address that leads nowhere, "-" outside of a request."""
    request = _request.get()
    if request is None:
        return "-"
    match = getattr(request, "resolver_match", None)
    return match.view_name or "unnamed" if match else "unknown"


@contextmanager
def request_id_set(value: str) -> Iterator[None]:
    """Carry `value` as the current id while the block runs."""
    token = _request_id.set(value)
    try:
        yield
    finally:
        _request_id.reset(token)


class RequestIdMiddleware:
    """Take the proxy's id when it is well formed, else make one; give it back in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        value = given if SAFE_ID.fullmatch(given) else uuid.uuid4().hex
        served: Token = _request.set(request)
        try:
            with request_id_set(value):
                response = self.get_response(request)
        finally:
            _request.reset(served)
        response[HEADER] = value
        return response


class RequestIdFilter(logging.Filter):
    """Put the current id on every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        return True
