"""Leaving for ProConnect and coming back. Without its settings, neither address exists."""

import logging

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from e2c_portal.accounts.provider import PROCONNECT, ProConnectExchange

logger = logging.getLogger(__name__)


@require_POST
@login_not_required
def leave(request: HttpRequest) -> HttpResponse:
    """Send the visitor to ProConnect. Only a POST of ours does: no link can start a sign-in in somebody's place."""
    return _answered(OAuth2LoginView, request)


@require_GET
@login_not_required
def come_back(request: HttpRequest) -> HttpResponse:
    """Let in whoever ProConnect recognised, if the Région opened an account at that address."""
    return _answered(OAuth2CallbackView, request)


def _answered(view: type[OAuth2LoginView | OAuth2CallbackView], request: HttpRequest) -> HttpResponse:
    try:
        return view.adapter_view(ProConnectExchange(request, PROCONNECT))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except RequestException as error:
        logger.error("ProConnect away: %s", type(error).__name__)
        return render(request, "socialaccount/authentication_error.html", status=503)
