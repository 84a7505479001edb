"""What the portal does when allauth says that somebody came in, or that a factor was shown, added or removed."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset, authenticator_used
from django.http import HttpRequest

from e2c_portal.accounts import second_factor, sessions
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record

ADDED = {
    Authenticator.Type.TOTP: "Application d’authentification ajoutée",
    Authenticator.Type.WEBAUTHN: "Clé d’accès ajoutée",
    Authenticator.Type.RECOVERY_CODES: "Codes de secours créés",
}
REMOVED = {
    Authenticator.Type.TOTP: "Application d’authentification retirée",
    Authenticator.Type.WEBAUTHN: "Clé d’accès retirée",
    Authenticator.Type.RECOVERY_CODES: "Codes de secours retirés",
}


def _came_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Somebody sent at once to set up a first factor has just proved who they are: they are not asked twice."""
    if second_factor.is_required(user) and not second_factor.is_set_up(user):
        record_authentication(request, user, "sign_in", reauthenticated=True)


def _factor_shown(request: HttpRequest, user: User, **kwargs: Any) -> None:
    second_factor.note_shown(request, user)


def _factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    record(user, "account.factor_added", user, ADDED[Authenticator.Type(authenticator.type)])
    if authenticator.type in second_factor.FACTORS:
        # The other sessions were opened with less than what is asked from now on.
        if not second_factor.was_shown(request):
            sessions.end_other_sessions(user, request.session.session_key)
        second_factor.note_shown(request, user)


def _factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    record(user, "account.factor_removed", user, REMOVED[Authenticator.Type(authenticator.type)])
    if not second_factor.is_set_up(user):
        second_factor.forget_shown(request)
        sessions.end_other_sessions(user, request.session.session_key)


def _codes_renewed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    record(user, "account.factor_added", user, "Codes de secours renouvelés")


def connect() -> None:
    """Listen to allauth, once the apps are loaded."""
    user_logged_in.connect(_came_in, dispatch_uid="accounts.came_in")
    authenticator_used.connect(_factor_shown, dispatch_uid="accounts.factor_shown")
    authenticator_added.connect(_factor_added, dispatch_uid="accounts.factor_added")
    authenticator_removed.connect(_factor_removed, dispatch_uid="accounts.factor_removed")
    authenticator_reset.connect(_codes_renewed, dispatch_uid="accounts.codes_renewed")
