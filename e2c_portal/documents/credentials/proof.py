"""Sign a credential inside its own JSON: Data Integrity, eddsa-rdfc-2022 (W3C Recommendation vc-di-eddsa).

What is signed is what the words mean (the canonical RDF of the document), so that a file that was only indented anew still
verifies. The contexts that give that meaning are ours, never fetched.
"""

import hashlib
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld

from e2c_portal.documents.credentials.issuer import method_of
from e2c_portal.documents.credentials.key import CredentialKey, base58
from e2c_portal.kernel.errors import PortalError

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FOLDER = Path(__file__).parent / "contexts"
FILES = {CREDENTIALS: "credentials-v2.json", OPEN_BADGES: "ob-v3p0-context-3.0.3.json"}


def secured(document: dict[str, Any], did: str, key: CredentialKey, at: datetime) -> dict[str, Any]:
    """Return the document with its proof, made in the name of an issuer. The same values give the same signature.

    Raises PortalError for a document that is not JSON-LD of our contexts.
    """
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": moment(at),
        "verificationMethod": method_of(did, key.multibase),
        "proofPurpose": "assertionMethod",
    }
    hashed = _hash({"@context": document["@context"], **options}) + _hash(document)
    return {**document, "proof": {**options, "proofValue": f"z{base58(key.sign(hashed))}"}}


def moment(at: datetime) -> str:
    """Return a moment as credentials write it: 2026-11-27T10:00:00Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _hash(document: dict[str, Any]) -> bytes:
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _loaded}
    try:
        canonical = jsonld.normalize(document, options)
    except jsonld.JsonLdError as error:
        raise PortalError(
            "Ce fichier ne peut pas être signé : un de ses mots n’est pas connu.", code="not_json_ld"
        ) from error
    return hashlib.sha256(canonical.encode()).digest()


def _loaded(url: str, options: dict[str, Any]) -> dict[str, Any]:
    if url not in FILES:
        raise PortalError(f"Le contexte « {url} » n’est pas parmi ceux du portail.", code="unknown_context")
    return {"contextUrl": None, "documentUrl": url, "document": _context(url), "contentType": "application/ld+json"}


@cache
def _context(url: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / FILES[url]).read_text(encoding="utf-8"))
    return document
