"""The second factor: who must show one, whether this session did, and what a session that did is worth.

A session remembers whom its factor was shown for. Nothing else opens the portal to people who read the whole network, and
only allauth's own signals write that mark: a code or a passkey accepted, or one set up a moment ago.
"""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from e2c_portal.accounts.models import User

SHOWN_FOR = "second_factor_shown_for"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_required(user: User) -> bool:
    """Say whether this person may only enter with two factors: all who read the whole network."""
    return user.reads_the_network


def is_set_up(user: User) -> bool:
    """Say whether this person has an application or a passkey; recovery codes alone are no factor."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def was_shown(request: HttpRequest) -> bool:
    """Say whether a second factor was shown in this session, for the very person it belongs to."""
    return request.session.get(SHOWN_FOR) == str(request.user.pk)


def note_shown(request: HttpRequest, user: User) -> None:
    """Remember that this session showed a factor of `user`. A session already open takes a new key: its rights grow."""
    request.session[SHOWN_FOR] = str(user.pk)
    if request.user.is_authenticated:
        former = request.session.session_key
        request.session.cycle_key()
        UserSession.objects.filter(session_key=former).update(session_key=request.session.session_key)


def forget_shown(request: HttpRequest) -> None:
    """Take the mark away: the last factor of this person is gone."""
    request.session.pop(SHOWN_FOR, None)
