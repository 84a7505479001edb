"""An authentication application, as the tests hold one in their hand."""

import time

from allauth.mfa.totp.internal import auth

from e2c_portal.accounts.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(secret: str = SECRET) -> str:
    """Return what the application shows now."""
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30))


def with_application(user: User, secret: str = SECRET) -> User:
    """Give somebody an application already set up."""
    auth.TOTP.activate(user, secret)
    return user
