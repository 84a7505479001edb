"""Who acts, by which way and why: told to the database with each writing, so that its trail can say it (e2c_portal.audit).

The names travel inside the statement that writes (`SELECT set_config('portal.actor', …, true); UPDATE …`, one message to the
server), and the database forgets them with the transaction. Nothing is left on a connection: the next request, served by the
same one, can never act under the name of another person; a transaction taken back, or a pool of connections, changes nothing.
Raw SQL written elsewhere says nothing: its changes are kept all the same, by nobody known.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse

from e2c_portal.kernel.requests import current_request_id

Asked = ParamSpec("Asked")
Done = TypeVar("Done")
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH|MERGE)\b", re.IGNORECASE)
LONGEST_REASON = 2000


@dataclass(frozen=True)
class Acting:
    """Whoever acts now: an account, or the personal link they came by, and what does it when it is not a page.

    `source` is the name of a task or of a command. All are empty for what nobody is known to do.
    """

    actor: int | None = None
    link: int | None = None
    source: str = ""


NOBODY = Acting()
_acting: ContextVar[Callable[[], Acting]] = ContextVar("acting", default=lambda: NOBODY)
_reason: ContextVar[str] = ContextVar("acting_reason", default="")


def current_acting() -> Acting:
    """Return who acts now."""
    return _acting.get()()


def acting_for_job() -> dict[str, int]:
    """Return who asks for a job, for the task that will do it: {"actor": 12} or {"link": 7}, empty when nobody is known."""
    now = current_acting()
    return {name: value for name, value in (("actor", now.actor), ("link", now.link)) if value is not None}


@contextmanager
def acting(**changed: Any) -> Iterator[None]:
    """Say who acts inside the block: `acting(link=12, actor=None)`. What is not named stays as it was."""
    named = replace(current_acting(), **changed)
    token = _acting.set(lambda: named)
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Say why the rows written inside the block change. An inner reason stands for its own block; an empty one changes nothing."""
    token = _reason.set(reason.strip()[:LONGEST_REASON] or _reason.get())
    try:
        yield
    finally:
        _reason.reset(token)


def says_why(operation: Callable[Asked, Done]) -> Callable[Asked, Done]:
    """Decorate an operation that takes a `reason`: what it writes is kept with it."""
    given = signature(operation)

    @wraps(operation)
    def said(*args: Asked.args, **kwargs: Asked.kwargs) -> Done:
        with because(str(given.bind(*args, **kwargs).arguments.get("reason") or "")):
            return operation(*args, **kwargs)

    return said


class ActingMiddleware:
    """Say that whoever is signed in acts. They are looked up only when something is written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asked anew at each writing: somebody may sign in meanwhile.
        token = _acting.set(lambda: Acting(actor=getattr(request.user, "pk", None)))
        try:
            return self.get_response(request)
        finally:
            _acting.reset(token)


def announce(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Tell the database, in the statement that writes, who acts and why: the execute wrapper of every connection."""
    if many or not isinstance(sql, str) or not WRITES.match(sql):
        return execute(sql, params, many, context)
    done = execute(f"{_words()}{sql}", params, many, context)
    # The answer to what was asked is the last one, as pgtrigger reads it too.
    while done is not None and done.nextset():
        pass
    return done


def _words() -> str:
    now = current_acting()
    said = {
        "actor": "" if now.actor is None else str(now.actor), "link": "" if now.link is None else str(now.link),
        "source": now.source, "request": current_request_id(), "reason": _reason.get(),
    }  # fmt: skip
    return (
        "SELECT "
        + ", ".join(f"set_config('portal.{name}', {_quoted(text)}, true)" for name, text in said.items())
        + "; "
    )


def _quoted(text: str) -> str:
    """Return a text as SQL, without any sign that the driver would take for the place of a value."""
    plain = text.replace("\0", "").replace("'", "''")
    if "%" in plain or "\\" in plain:
        return "U&'" + plain.replace("\\", "\\\\").replace("%", "\\0025") + "'"
    return f"'{plain}'"


def listen(connection: Any, **_: Any) -> None:
    """Have a connection announce who acts; called when it opens, once is enough."""
    if announce not in connection.execute_wrappers:
        connection.execute_wrappers.append(announce)
