"""Sensitive acts ask again who is there: a session left open on a desk must not be enough."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def ask_again(request: HttpRequest) -> None:
    """Raise allauth's ReauthenticationRequired unless this person proved who they are within the last five minutes.

    Its middleware then asks for the password or the second factor, and comes back to the page.
    """
    raise_if_reauthentication_required(request, app="e2c_portal.accounts")


def asks_again(view: View) -> View:
    """Make a view ask again who is there, on GET already: what is typed is then never lost."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ask_again(request)
        return view(request, *args, **kwargs)

    return checked
