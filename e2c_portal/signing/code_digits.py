"""The digits of one-time codes: six, from the system's cryptographic source.

The database holds a keyed fingerprint: without the portal's secret key a dump gives no code away.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from e2c_portal.kernel.clock import agreed_now
from e2c_portal.kernel.errors import Refused
from e2c_portal.signing.models import Code

DIGITS = 6
LIFE = timedelta(minutes=10)


@transaction.atomic
def make_code(code_id: int) -> str:
    """Make the digits of a code that is about to leave, and return them: they are stored nowhere.

    A message tried again carries new digits: the last one counts. Raises Refused when the code is void or used.
    """
    code = Code.objects.select_for_update().get(pk=code_id)
    if code.voided_at or code.used_at:
        raise Refused("Un code plus récent a été demandé.", code="code_void")
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    code.salt, code.sent_at = secrets.token_hex(32), agreed_now()
    code.expires_at = code.sent_at + LIFE
    code.fingerprint = fingerprint(code.salt, digits)
    code.save(update_fields=["salt", "fingerprint", "sent_at", "expires_at"])
    return digits


def fingerprint(salt: str, digits: str) -> str:
    """Return what is stored of a code: nobody finds it back without the portal's secret key."""
    return hmac.new(settings.SECRET_KEY.encode(), f"signing.code:{salt}:{digits}".encode(), hashlib.sha256).hexdigest()
