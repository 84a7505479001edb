"""Who signs, as a web address that publishes its keys (did:web): whoever trusts the portal's name trusts its credentials."""

from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


def issuer_did(path: str) -> str:
    """Return the identifier of an issuer whose keys stand at `<path>did.json` of the portal, a path as /ecoles/7/.

    did:web reads its document over HTTPS alone: on a demonstration without it, the identifier only names.
    """
    parts = [quote(part, safe="") for part in path.strip("/").split("/")]
    return ":".join(["did:web", quote(urlsplit(settings.PORTAL_URL).netloc, safe=""), *parts])


def method_of(did: str, key: str) -> str:
    """Return the address of one key of an issuer: the key itself names it, so that another key never takes its place."""
    return f"{did}#{key}"


def did_document(did: str, keys: list[str]) -> dict[str, Any]:
    """Return what is published at the address of an issuer: its keys, the present one first (W3C, DID 1.0)."""
    methods = [
        {"id": method_of(did, key), "type": "Multikey", "controller": did, "publicKeyMultibase": key} for key in keys
    ]
    return {
        "@context": CONTEXTS,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
