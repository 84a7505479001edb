"""ProConnect, the State's sign-in for agents (OpenID Connect). allauth finds the provider here by the name of this module.

Two things differ from any other OpenID Connect server: its userinfo is a signed token, not JSON, and it demands a nonce.
Nothing is asked of anybody unless settings name the server (PROCONNECT_SERVER_URL).
"""

import secrets
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

PROCONNECT = "proconnect"
NONCE = "proconnect_nonce"
SIGNED = "application/jwt"


class ProConnectExchange(OpenIDConnectOAuth2Adapter):
    """What is said between the portal and ProConnect once the person is back."""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return the portal's own address, never the one a request claims: ProConnect knows that one alone."""
        return settings.PORTAL_URL + reverse("proconnect_callback")

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Return who came back. Raises OAuth2Error for a token that is not signed, not ours, or of another visit."""
        claims = self._verified(app, kwargs["response"].get("id_token") or "")
        expected = request.session.pop(NONCE, "")
        if not expected or not constant_time_compare(expected, str(claims.get("nonce", ""))):
            raise OAuth2Error("the nonce is not that of this visit")
        person = self._person(app, token.token)
        if person.get("sub") != claims.get("sub"):
            raise OAuth2Error("userinfo is about somebody else")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": person})

    def _person(self, app: SocialApp, access_token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.profile_url, headers={"Authorization": f"Bearer {access_token}"})
        answer.raise_for_status()
        if answer.headers.get("Content-Type", "").partition(";")[0].strip() == SIGNED:
            return self._verified(app, answer.text)
        return answer.json()

    def _verified(self, app: SocialApp, credential: str) -> dict[str, Any]:
        try:
            return jwtkit.verify_and_decode(
                credential=credential,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except KeyError as missing:
            raise OAuth2Error(f"the token does not name {missing}") from missing


class ProConnect(OpenIDConnectProvider):
    """The button of the sign-in page."""

    id = PROCONNECT
    name = "ProConnect"
    oauth2_adapter_class = ProConnectExchange
    pkce_enabled_default = True

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("proconnect_login")

    def get_callback_url(self) -> str:
        return reverse("proconnect_callback")

    def get_default_scope(self) -> list[str]:
        return ["openid", "given_name", "usual_name", "email"]

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Add the nonce that ties the answer to this visit, kept in the session."""
        request.session[NONCE] = secrets.token_urlsafe(32)
        return super().get_auth_params_from_request(request, action) | {"nonce": request.session[NONCE]}

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep nothing of what ProConnect tells but the identifier, which has its own column."""
        return {}


provider_classes = [ProConnect]
