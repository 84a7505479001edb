"""No null character comes in: nobody types one, PostgreSQL holds none, and whoever sends one looks for a fault."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict

NULL = "\x00"


class NullCharacterMiddleware:
    """Answer 400 to a request whose address, question or form holds a null character. Forms check their own fields besides.

    The body is read once the sender was recognised (csrf), as the view would: a file is not touched.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NULL in request.path or _holds_one(request.GET):
            raise SuspiciousOperation("null character in the address")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Look at the form, if one was sent."""
        if request.method == "POST" and _holds_one(request.POST):
            raise SuspiciousOperation("null character in the form")


def _holds_one(values: QueryDict) -> bool:
    return any(NULL in name or any(NULL in value for value in given) for name, given in values.lists())
