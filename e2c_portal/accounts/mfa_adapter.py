"""How second factors are kept and named: secrets encrypted in the database, keys tied to the portal's own address."""

import base64
import hashlib
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

PORTAL_NAME = "Portail E2C"


class PortalMFAAdapter(DefaultMFAAdapter):
    """French words, and a copy of the database that gives nobody's second factor away."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Cette étape ne peut pas être retirée pour l’instant.",
        "cannot_generate_recovery_codes": "Ajoutez d’abord une application ou une clé d’accès.",
        "incorrect_code": "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant et saisissez-le.",
        "unverified_email": "Votre adresse n’est pas vérifiée : demandez à la Région de vous inviter à nouveau.",
    }

    def encrypt(self, text: str) -> str:
        """Return the secret as the database keeps it."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret as it was. A key taken out of SECRET_KEY_FALLBACKS no longer opens anything."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return PORTAL_NAME

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Clé d’accès {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Tie the keys to the portal's own address, never to the one a request claims."""
        return {"id": urlsplit(settings.PORTAL_URL).hostname or "", "name": PORTAL_NAME}


def _box() -> MultiFernet:
    """Return what encrypts, made of the portal's keys: the present one writes, the former ones still read."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return hashlib.sha256(b"e2c_portal.accounts.mfa:" + key.encode()).digest()
