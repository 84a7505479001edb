"""Sign in as a persona, without a password, on the demonstration alone."""

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from e2c_portal.accounts.queries import active_account
from e2c_portal.demo.personas import persona_named


@require_POST
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Open a session for the persona named by the button: no password, but the second step of those who have one."""
    persona = persona_named(request.POST.get("persona", ""))
    # The addresses are refused even if somebody brings this app into production by hand.
    if persona is None or not settings.DEMO or settings.PORTAL_PRODUCTION:
        raise Http404
    user = active_account(persona.email)
    if user is None:
        raise Http404
    if request.user.is_authenticated:
        logout(request)
    return perform_login(request, user, redirect_url=_wanted(request) or resolve_url(settings.LOGIN_REDIRECT_URL))


def _wanted(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if inside else ""
