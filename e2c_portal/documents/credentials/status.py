"""Say that a credential is worth nothing any more: one bit of a signed list (W3C, Bitstring Status List 1.0).

Whoever verifies reads the whole list: the portal never learns whose credential is being verified.
"""

import base64
import gzip
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from e2c_portal.documents.credentials.issuer import method_of
from e2c_portal.documents.credentials.key import CredentialKey
from e2c_portal.documents.credentials.proof import CREDENTIALS, moment

# The least that the recommendation asks for, so that a list never tells of one person alone.
LIST_LENGTH = 131_072
# A copy of a list older than that is refused by whoever verifies: an old one cannot hide a revocation.
LIST_LIFE = timedelta(hours=24)
ENDED = "revocation"


def status_entry(list_url: str, index: int) -> dict[str, str]:
    """Return where a credential says that its end is told."""
    return {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": ENDED,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }


def signed_status_list(list_url: str, did: str, ended: Iterable[int], key: CredentialKey, now: datetime) -> str:
    """Return the list as a signed credential (VC-JWT, EdDSA): the bits of `ended` are set."""
    until = now + LIST_LIFE
    claims = {
        "@context": [CREDENTIALS],
        "id": list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": moment(now),
        "validUntil": moment(until),
        "credentialSubject": {
            "id": f"{list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": ENDED,
            "encodedList": _encoded(ended),
        },
        "iss": did,
        "jti": list_url,
        "nbf": int(now.timestamp()),
        "exp": int(until.timestamp()),
    }
    return _jws({"alg": "EdDSA", "typ": "vc+jwt", "kid": method_of(did, key.multibase)}, claims, key)


def _encoded(ended: Iterable[int]) -> str:
    bits = bytearray(LIST_LENGTH // 8)
    for index in ended:
        bits[index // 8] |= 0x80 >> (index % 8)
    # No date inside: the same bits give the same text.
    return f"u{_base64(gzip.compress(bytes(bits), mtime=0))}"


def _jws(header: dict[str, Any], claims: dict[str, Any], key: CredentialKey) -> str:
    signed = f"{_base64(_json(header))}.{_base64(_json(claims))}"
    return f"{signed}.{_base64(key.sign(signed.encode()))}"


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
