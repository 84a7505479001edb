"""Every address asked by every role: who enters, by GET and by POST, on the rows of one's own school and of another one.

The views are called with the person already known, and pages are not rendered: the doors before them (signed in, second
factor) have walks of their own, and a hundred tests render the pages. Each request is undone by going back to the one
savepoint of the walk, so that a POST that is let in changes nothing for the next one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import RequestFactory
from django.urls import resolve
from django_htmx.middleware import HtmxDetails

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed
from e2c_portal.ui.refused_answers import RefusedAnswerMiddleware

TABLE = Path(__file__).parent / "table.tsv"
# Who asks: a letter for each role of the network, then of the school of the rows.
NETWORK = {"O": "officer", "D": "data_officer", "A": "auditor", "P": "door_staff"}
# In another school one person holds every role at once: if that person is kept out, so is each of the roles.
ELSEWHERE = "x"
SCHOOL = {"d": "director", "c": "coordinator", "r": "referent", "e": "company_relations"}
METHODS = ("GET", "POST")
LET_IN, NO_RIGHT, NOT_FOUND, NOT_OFFERED = 200, 403, 404, 405
KEPT_OUT = (NO_RIGHT, NOT_FOUND, NOT_OFFERED)
QUERIES_BEFORE_THE_WORK = 9
# The text in force is read before the right to amend it is asked for.
SLOW_TO_REFUSE = "/avenants/"
SHUT = ("/connexion/", "/gestion/login/")
NOBODY = "-"
# What operations refused during the request under way (conftest.py listens).
refusals: list[str] = []
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Asker:
    """One person, by the letter of their role."""

    letter: str
    user: User

    def status(self, method: str, address: str, start: str) -> int:
        """Return what this person is answered, and go back to the savepoint `start`.

        A view that breaks down fails the test with its own error.
        """
        request = self._request(method, address)
        found = resolve(request.path_info)
        request.resolver_match = found
        refusals.clear()
        try:
            with _undone(start), context.request_context(request), connection.execute_wrapper(_Patience(address)):
                answer = found.func(request, *found.args, **found.kwargs)
            to_the_door = answer.headers.get("Location", "").startswith(SHUT)
            # An operation that says no is told in the page: what it answers then is not an entry.
            return NO_RIGHT if to_the_door or refusals else answer.status_code
        except _Enough:
            return LET_IN
        except (PermissionDenied, NotAllowed):
            return NO_RIGHT
        except Http404:
            return NOT_FOUND
        except ReauthenticationRequired:
            # The right is there; who is in front of the screen is asked again before going on.
            return LET_IN

    def answer_to_nonsense(self, address: str, start: str) -> HttpResponse | None:
        """Return what is answered to a form in which nothing that is asked for is said, None to whoever may not send it."""
        request = self._request("POST", address, "mot=sans+rapport")
        found = resolve(request.path_info)
        request.resolver_match = found
        try:
            with _undone(start), context.request_context(request):
                answer = found.func(request, *found.args, **found.kwargs)
                if isinstance(answer, SimpleTemplateResponse):
                    # Called by hand, a view passes no middleware.
                    answer = RefusedAnswerMiddleware(lambda _: answer).process_template_response(request, answer)
                    answer.render()
                return answer
        except (PermissionDenied, NotAllowed, Http404, ReauthenticationRequired):
            return None

    def _request(self, method: str, address: str, sent: str = "") -> HttpRequest:
        request: Any = RequestFactory().generic(method, address, sent, content_type=FORM)
        request.user, request.session, request.allauth = self.user, SessionStore(), SimpleNamespace()
        request.htmx, request._messages = HtmxDetails(request), CookieStorage(request)
        request._dont_enforce_csrf_checks = True
        return request


@contextmanager
def _undone(start: str) -> Iterator[None]:
    """Take back whatever a request wrote, and what it left for the end of the transaction."""
    hooks = list(connection.run_on_commit)
    try:
        yield
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(start)
        connection.run_on_commit = hooks


class _Enough(BaseException):
    """The view has found the row, asked for the right and gone on to its work: the person is let in."""


class _Patience:
    """Stop a view at its ninth query: refusing takes fewer, and doing the work of three thousand pages a minute."""

    def __init__(self, address: str) -> None:
        self.left = QUERIES_BEFORE_THE_WORK * (10 if SLOW_TO_REFUSE in address else 1)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if not self.left:
            raise _Enough
        return execute(sql, params, many, context)


Line = dict[str, str]


def walked(addresses: dict[str, str], groups: dict[str, list[Asker]]) -> dict[str, Line]:
    """Return who enters each address, by method and group: {"route": {"GET network": "ODA", "GET own": "dc"…}}."""
    with transaction.atomic():
        start = transaction.savepoint()
        return {route: _line(address, groups, start) for route, address in addresses.items()}


def _line(address: str, groups: dict[str, list[Asker]], start: str) -> Line:
    everybody = {one.letter: one for people in groups.values() for one in people}
    found = {}
    for method in METHODS:
        # A method that neither of these is offered is offered to nobody.
        answers = {one.letter: one.status(method, address, start) for one in (groups["network"][0], groups["own"][0])}
        if set(answers.values()) != {NOT_OFFERED}:
            others = everybody.keys() - answers.keys()
            answers |= {letter: everybody[letter].status(method, address, start) for letter in sorted(others)}
        for group, people in groups.items():
            let_in = [one.letter for one in people if answers.get(one.letter, NOT_OFFERED) not in KEPT_OUT]
            found[f"{method} {group}"] = "".join(let_in) or NOBODY
    return found


def declared() -> dict[str, Line]:
    """Return the table as it is written: one address a line, its columns named by the first line that is no comment."""
    lines = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    columns = lines[0][1:]
    return {line[0]: dict(zip(columns, line[1:], strict=True)) for line in lines[1:]}


def written(table: dict[str, Line]) -> str:
    """Return the lines of a table, to be read over and pasted."""
    columns = list(next(iter(table.values())))
    rows = ["\t".join(["route", *columns])]
    rows += ["\t".join([route, *(line[column] for column in columns)]) for route, line in table.items()]
    return "\n".join(rows) + "\n"
