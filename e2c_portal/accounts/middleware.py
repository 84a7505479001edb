"""Nothing opens to whoever must show a second factor and did not: every address is shut, but those that set one up."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from e2c_portal.accounts import second_factor

REAUTHENTICATE = "mfa_reauthenticate"
# Adding a name here opens an address to a password alone: it may set a factor up, prove who is there, or leave.
OPEN_TO_SET_UP = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "account_set_password",
        "account_logout",
    }
)
OPEN_TO_SHOW = frozenset({REAUTHENTICATE, "mfa_reauthenticate_webauthn", "account_logout"})


class SecondFactorMiddleware:
    """Send to the set-up pages, or to the page where the factor is shown, whatever was asked, the admin included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let the view answer, or answer in its place."""
        user = request.user
        if not user.is_authenticated or not second_factor.is_required(user) or second_factor.was_shown(request):
            return None
        set_up = second_factor.is_set_up(user)
        if request.resolver_match.view_name in (OPEN_TO_SHOW if set_up else OPEN_TO_SET_UP):
            return None
        return HttpResponseRedirect(_where_to(request) if set_up else reverse("mfa_index"))


def _where_to(request: HttpRequest) -> str:
    back = {REDIRECT_FIELD_NAME: request.get_full_path()} if request.method == "GET" else {}
    return f"{reverse(REAUTHENTICATE)}?{urlencode(back)}" if back else reverse(REAUTHENTICATE)
