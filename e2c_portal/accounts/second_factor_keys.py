"""Write the secrets of second factors again under today's key, so that a former key may be taken out of the settings."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction

ONE, SEVERAL = ("secret", "seed"), ("migrated_codes",)


def renew() -> tuple[int, int]:
    """Encrypt every secret again. Returns how many were, and how many no key opens: those people set theirs up anew.

    Each row is locked while it is written; running it twice does no harm.
    """
    renewed = lost = 0
    ids = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk").values_list("pk", flat=True)
    for pk in ids.iterator():
        done = _renew_one(pk)
        renewed += done is True
        lost += done is False
    return renewed, lost


@transaction.atomic
def _renew_one(pk: int) -> bool | None:
    held = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if held is None:
        return None
    try:
        held.data = _again(held.data)
    except Exception:  # whatever a key that no longer opens raises
        return False
    held.save(update_fields=["data"])
    return True


def _again(data: dict[str, Any]) -> dict[str, Any]:
    box = get_adapter()
    one = {name: box.encrypt(box.decrypt(data[name])) for name in ONE if name in data}
    several = {name: [box.encrypt(box.decrypt(code)) for code in data[name]] for name in SEVERAL if name in data}
    return {**data, **one, **several}
