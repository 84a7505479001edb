"""The key that signs credentials: Ed25519, from a file that the settings name; outside production, a development key."""

import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.conf import settings

from e2c_portal.documents.sealing.development import development_credential_key
from e2c_portal.documents.sealing.errors import SealNotConfigured
from e2c_portal.kernel.errors import PortalError

# Multicodec ed25519-pub, and the alphabet of base58btc (W3C, Controlled Identifiers 1.0, Multikey).
ED25519_PUB = b"\xed\x01"
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class CredentialsNotConfigured(PortalError):
    """The portal has no key to sign credentials with."""

    code = "credentials_not_configured"


@dataclass(frozen=True, slots=True)
class CredentialKey:
    """A private key and its public half, written as others read it."""

    private: Ed25519PrivateKey = field(repr=False)
    multibase: str

    def sign(self, data: bytes) -> bytes:
        """Return the 64 bytes of the signature. The same data always gives the same bytes (RFC 8032)."""
        return self.private.sign(data)


def credential_key() -> CredentialKey:
    """Return the key of the portal. Raises CredentialsNotConfigured naming what to do."""
    named = settings.CREDENTIAL_KEY
    if named:
        return _opened(Path(named), settings.CREDENTIAL_KEY_PASSPHRASE)
    if settings.PORTAL_PRODUCTION:
        raise CredentialsNotConfigured(
            "CREDENTIAL_KEY manque : le portail n’a pas de clé pour signer les fichiers d’attestation."
        )
    try:
        return _opened(*development_credential_key(Path(settings.VAR_DIR) / "keys"))
    except SealNotConfigured as error:
        raise CredentialsNotConfigured(error.message) from error


def public_keys() -> list[str]:
    """Return the public keys that vouch for credentials, the present one first, those of the past after it."""
    former = [item for item in settings.CREDENTIAL_FORMER_KEYS.split(os.pathsep) if item]
    return [credential_key().multibase, *(_public(Path(item)) for item in former)]


@lru_cache(maxsize=4)
def _opened(path: Path, passphrase: str) -> CredentialKey:
    try:
        private = load_pem_private_key(path.read_bytes(), passphrase.encode() or None)
    except (OSError, ValueError, TypeError) as error:
        raise CredentialsNotConfigured(
            f"CREDENTIAL_KEY : le fichier « {path} » ne s’ouvre pas. Vérifiez-le, ainsi que CREDENTIAL_KEY_PASSPHRASE."
        ) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise CredentialsNotConfigured("CREDENTIAL_KEY : la clé doit être de type Ed25519.")
    return CredentialKey(private, multibase(private.public_key()))


@lru_cache(maxsize=16)
def _public(path: Path) -> str:
    try:
        public = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise CredentialsNotConfigured(f"CREDENTIAL_FORMER_KEYS : le fichier « {path} » ne s’ouvre pas.") from error
    if not isinstance(public, Ed25519PublicKey):
        raise CredentialsNotConfigured("CREDENTIAL_FORMER_KEYS : les clés doivent être de type Ed25519.")
    return multibase(public)


def multibase(public: Ed25519PublicKey) -> str:
    """Return a public key as a Multikey: z6Mk…"""
    return f"z{base58(ED25519_PUB + public.public_bytes_raw())}"


def base58(data: bytes) -> str:
    """Return bytes in base58btc."""
    number, written = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        written = ALPHABET[rest] + written
    return ALPHABET[0] * (len(data) - len(data.lstrip(b"\0"))) + written
