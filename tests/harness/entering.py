"""Entering without the pages of sign-in, which have tests and a journey of their own.

`Client.force_login` stands for somebody who has just signed in for real: with the second factor of their role, a moment ago.
The marks are those that the sign-in itself leaves in the session; nothing in the portal knows of the tests.
"""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from e2c_portal.accounts.models import User
from e2c_portal.accounts.second_factor import SHOWN_FOR

WHOSE = f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"
_without_factor = Client.force_login


def enter_by_password_alone(client: Client, user: User) -> None:
    """Sign somebody in as a password alone would: no second factor, and nothing proved lately."""
    _without_factor(client, user)


def _enter(client: Client, user: User, backend: str | None = None) -> None:
    _without_factor(client, user, backend)
    session: Any = client.session
    session[SHOWN_FOR] = str(user.pk)
    session[WHOSE] = str(user.pk)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "reauthenticated": True}]
    session.save()


@pytest.fixture(scope="session", autouse=True)
def entering_with_both_factors() -> Iterator[None]:
    """Make every test that signs somebody in directly do it as the portal wants it done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "force_login", _enter)
        yield
