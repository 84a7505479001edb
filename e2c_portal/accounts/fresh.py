"""Sensitive acts ask again who is there: a session left open on a desk must not be enough."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]
SECONDS = 60


def ask_again(request: HttpRequest) -> None:
    """Raise allauth's ReauthenticationRequired unless this person proved who they are within the last five minutes.

    Its middleware then asks for the password or the second factor, and comes back to the page.
    """
    raise_if_reauthentication_required(request, app="e2c_portal.accounts")


def ask_again_for_a_list(request: HttpRequest) -> None:
    """Raise ReauthenticationRequired unless this person signed in, or proved again who they are, a short while ago.

    The while is EXPORT_PROOF_MINUTES: lists are taken several times a day, and a whole sign-in counts as a proof.
    """
    if not get_reauthentication_flows(request.user):
        return
    proofs = get_authentication_records(request, request.user)
    if not proofs or time.time() - proofs[-1]["at"] > settings.EXPORT_PROOF_MINUTES * SECONDS:
        raise ReauthenticationRequired


def asks_again(view: View) -> View:
    """Make a view ask again who is there, on GET already: what is typed is then never lost."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ask_again(request)
        return view(request, *args, **kwargs)

    return checked
